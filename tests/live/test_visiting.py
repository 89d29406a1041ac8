"""Where a visitor is, and whether they are here: agents who look at their conversation see it, nobody else does."""

import asyncio
from typing import Any

import pytest
from tests.chat.story import ANA, NOON, VISITOR
from tests.live.doing import FOLLOW
from tests.live.world import Client, World

from havana.bus import VisitorHere, VisitorWanted, visitor_topic
from havana.chat.visiting import Detail
from havana.live import visiting

SAID = {
    "page": {"path": "/prices?email=vera@example.com#all", "title": "Prices"},
    "referrer": "https://search.example/find?q=welding",
    "language": "en-GB",
    "zone": "Europe/Berlin",
}
SHOWN = {
    "page": {"path": "/prices", "title": "Prices"},
    "referrer": "https://search.example/find",
    "language": "en-GB",
    "zone": "Europe/Berlin",
    "device": "Chrome on Android",
    "since": "2026-01-01T12:00:00Z",
    "seen_at": "2026-01-01T12:00:00Z",
}


@pytest.fixture
def known(world: World) -> World:
    world.has()
    world.visits.known, world.device = True, "Chrome on Android"
    world.hub.visiting.store_s = world.hub.visiting.gone_after_s = 0.0
    return world


@pytest.fixture
async def ana(known: World) -> Client:
    return await known.greeted("ana", FOLLOW)


def push(*, here: bool, context: dict[str, Any] | None = None, details: Any = ()) -> dict[str, Any]:
    told = {"push": "context", "conversation": "c1", "visitor": VISITOR.id}
    return told | {"here": here, "context": context, "details": list(details)}


async def sees(client: Client, expected: dict[str, Any]) -> None:
    await client.gets(lambda frame: frame == expected)


async def test_an_agent_sees_where_the_visitor_is_without_what_follows_a_question_mark(known: World, ana: Client):
    visitor = await known.greeted("visitor", FOLLOW)
    await visitor.asks("describe", **SAID)

    await sees(ana, push(here=True, context=SHOWN))


async def test_each_page_is_told_and_the_same_one_is_stored_once(known: World, ana: Client):
    visitor = await known.greeted("visitor")
    for path in ("/prices", "/prices", "/order"):
        await visitor.asks("describe", **SAID | {"page": {"path": path}})
        await sees(ana, push(here=True, context=SHOWN | {"page": {"path": path, "title": ""}}))

    assert [said.page and said.page.path for said in known.visits.said] == ["/prices", "/order"]


async def test_of_somebody_who_has_not_written_it_is_stored_with_their_first_words(known: World):
    known.stories.clear()
    visitor = await known.greeted("visitor")
    await visitor.asks("describe", **SAID)
    await visitor.asks("post", text="Hello", key="key-0001")
    ana = await known.greeted("ana", FOLLOW)

    await sees(ana, push(here=True, context=SHOWN))


async def test_who_has_left_is_not_here_any_more(known: World, ana: Client):
    visitor = await known.greeted("visitor")
    await visitor.asks("describe", **SAID)
    await sees(ana, push(here=True, context=SHOWN))
    visitor.hangs_up()

    await sees(ana, push(here=False, context=SHOWN | {"seen_at": "2026-01-01T12:01:00Z"}))


async def test_whoever_goes_to_the_next_page_has_not_left(known: World, ana: Client):
    known.hub.visiting.gone_after_s = 60.0
    visitor = await known.greeted("visitor")
    await visitor.asks("describe", **SAID)
    await sees(ana, push(here=True, context=SHOWN))
    before = len(ana.pushes("context"))
    visitor.hangs_up()
    visitor = await known.greeted("visitor")
    await visitor.asks("describe", **SAID)
    await ana.asks("history", **FOLLOW, before=5)

    assert ana.pushes("context")[before:] == []


async def test_somebody_of_whom_nothing_is_told_is_here_all_the_same(known: World, ana: Client):
    await known.greeted("visitor")
    known.bus.publish(visitor_topic(VISITOR.id), VisitorWanted(VISITOR.id))

    await sees(ana, push(here=True))


async def test_what_a_colleague_writes_down_is_shown_at_once(known: World, ana: Client):
    await sees(ana, push(here=False))
    known.visits.details = (Detail("name", "Ada", "v1", NOON, ANA.name),)
    known.visits.changes(VISITOR.id)
    wire = {"field": "name", "value": "Ada", "version": "v1", "updated_at": "2026-01-01T12:00:00Z", "by": "Ana"}

    await sees(ana, push(here=False, details=[wire]))


async def test_a_node_that_died_with_the_visitor_is_forgotten(known: World, ana: Client, monkeypatch):
    monkeypatch.setattr(visiting, "LEASE_S", 0.0)
    await sees(ana, push(here=False))
    known.bus.publish(visitor_topic(VISITOR.id), VisitorHere(VISITOR.id, "another node", here=True))
    await sees(ana, push(here=True))
    known.hub.visiting._ask()

    assert ana.pushes("context")[-1] == push(here=False)


async def test_visitors_and_agents_elsewhere_are_told_nothing(known: World, ana: Client):
    ben = await known.greeted("ben")
    visitor = await known.greeted("visitor", FOLLOW)
    stranger = await known.greeted("stranger")
    await visitor.asks("describe", **SAID)
    await sees(ana, push(here=True, context=SHOWN))
    visitor.connection.ping()
    await asyncio.sleep(0)

    assert [client.pushes("context") for client in (ben, visitor, stranger)] == [[], [], []]


async def test_an_agent_has_no_page_to_tell_of(ana: Client):
    assert (await ana.asks("describe", **SAID))["error"]["code"] == "forbidden"


async def test_a_visitor_who_tells_too_much_is_refused(known: World):
    visitor = await known.greeted("visitor")
    known.patience = 0

    assert (await visitor.asks("describe", **SAID))["error"]["code"] == "rate"
    assert known.visits.said == []


async def test_who_stops_following_is_forgotten(known: World, ana: Client):
    await sees(ana, push(here=False))
    await ana.asks("unfollow", **FOLLOW)

    assert known.bus._handlers.keys() == {"people", "inbox"}
