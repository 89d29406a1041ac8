"""What only a bus between machines has to stand."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest
import redis
from structlog.testing import capture_logs
from tests.bus.hearing import APPENDED, TALK, Ear, until, word
from tests.line import line_to
from tests.ports import free_port
from tests.redis_server import Server

from havana.bus import INBOX, Appended, conversation_topic
from havana.bus.redis import SHARDS, RedisBus
from havana.bus.redis_connection import Pace
from havana.chat import events as e
from havana.ids import new_id

QUICK = Pace(answer_s=5, ping_s=0.05, shortest_pause_s=0.01, longest_pause_s=0.05, known_s=0)
"""Nobody in a test looks now and then: a loss is known when it is seen."""
Open = Callable[..., RedisBus]


@pytest.fixture
async def open_bus() -> AsyncIterator[Open]:
    """A bus by its address and its node, of one installation unless another is named."""
    buses: list[RedisBus] = []

    def made(url: str, node: str, **given: Any) -> RedisBus:
        bus = RedisBus(url, **({"installation": installation, "node": node, "pace": QUICK} | given))
        buses.append(bus)
        return bus

    installation = new_id()
    yield made
    for bus in buses:
        await bus.close()


async def started(*buses: RedisBus) -> None:
    for bus in buses:
        await bus.start()
    await until(lambda: all(bus.is_whole for bus in buses))


@contextmanager
def overheard(server: Server, installation: str) -> Iterator[Callable[[], list[Any]]]:
    """All that passes, as somebody hears it who is no node."""
    with redis.Redis.from_url(server.url) as client, client.pubsub() as everything:
        everything.psubscribe(f"{installation}:*")
        everything.get_message(timeout=30)

        def heard() -> list[Any]:
            envelopes = []
            while (message := everything.get_message(timeout=0)) is not None:
                envelopes.append(msgspec.msgpack.decode(message["data"]))
            return [envelope for envelope in envelopes if envelope[2]]

        yield heard


async def test_two_installations_on_one_server_do_not_hear_each_other(redis_server: Server, open_bus: Open) -> None:
    here, there = open_bus(redis_server.url, "a"), open_bus(redis_server.url, "b")
    stranger = open_bus(redis_server.url, "c", installation=new_id())
    await started(here, there, stranger)
    ear, strange = Ear(there), Ear(stranger)

    here.publish(TALK, word(0))
    await ear.hears(1)
    stranger.publish(TALK, word(1))

    assert strange.heard == [word(1)]


async def test_what_is_said_on_two_topics_travels_once(redis_server: Server, open_bus: Open) -> None:
    installation = new_id()
    here = open_bus(redis_server.url, "a", installation=installation)
    there = open_bus(redis_server.url, "b", installation=installation)
    await started(here, there)
    ear = Ear(there, INBOX)

    with overheard(redis_server, installation) as heard:
        here.publish(TALK, APPENDED)
        here.publish(INBOX, APPENDED)
        await ear.hears(1)

        assert [envelope[2] for envelope in heard()] == [[TALK, INBOX]]


async def test_topics_are_spread_over_all_shards(redis_server: Server, open_bus: Open) -> None:
    here, there = open_bus(redis_server.url, "a"), open_bus(redis_server.url, "b")
    await started(here, there)
    ears = [Ear(there, conversation_topic(str(number))) for number in range(20 * SHARDS)]

    for number in range(20 * SHARDS):
        here.publish(conversation_topic(str(number)), word(number))

    for number, ear in enumerate(ears):
        assert await ear.hears(1) == [word(number)]


async def test_when_the_server_was_killed_all_goes_on_by_itself(own_server: Server, open_bus: Open) -> None:
    here, there = open_bus(own_server.url, "a"), open_bus(own_server.url, "b")
    await started(here, there)
    own, ear = Ear(here), Ear(there)

    with capture_logs() as logs:
        own_server.kill()
        await until(lambda: not here.is_whole and not there.is_whole)
        here.publish(TALK, word(0))
        own_server.start()
        await until(lambda: here.is_whole and there.is_whole)
        here.publish(TALK, word(1))

        # What was said while it was away does not come late.
        assert await ear.hears(1) == [word(1)]

    assert own.heard == [word(0), word(1)]
    said = [entry["event"] for entry in logs]
    assert sorted(said) == ["redis is back", "redis is back", "redis is gone", "redis is gone"]


async def test_a_node_starts_while_redis_is_away_and_meets_the_others_later(own_server: Server, open_bus: Open) -> None:
    own_server.kill()
    here, there = open_bus(own_server.url, "a"), open_bus(own_server.url, "b")
    await here.start()
    await there.start()
    ear = Ear(there)

    assert not here.is_whole
    own_server.start()
    await until(lambda: here.is_whole and there.is_whole)
    here.publish(TALK, word(0))
    assert await ear.hears(1) == [word(0)]


async def test_for_a_while_after_a_loss_the_bus_says_so(own_server: Server, open_bus: Open) -> None:
    clock = Clock()
    here = open_bus(own_server.url, "a", pace=msgspec.structs.replace(QUICK, known_s=5), clock=clock)
    await started(here)
    with capture_logs() as logs:
        own_server.kill()
        own_server.start()
        await until(lambda: any(entry["event"] == "redis is back" for entry in logs))

    assert not here.is_whole
    clock.now += 5
    assert here.is_whole


async def test_a_line_that_is_silently_dead_is_noticed_and_replaced(redis_server: Server, open_bus: Open) -> None:
    with line_to(redis_server.url) as (line, url):
        here = open_bus(url, "a", pace=msgspec.structs.replace(QUICK, answer_s=0.3))
        there = open_bus(redis_server.url, "b")
        await started(here, there)
        ear = Ear(here)

        await asyncio.to_thread(line.freeze)
        await until(lambda: not here.is_whole)
        await asyncio.to_thread(line.thaw)
        await until(lambda: here.is_whole and there.is_whole)
        there.publish(TALK, word(0))

        assert await ear.hears(1) == [word(0)]
        await here.close()


async def test_a_node_that_alone_is_cut_off_is_missed_by_the_others(redis_server: Server, open_bus: Open) -> None:
    clock = Clock()
    with line_to(redis_server.url) as (line, url):
        here = open_bus(url, "a")
        there = open_bus(redis_server.url, "b", clock=clock)
        await started(here, there)
        ear = Ear(there)
        here.publish(TALK, word(0))
        await ear.hears(1)

        await asyncio.to_thread(line.cut)
        await until(lambda: not here.is_whole)
        clock.now += 5
        assert not there.is_whole

        await asyncio.to_thread(line.open)
        await until(lambda: here.is_whole and there.is_whole)
        await here.close()


async def test_garbage_harms_nobody_and_is_logged_once_of_each_kind(redis_server: Server, open_bus: Open) -> None:
    installation = new_id()
    here = open_bus(redis_server.url, "a", installation=installation)
    there = open_bus(redis_server.url, "b", installation=installation)
    await started(here, there)
    ear = Ear(there)
    pack = msgspec.msgpack.encode
    garbage = [
        b"",
        b"\xff\x00 not ours",
        b"\xdd\xff\xff\xff\xff",
        b"\x91" * 100_000,
        pack({"node": "c"}),
        pack(["c", 1, [TALK], {"type": "FromAnotherRelease", "text": "new"}]),
        pack(["c", 2, [TALK], {"type": "Delta", "conversation": 7}]),
        pack(["c", 3, [TALK], [1, 2, 3]]),
    ]
    newer = {"type": "Delta", "conversation": "c1", "answer": "a1", "offset": 0, "text": "0 ", "mood": "new here"}

    with capture_logs() as logs, redis.Redis.from_url(redis_server.url) as client:
        for payload in garbage * 2:
            client.publish(f"{installation}:bus:0", payload)
        client.publish(f"{installation}:bus:0", pack(["c", 7, [TALK], newer, False, "a field of tomorrow"]))

        assert await ear.hears(1) == [word(0)]
        here.publish(TALK, word(1))
        assert await ear.hears(2) == [word(0), word(1)]

    # Both nodes looked at the envelopes, and the one where somebody listens into them.
    kinds = [entry["kind"] for entry in logs if "cannot be read" in entry["event"]]
    assert sorted(kinds) == ["", "Delta", "FromAnotherRelease", "envelope", "envelope"]


async def test_what_a_newer_release_has_appended_is_heard_at_once_as_far_as_it_is_known(
    redis_server: Server, open_bus: Open
) -> None:
    installation, pack = new_id(), msgspec.msgpack.encode
    here = open_bus(redis_server.url, "a", installation=installation)
    await started(here)
    ear = Ear(here)
    said = msgspec.msgpack.decode(pack(APPENDED))
    said["fold"]["weather"] = "rain"
    said["events"][0]["fact"] = {"kind": "message_translated", "text": "Bonjour"}
    said["events"][1]["fact"]["outcome"] = "redone"
    on_hold = {**said, "fold": {**said["fold"], "control": "on_hold"}}

    with capture_logs() as logs, redis.Redis.from_url(redis_server.url) as client:
        for number, message in enumerate((on_hold, said, msgspec.msgpack.decode(pack(word(0)))), 1):
            client.publish(f"{installation}:bus:0", pack(["c", number, [TALK], message]))
        appended, after = await ear.hears(2)

    known, redone = list(APPENDED.events), msgspec.structs.replace(APPENDED.events[1].fact, outcome="redone")
    known[0] = msgspec.structs.replace(known[0], fact=e.Unknown())
    known[1] = msgspec.structs.replace(known[1], fact=redone)
    assert appended == Appended(APPENDED.fold, tuple(known))
    assert after == word(0)
    # In a state that is not known, whoever follows it is shown what the log says at the next look into it.
    assert [entry["kind"] for entry in logs if "cannot be read" in entry["event"]] == ["Appended"]


async def test_when_there_is_no_room_the_oldest_goes_and_the_bus_is_not_whole(
    redis_server: Server, open_bus: Open
) -> None:
    clock, slow = Clock(), msgspec.structs.replace(QUICK, known_s=5)
    here = open_bus(redis_server.url, "a", most_waiting=3, pace=slow, clock=clock)
    there = open_bus(redis_server.url, "b", pace=slow, clock=clock)
    await started(here, there)
    ear = Ear(there)

    for number in range(5):
        here.publish(TALK, word(number))

    assert not here.is_whole
    assert await ear.hears(3) == [word(2), word(3), word(4)]
    clock.now += 5
    await until(lambda: here.is_whole)


async def test_who_hears_that_something_is_missing_is_not_whole(redis_server: Server, open_bus: Open) -> None:
    clock, slow = Clock(), msgspec.structs.replace(QUICK, known_s=5)
    here = open_bus(redis_server.url, "a", most_waiting=3, pace=slow, clock=clock)
    there = open_bus(redis_server.url, "b", pace=slow, clock=clock)
    await started(here, there)
    ear = Ear(there)
    here.publish(TALK, word(0))
    await ear.hears(1)
    assert there.is_whole

    for number in range(1, 6):
        here.publish(TALK, word(number))
    await ear.hears(4)

    assert not there.is_whole


async def test_at_the_end_what_waits_is_said(redis_server: Server, open_bus: Open) -> None:
    here, there = open_bus(redis_server.url, "a"), open_bus(redis_server.url, "b")
    await started(here, there)
    ear = Ear(there)

    for number in range(1200):
        here.publish(TALK, word(number))
    await here.close()

    assert await ear.hears(1200) == [word(number) for number in range(1200)]


async def test_a_message_that_cannot_be_sent_stops_nothing(redis_server: Server, open_bus: Open) -> None:
    here, there = open_bus(redis_server.url, "a"), open_bus(redis_server.url, "b")
    await started(here, there)
    ear = Ear(there)

    with capture_logs() as logs:
        here.publish(TALK, msgspec.structs.replace(word(0), text="\ud800"))
        here.publish(TALK, word(1))

        assert await ear.hears(1) == [word(1)]
    assert [entry["event"] for entry in logs] == ["bus message cannot be sent"]


async def test_no_log_holds_the_password(own_server: Server, open_bus: Open) -> None:
    wrong = own_server.url.replace("only-for-us", "a-wrong-one")
    nowhere = f"redis://:a-wrong-one@127.0.0.1:{free_port()}/0"
    with capture_logs() as logs:
        for url in (wrong, nowhere):
            await open_bus(url, "a").start()
        await until(lambda: len(logs) == 2)

    assert [entry["event"] for entry in logs] == 2 * ["redis is gone"]
    assert "a-wrong-one" not in str(logs)


@pytest.mark.parametrize("url", ["redis://:se/cret@127.0.0.1:6379", "redis://:secret@127.0.0.1/0?ssl=secret"])
def test_an_address_that_cannot_be_read_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(ValueError, match=r"^the address of Redis cannot be read$"):
        RedisBus(url, installation="i", node="n")


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now
