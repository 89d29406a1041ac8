"""Limits that several nodes count together."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import redis
from structlog.testing import capture_logs
from tests.bus.hearing import until
from tests.redis_server import Server

from havana.accounts.limits import Limit, Limiter, Limits
from havana.bus.redis_connection import Pace
from havana.bus.redis_limits import RedisLimits
from havana.chat.errors import RateLimited
from havana.ids import new_id

QUICK = Pace(answer_s=5, shortest_pause_s=0.01, longest_pause_s=0.05, gather_s=0.01)
TEN = Limit(10, 600)
ANA = "ana@example.com"


class Clock:
    """Stands still, so that nothing recovers while a slow machine is at it."""

    def __call__(self) -> float:
        return 1_000.0


class Node:
    def __init__(self, server: Server, installation: str) -> None:
        self.shared = RedisLimits(server.url, installation=installation, pace=QUICK)
        self.tries = Limiter(TEN, Clock(), "tries", self.shared)

    def counted(self, key: str = ANA) -> float:
        """How often, by what this node knows. A little is forgotten meanwhile, by Redis' clock."""
        return self.tries.ahead(key) / 60

    async def learns(self, times: int, key: str = ANA) -> None:
        """That it was counted so often on all nodes, by asking."""

        def knows() -> bool:
            self.shared.add("tries:600", key, 0)
            return times - 1 < self.counted(key) <= times

        await until(knows)


Join = Callable[..., Awaitable[tuple[Node, Node]]]


@pytest.fixture
async def join() -> AsyncIterator[Join]:
    """Two nodes of an installation."""
    nodes: list[Node] = []

    async def made(server: Server) -> tuple[Node, Node]:
        installation = new_id()
        here, there = Node(server, installation), Node(server, installation)
        for node in (here, there):
            nodes.append(node)
            await node.shared.start()
        return here, there

    yield made
    for node in nodes:
        await node.shared.close()


async def test_what_one_node_counted_is_counted_on_all(redis_server: Server, join: Join) -> None:
    here, there = await join(redis_server)
    for _ in range(9):
        here.tries.count(ANA)

    await there.learns(9)
    assert there.tries.wait(ANA) == 0
    there.tries.count(ANA)
    assert there.tries.wait(ANA) > 0
    await here.learns(10)
    assert there.tries.wait("ben") == 0


async def test_an_answer_does_not_undo_what_was_counted_since(own_server: Server) -> None:
    shared, answers = RedisLimits(own_server.url, installation="i", pace=QUICK), []
    shared.join("tries", 600, lambda key: 0.0, lambda key, ahead: answers.append(ahead))
    await shared.start()
    shared.add("tries", ANA, 60)
    await until(lambda: answers == [60])

    with redis.Redis.from_url(own_server.url) as client:
        client.client_pause(60_000, all=False)
        shared.add("tries", ANA, 60)
        await until(lambda: not shared._changes)
        shared.add("tries", ANA, 60)
        client.client_unpause()
    await until(lambda: len(answers) == 3)
    await shared.close()

    assert 179 < answers[1] <= 180


async def test_what_both_let_through_at_once_is_paid_back(redis_server: Server, join: Join) -> None:
    here, there = await join(redis_server)
    for _ in range(10):
        here.tries.count(ANA)
        there.tries.count(ANA)

    await here.learns(20)
    await there.learns(20)


async def test_what_is_taken_back_or_forgotten_on_one_node_is_so_on_all(redis_server: Server, join: Join) -> None:
    here, there = await join(redis_server)
    for _ in range(10):
        here.tries.count(ANA)
        here.tries.count("ben")
    await there.learns(10)
    await there.learns(10, "ben")

    here.tries.forget(ANA)
    for _ in range(3):
        here.tries.take_back("ben")

    # Whoever is refused there asks, and so they learn of it.
    await until(lambda: there.tries.wait(ANA) == 0 and there.counted() == 0)
    await until(lambda: there.tries.wait("ben") == 0 and 6 < there.counted("ben") <= 7)


async def test_keys_live_for_a_while_and_name_nobody(redis_server: Server) -> None:
    installation = new_id()
    shared = RedisLimits(redis_server.url, installation=installation, pace=QUICK)
    await shared.start()
    Limits(together=shared).check_sign_in("192.0.2.7", ANA)

    with redis.Redis.from_url(redis_server.url, decode_responses=True) as client:
        await until(lambda: len(client.keys(f"{installation}:*")) == 2)
        lives = {key: client.pttl(key) for key in client.keys(f"{installation}:*")}
    await shared.close()

    # As long as it takes until nothing is left of one try.
    assert all(0 < life <= 60_000 for life in lives.values())
    assert not [key for key in lives if "ana" in key or "192.0" in key]


async def test_what_was_taken_back_leaves_no_key(redis_server: Server, join: Join) -> None:
    here, there = await join(redis_server)
    with redis.Redis.from_url(redis_server.url) as client:
        before = client.dbsize()
        here.tries.count("leaves")
        await there.learns(1, "leaves")
        assert client.dbsize() == before + 1

        here.tries.take_back("leaves")

        await until(lambda: client.dbsize() == before)


async def test_while_redis_is_away_each_node_is_by_itself_and_later_all_know_of_it(
    own_server: Server, join: Join
) -> None:
    here, there = await join(own_server)
    here.tries.count("before")
    await there.learns(1, "before")

    with capture_logs() as logs:
        own_server.kill()
        for _ in range(10):
            here.tries.count(ANA)
        there.tries.count("other")
        await until(lambda: len(logs) == 2)
        assert here.tries.wait(ANA) > 0
        assert there.tries.wait(ANA) == 0
        own_server.start()
        await there.learns(10)

    said = [entry["event"] for entry in logs]
    assert said[:2] == 2 * ["limits are counted by each node alone"]
    assert set(said[2:]) == {"limits are counted together again"}
    assert "only-for-us" not in str(logs)


async def test_a_server_that_has_forgotten_the_script_learns_it_again(redis_server: Server, join: Join) -> None:
    here, there = await join(redis_server)
    here.tries.count(ANA)
    await there.learns(1)
    with redis.Redis.from_url(redis_server.url) as client:
        client.script_flush()

    with capture_logs():
        here.tries.count(ANA)
        await there.learns(2)


async def test_before_the_start_and_after_the_end_a_node_is_by_itself(redis_server: Server) -> None:
    shared = RedisLimits(redis_server.url, installation=new_id(), pace=QUICK)
    guard = Limits(together=shared, clock=Clock())
    for _ in range(30):
        guard.check_post("ana")
    await shared.start()
    await shared.close()
    for _ in range(30):
        guard.check_post("ana")

    with pytest.raises(RateLimited):
        guard.check_post("ana")
