"""What the bus lost is found, even if nothing ever happens after it."""

import datetime as dt

import pytest
from structlog.testing import capture_logs
from tests.chat.story import SITE, VISITOR, Story
from tests.live.doing import FOLLOW, claims, posts

from havana.bus import Read
from havana.bus.memory import MemoryBus
from havana.ids import first_id, new_id
from havana.live import sweep
from havana.live.closing import Close


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "SWEEP_S", 0.01)


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bus knows that it loses things."""
    monkeypatch.setattr(sweep, "SWEEP_DEAF_S", 0.01)
    monkeypatch.setattr(MemoryBus, "is_whole", False)


async def test_a_follower_gets_the_last_event_although_the_bus_lost_it(world):
    world.has()
    client = await world.greeted("visitor", FOLLOW)
    world.does(posts("Are you there?"), lost=True)

    push = await client.gets(lambda frame: frame.get("push") == "event")
    assert push["event"]["text"] == "Are you there?"


async def test_while_the_database_takes_nothing_it_looks_again_and_leaves_the_servers_log_alone(world):
    world.has()
    client = await world.greeted("visitor", FOLLOW)
    world.busy = 3
    with capture_logs() as logs:
        world.does(posts("Are you there?"), lost=True)
        push = await client.gets(lambda frame: frame.get("push") == "event")

    assert push["event"]["text"] == "Are you there?"
    assert (world.busy, logs) == (0, [])


async def test_an_inbox_shows_what_the_bus_lost(world):
    world.has()
    ana = await world.greeted("ana")
    await ana.asks("follow_inbox")
    world.does(claims, lost=True)

    push = await ana.gets(lambda frame: frame.get("push") == "inbox")
    assert [summary["state"]["control"] for summary in push["changed"]] == ["human"]


async def test_a_visitors_new_conversation_comes_to_the_tab_that_was_not_told_of_it(world):
    client = await world.greeted("visitor")
    world.stories["c1"] = Story(SITE)
    world.does(lambda chat: chat.post(VISITOR, "Hello", "key-0001"), lost=True)

    push = await client.gets(lambda frame: frame.get("push") == "event")
    assert push["event"]["text"] == "Hello"


async def test_what_was_heard_is_not_shown_again(world):
    world.has()
    ana = await world.greeted("ana", FOLLOW)
    await ana.asks("follow_inbox")
    world.does(posts("Are you there?"))
    await ana.gets(lambda frame: frame.get("push") == "inbox")
    sweeps = world.sweeps
    while world.sweeps < sweeps + 3:
        await ana.asks("history", conversation="c1", after=1)

    assert (ana.seqs(), len(ana.pushes("inbox"))) == ([2], 1)


async def test_a_session_that_ended_unheard_sees_no_more(world):
    ana, ben = await world.greeted("ana"), await world.greeted("ben")
    world.signed_out = {"session-ana"}

    assert await ana.is_closed() == (Close.BAD_TOKEN, "signed out")
    assert ben.connection.closing is None


async def test_who_has_another_role_unheard_comes_back_with_it(world):
    ana, ben = await world.greeted("ana"), await world.greeted("ben")
    world.bosses = {ana.connection.identity.who.id}

    assert await ana.is_closed() == (Close.TOKEN_EXPIRED, "the role has changed")
    assert ben.connection.closing is None


async def test_where_the_bus_is_known_to_have_lost_something_a_blocked_visitor_is_sent_away(world, deaf):
    client = await world.greeted("visitor")
    world.banned = {VISITOR.id}

    assert await client.is_closed() == (Close.BLOCKED, "")


async def test_where_the_bus_is_known_to_have_lost_something_a_mark_comes_late_and_once(world, deaf):
    world.has()
    client = await world.greeted("visitor", FOLLOW)
    world.read = [Read("c1", "agent", "", 1, 1)]

    push = await client.gets(lambda frame: frame.get("push") == "read")
    assert (push["role"], push["seq"]) == ("agent", 1)
    sweeps = world.sweeps
    while world.sweeps < sweeps + 3:
        await client.asks("history", conversation="c1", after=1)
    assert len(client.pushes("read")) == 1


async def test_while_the_bus_is_deaf_the_log_is_looked_into_more_often(world, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sweep, "SWEEP_S", 3600)
    monkeypatch.setattr(sweep, "SWEEP_DEAF_S", 0.01)
    world.has()
    client = await world.greeted("visitor", FOLLOW)
    world.does(posts("Are you there?"), lost=True)
    world.bus.is_whole = False

    push = await client.gets(lambda frame: frame.get("push") == "event")
    assert push["event"]["text"] == "Are you there?"


def test_ids_of_a_time_sort_after_its_first():
    before = dt.datetime.now(dt.UTC)
    made = new_id()

    assert first_id(before) <= made < first_id(before + dt.timedelta(hours=1))
