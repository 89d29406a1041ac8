"""Two servers on one database with a Redis between them: what happens on one shows on the other."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests import redis_server
from tests.pooler import pooler_to
from tests.stories.house import SITE, House, Person, a_house

from havana.live.closing import Close
from havana.storage import visitors
from havana.storage.tables import nodes

Pair = tuple[House, House]


async def open_both(stack: AsyncExitStack, folder: Path, database_url: str, redis_url: str) -> Pair:
    urls = {"database_url": database_url, "redis_url": redis_url}
    one = await stack.enter_async_context(a_house(folder / "one", **urls))
    two = await stack.enter_async_context(a_house(folder / "two", **urls))
    for house in (one, two):
        await becomes(house, "ok")
    return one, two


@pytest.fixture
async def pair(tmp_path: Path, postgres_url: str, redis_server: redis_server.Server) -> AsyncIterator[Pair]:
    async with AsyncExitStack() as stack:
        yield await open_both(stack, tmp_path, postgres_url, redis_server.url)


async def becomes(house: House, bus: str) -> None:
    async with asyncio.timeout(20):
        while (await house.http.get("/readyz")).json()["bus"] != bus:
            await asyncio.sleep(0.05)


async def is_known_to_be_here(house: House, agent: Person) -> None:
    """To all nodes: their row says so, and each has renewed its own since."""
    since: dict[str, int] | None = None
    async with asyncio.timeout(20):
        while True:
            rows = await house.database.read(lambda conn: conn.execute(sa.select(nodes)).all())
            renewed = {row.id: row.renewed for row in rows}
            if since is None and any(agent.welcome["you"]["id"] in row.agents for row in rows):
                since = renewed
            if since is not None and all(renewed[node] > since[node] for node in since):
                return
            await asyncio.sleep(0.05)


async def talks_to_a_person(visitor: Person, ana: Person) -> str:
    """The visitor asks for one; the agent, on another node, sees it and answers. Tells their conversation."""
    said = await visitor.post("Is anybody there?")
    chat: str = said["conversation"]
    await visitor.do("request_human", conversation=chat, key="a-person-1")
    words = await visitor.sees(lambda frame: frame.get("event", {}).get("author", {}).get("role") == "system")
    assert SITE.words.waiting == words["event"]["text"]
    await ana.sees(lambda frame: any(one["conversation"] == chat for one in frame.get("changed", ())))
    await ana.do("follow", conversation=chat)
    await ana.do("claim", conversation=chat)
    await visitor.sees_event("claimed")
    reply = await ana.post("I am Ana.", chat)
    assert (await visitor.sees_event("message_posted", text="I am Ana."))["seq"] <= reply["seq"]
    seqs = [event["seq"] for event in visitor.events(chat)]
    assert seqs == list(range(1, len(seqs) + 1))
    return chat


async def test_a_visitor_and_an_agent_on_two_nodes_talk_as_on_one(pair: Pair):
    one, two = pair
    visitor, ana = await one.visitor(), await two.agent("Ana")
    await is_known_to_be_here(two, ana)
    await ana.do("follow_inbox")

    await talks_to_a_person(visitor, ana)


async def test_without_redis_it_is_slower_and_nothing_is_wrong(tmp_path: Path, postgres_url: str):
    server = redis_server.Server()
    async with AsyncExitStack() as stack:
        stack.callback(server.kill)
        one, two = await open_both(stack, tmp_path, postgres_url, server.url)
        server.kill()
        for house in (one, two):
            await becomes(house, "away")
        visitor, ana = await one.visitor(), await two.agent("Ana")
        await is_known_to_be_here(two, ana)
        await ana.do("follow_inbox")
        chat = await talks_to_a_person(visitor, ana)
        await ana.do("read", conversation=chat, seq=1)
        await visitor.sees(lambda frame: frame.get("push") == "read" and frame["role"] == "agent")
        now, who = dt.datetime.now(dt.UTC), visitor.welcome["you"]["id"]
        await two.database.write(lambda conn: visitors.set_blocked(conn, who, now))
        await visitor.sees(lambda frame: frame.get("closed") == Close.BLOCKED)

        server.start()
        for house in (one, two):
            await becomes(house, "ok")
        victor = await two.visitor()
        await talks_to_a_person(victor, ana)


async def test_both_work_behind_a_pooler_that_keeps_no_session(
    tmp_path: Path, postgres_url: str, redis_server: redis_server.Server
):
    with pooler_to(postgres_url) as pooled:
        async with AsyncExitStack() as stack:
            one, two = await open_both(stack, tmp_path, pooled, redis_server.url)
            ana = await two.agent("Ana")
            await ana.do("follow_inbox")
            visitors = [await (one if number % 2 else two).visitor() for number in range(8)]
            posts = [visitor.post(f"Post {number}") for visitor in visitors for number in range(10)]
            await asyncio.gather(*posts)
            await is_known_to_be_here(two, ana)

            await talks_to_a_person(await one.visitor(), ana)
