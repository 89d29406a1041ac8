"""What is written for an agent goes to the connection that asked, and ends when nobody waits for it."""

import asyncio

import pytest
from tests.chat.story import ANA
from tests.live.world import Client, World, said

from havana.chat.errors import Internal
from havana.chat.events import Source
from havana.chat.wire import Suggested
from havana.live.ports import Words

SOURCE = Source("Welding", None, "It costs $8,400.", "Cost")
C1 = {"conversation": "c1"}


class Pen:
    """Words that come when a test says so. `dropped` is set when nobody reads on."""

    def __init__(self) -> None:
        self.dropped = asyncio.Event()
        self.began = asyncio.Event()
        self.pieces: asyncio.Queue[str | Suggested | Exception] = asyncio.Queue()

    async def write(self) -> Words:
        self.began.set()
        try:
            while True:
                piece = await self.pieces.get()
                if isinstance(piece, Exception):
                    raise piece
                yield piece
        finally:
            self.dropped.set()


@pytest.fixture
async def ana(world: World) -> Client:
    world.has(lambda c: c.claim(ANA))
    client = await world.greeted("ana")
    await client.asks("follow", **C1)
    return client


@pytest.fixture
def pen(world: World) -> Pen:
    pen = Pen()
    world.suggestions.append(pen.write())
    return pen


async def is_shown(client: Client, text: str) -> dict:
    return await client.gets(lambda frame: frame.get("push") == "suggestion" and frame["text"] == text)


async def test_the_words_come_as_they_are_written_after_the_reply_and_at_last_all_of_them(ana, pen):
    reply = await ana.asks("suggest", **C1)
    pen.pieces.put_nowait("It costs")
    await is_shown(ana, "It costs")
    pen.pieces.put_nowait(" $8,400 ")
    pen.pieces.put_nowait("[3].")
    await is_shown(ana, " $8,400 [3].")
    pen.pieces.put_nowait(Suggested("It costs $8,400 [1].", (SOURCE,)))
    await is_shown(ana, "It costs $8,400 [1].")

    place = ana.received.index(reply)
    assert reply == {"id": reply["id"], "ok": {}}
    plain = {"push": "suggestion", **C1, "request": reply["id"], "sources": [], "error": None}
    source = {"title": "Welding", "url": None, "quote": "It costs $8,400.", "heading": "Cost"}
    assert ana.received[place + 1 :] == [
        {**plain, "offset": 0, "text": "It costs", "done": False},
        {**plain, "offset": 8, "text": " $8,400 [3].", "done": False},
        {**plain, "offset": 0, "text": "It costs $8,400 [1].", "done": True, "sources": [source]},
    ]
    await pen.dropped.wait()


async def test_nobody_else_gets_a_word_of_it(world, ana, pen):
    others = [await world.greeted(who) for who in ("visitor", "ben", "ana")]
    for other in others:
        await other.asks("follow", **C1)
    await ana.asks("suggest", **C1)
    pen.pieces.put_nowait("It costs")
    await is_shown(ana, "It costs")

    assert [other.pushes("suggestion") for other in others] == [[], [], []]


async def test_ones_own_words_come_in_another_way(ana):
    await ana.asks("rewrite", **C1, text="Yes.", how="friendlier")

    assert (await is_shown(ana, "friendlier: Yes."))["done"]


@pytest.mark.parametrize("do", ["suggest", "drop_suggestion", "unfollow"])
async def test_it_ends_when_something_takes_its_place_or_nobody_wants_it(world, ana, pen, do):
    await ana.asks("suggest", **C1)
    await pen.began.wait()
    world.suggestions.append(said("Another"))
    await ana.asks(do, **C1)

    await pen.dropped.wait()


async def test_it_ends_with_the_connection(ana, pen):
    await ana.asks("suggest", **C1)
    await pen.began.wait()
    ana.hangs_up()

    await pen.dropped.wait()


async def test_a_failure_in_the_middle_of_it_is_told_in_a_line(ana, pen):
    await ana.asks("suggest", **C1)
    pen.pieces.put_nowait("It costs")
    await is_shown(ana, "It costs")
    pen.pieces.put_nowait(Internal("The assistant cannot write anything right now."))
    last = await ana.gets(lambda frame: frame.get("push") == "suggestion" and frame["done"])

    assert last["error"]["message"] == "The assistant cannot write anything right now."


async def test_whatever_else_fails_is_told_without_its_words(ana, pen):
    await ana.asks("suggest", **C1)
    pen.pieces.put_nowait(ZeroDivisionError("secret"))
    last = await ana.gets(lambda frame: frame.get("push") == "suggestion" and frame["done"])

    assert last["error"]["code"] == "internal"
    assert "secret" not in str(ana.received)


@pytest.mark.parametrize("do", ["suggest", "rewrite", "drop_suggestion"])
async def test_it_is_not_for_visitors(world, ana, pen, do):
    visitor = await world.greeted("visitor")
    await visitor.asks("follow", **C1)
    refused = await visitor.asks(do, **C1, text="Yes.", how="shorter")

    assert refused["error"]["code"] == "forbidden"
    assert not pen.began.is_set()


async def test_whoever_does_not_follow_the_conversation_gets_none(world, ana, pen):
    ben = await world.greeted("ben")
    refused = await ben.asks("suggest", **C1)

    assert refused["error"]["code"] == "not_found"


async def test_what_the_copilot_refuses_is_refused(world, ana):
    refused = await ana.asks("suggest", **C1)

    assert refused["error"]["code"] == "stale"
    assert ana.pushes("suggestion") == []


@pytest.mark.parametrize("fields", [{"how": "longer", "text": "Yes."}, {"how": "shorter"}, {"text": "Yes."}])
async def test_a_rewrite_needs_the_words_and_one_of_two_ways(ana, fields):
    assert (await ana.asks("rewrite", **C1, **fields))["error"]["code"] == "bad_request"
