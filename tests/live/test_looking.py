"""Who of the team looks at a conversation or writes in it: colleagues see it, a visitor never does."""

import asyncio

import pytest
from tests.chat.story import ANA, BEN
from tests.live.doing import FOLLOW, claims
from tests.live.world import Client, World

from havana.bus import Looked, conversation_topic
from havana.chat.people import Looker
from havana.live import looking

IDS = {"Ana": ANA.id, "Ben": BEN.id, "Cleo": "cleo"}


def face(name: str, writing: str | None = None) -> dict[str, str | None]:
    return {"id": IDS[name], "name": name, "writing": writing}


def faces(client: Client) -> list[list[dict[str, str | None]]]:
    """What was shown, push by push."""
    return [push["agents"] for push in client.pushes("looking")]


@pytest.fixture
async def ana(world: World) -> Client:
    world.has()
    return await world.greeted("ana", FOLLOW)


@pytest.fixture
async def ben(ana: Client, world: World) -> Client:
    return await world.greeted("ben", FOLLOW)


async def sees(client: Client, *agents: dict[str, str | None]) -> None:
    await client.gets(lambda frame: frame.get("push") == "looking" and frame["agents"] == list(agents))


async def test_whoever_follows_without_looking_is_not_shown(ana: Client, ben: Client):
    await ben.asks("history", **FOLLOW, before=5)

    assert faces(ana) == []


async def test_colleagues_see_who_looks_and_what_they_write_until_they_look_away(ana: Client, ben: Client):
    await ben.asks("look", **FOLLOW)
    await ben.asks("look", **FOLLOW, writing="note")
    await ben.asks("look", **FOLLOW, writing="reply")
    await ben.asks("look", **FOLLOW)
    await ben.asks("look_away", **FOLLOW)

    assert faces(ana) == [[face("Ben")], [face("Ben", "note")], [face("Ben", "reply")], [face("Ben")], []]


@pytest.mark.parametrize("leave", ["unfollow", "hang up"])
async def test_nobody_is_shown_who_has_left(ana: Client, ben: Client, leave: str):
    await ben.asks("look", **FOLLOW, writing="reply")
    if leave == "unfollow":
        await ben.asks("unfollow", **FOLLOW)
    else:
        ben.hangs_up()

    assert faces(ana) == [[face("Ben", "reply")], []]


async def test_a_visitor_is_told_nothing_of_it_not_even_of_a_note_by_whoever_is_in_charge(world: World, ana: Client):
    visitor = await world.greeted("visitor", FOLLOW)
    world.does(claims)
    before = len(visitor.received)
    await ana.asks("look", **FOLLOW, writing="note")
    await ana.asks("look", **FOLLOW, writing="reply")
    visitor.connection.ping()
    told = visitor.received[before:]
    refused = await visitor.asks("look", **FOLLOW)

    assert [frame.get("push") for frame in told] == [None, "position"]
    assert refused["error"]["code"] == "forbidden"
    assert visitor.pushes("looking") == []


async def test_the_same_agent_on_two_screens_is_one_who_writes_if_they_do_so_on_either(world: World, ana: Client):
    first, second = [await world.greeted("ben", FOLLOW) for _ in range(2)]
    await first.asks("look", **FOLLOW, writing="reply")
    await second.asks("look", **FOLLOW)
    await second.asks("look", **FOLLOW, writing="note")
    first.hangs_up()
    second.hangs_up()

    assert faces(ana) == [[face("Ben", "reply")], [face("Ben", "note")], []]
    assert faces(second)[0] == [face("Ben", "reply")]


async def test_whoever_comes_later_is_shown_who_is_there_after_the_conversation(world: World, ana: Client):
    await ana.asks("look", **FOLLOW)
    ben = await world.greeted("ben")
    asked = ben.says("follow", **FOLLOW)
    await ben.reply(asked)

    assert [frame.get("id", frame.get("push")) for frame in ben.received[-2:]] == [asked, "looking"]
    assert faces(ben) == [[face("Ana")]]


async def test_a_reader_that_was_behind_gets_it_with_the_next_ping(ana: Client, ben: Client, monkeypatch):
    monkeypatch.setattr(type(ana.connection), "is_congested", True)
    await ben.asks("look", **FOLLOW)
    assert faces(ana) == []
    monkeypatch.undo()
    ana.connection.ping()

    assert faces(ana) == [[face("Ben")]]


async def test_one_must_follow_what_one_looks_at(world: World):
    world.has()
    ben = await world.greeted("ben")

    assert (await ben.asks("look", **FOLLOW))["error"]["code"] == "not_found"
    assert (await ben.asks("look_away", **FOLLOW))["ok"] == {}


class TestNodes:
    @pytest.fixture
    def other(self, world: World) -> World:
        """Another node on the same bus."""
        other = World(world.bus)
        other.has()
        return other

    async def test_nodes_tell_each_other_also_those_that_come_later(self, ana: Client, other: World):
        await ana.asks("look", **FOLLOW)
        ben = await other.greeted("ben", FOLLOW)
        await ben.asks("look", **FOLLOW, writing="reply")
        await sees(ana, face("Ana"), face("Ben", "reply"))
        ben.hangs_up()

        assert faces(ben) == [[face("Ana")], [face("Ana"), face("Ben", "reply")]]
        assert faces(ana)[-1] == [face("Ana")]

    async def test_what_a_node_said_that_was_killed_is_soon_forgotten_and_what_lives_is_renewed(
        self, ana: Client, other: World, monkeypatch
    ):
        monkeypatch.setattr(looking, "RENEW_S", 0.02)
        monkeypatch.setattr(looking, "LEASE_S", 0.1)
        ben = await other.greeted("ben", FOLLOW)
        await ben.asks("look", **FOLLOW)
        gone = Looked("c1", "killed", (Looker("cleo", "Cleo"),))
        other.bus.publish(conversation_topic("c1"), gone)
        await sees(ana, face("Ben"), face("Cleo"))
        ana.received.clear()
        await sees(ana, face("Ben"))
        async with asyncio.timeout(5):
            for _ in range(10):
                heard = asyncio.Event()
                leave = other.bus.subscribe(conversation_topic("c1"), lambda _message, heard=heard: heard.set())
                await heard.wait()
                leave()

        assert faces(ana) == [[face("Ben")]]
