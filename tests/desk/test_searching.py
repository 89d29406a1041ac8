"""What was said is found by its words on both databases, and what was removed is not."""

import asyncio
import random
from collections.abc import Awaitable, Callable

import pytest

from havana.chat import events as e
from havana.chat.encoding import encode_fact
from havana.chat.searching import found_in, query_of, said_in
from havana.desk import Done
from havana.searching import Found, Searching
from havana.storage import searching
from havana.storage.database import Connection
from havana.storage.tables import events
from havana.visits import Visits

from .conftest import ANA, Office

WORDS = (
    "order",
    "late",
    "refund",
    "Müller",
    "müllers",
    "東京",
    "wo-rd",
    "can't",
    "can",
    "12.50",
    "12",
    "a",
    "ab",
    "abc",
)


@pytest.fixture
def search(office: Office) -> Searching:
    return Searching(office.database, office.bus)


def texts(found: Found) -> list[str]:
    return ["".join(piece.text for piece in hit.excerpt) for hit in found.hits]


def posted(done: Done) -> e.Event:
    assert done.event is not None
    return done.event


async def behind(office: Office) -> list[str]:
    return await office.database.read(searching.behind)


async def notes(office: Office, conversation: str, said: list[str]) -> list[e.Event]:
    done = [await office.desk.perform(conversation, lambda c, text=text: c.note(ANA, text, None)) for text in said]
    return [one.event for one in done if one.event is not None]


async def test_both_databases_find_what_a_plain_look_finds(
    office: Office, search: Searching, monkeypatch: pytest.MonkeyPatch
):
    chance = random.Random(3)
    conversations = [(await office.posts(office.visitor())).fold.id for _ in range(4)]
    for _ in range(60):
        text = " ".join(chance.choices(WORDS, k=chance.randint(1, 6)))
        await notes(office, chance.choice(conversations), [text])
    await search.catch_up()
    said = [said_in(event.fact, event.author.role) for one in conversations for event in await office.log(one)]

    # So that PostgreSQL has older lines, too.
    monkeypatch.setattr(searching, "LOOKED_AT", 20)
    for _ in range(80):
        some = chance.choices(WORDS, k=chance.randint(1, 3))
        asked = " ".join(f'"{word}"' if chance.random() < 0.3 else word for word in some)
        asked = f'"{" ".join(some)}"' if chance.random() < 0.3 else asked
        wanted = [text for text in said if found_in(text, query_of(asked))]
        assert sorted(await everything(search, asked)) == sorted(wanted), asked


async def everything(search: Searching, asked: str) -> list[str]:
    found = await search.find(asked)
    every = texts(found)
    while found.next is not None:
        found = await search.find(asked, before=found.next)
        every += texts(found)
    return every


async def test_a_long_conversation_is_put_into_the_index_in_portions(office: Office):
    conversation = (await office.posts(office.visitor())).fold.id
    await notes(office, conversation, ["x" * 4_000] * 60)
    portions = 0
    left = await behind(office)
    assert left == [conversation]
    while left:
        left = await office.database.write(lambda conn, left=left: searching.index(conn, left))
        portions += 1

    assert portions > 2
    assert await behind(office) == []


async def test_what_was_said_is_found_soon_after_it_was(office: Office, search: Searching):
    search.start()
    try:
        await office.posts(office.visitor(), "Where is my parcel?")
        await until(lambda: search.find("parcel"), lambda found: texts(found) == ["Where is my parcel?"])
        await until(lambda: search.find("parcel"), lambda found: found.is_whole)
    finally:
        await search.stop()


async def test_what_nobody_told_of_is_found_by_looking_through_all(office: Office, search: Searching):
    done = await office.posts(office.visitor(), "Where is my parcel?")
    await search.catch_up()
    await office.another_desk().perform(done.fold.id, lambda c: c.note(ANA, "A parcel, again", None))
    assert texts(await search.find("parcel")) == ["Where is my parcel?"]
    assert await behind(office) == [done.fold.id]

    await search.catch_up()
    assert texts(await search.find("parcel")) == ["A parcel, again", "Where is my parcel?"]


async def test_what_is_removed_is_out_of_the_index_with_the_same_commit(office: Office, search: Searching):
    done = await office.posts(office.visitor(), "My card is 4111")
    event = posted(done)
    await search.catch_up()
    assert await lines(office, "4111") == 1

    await office.desk.perform(done.fold.id, lambda c: c.redact(ANA, event))
    assert await lines(office, "4111") == 0
    await search.catch_up()
    assert await lines(office, "4111") == 0


async def test_what_was_removed_before_it_was_in_the_index_never_comes_into_it(office: Office, search: Searching):
    done = await office.posts(office.visitor(), "My card is 4111")
    event = posted(done)
    await office.desk.perform(done.fold.id, lambda c: c.redact(ANA, event))
    await search.catch_up()

    assert await lines(office, "4111") == 0
    assert texts(await search.find("coral")) == ["Coral Heron"]


async def test_what_a_node_without_an_index_has_removed_is_not_found_and_then_taken_out(
    office: Office, search: Searching
):
    done = await office.posts(office.visitor(), "My card is 4111")
    event = posted(done)
    await search.catch_up()
    of_this = (events.c.conversation_id == done.fold.id) & (events.c.seq == event.seq)
    emptied = events.update().where(of_this).values(payload=encode_fact(e.MessagePosted("", redacted=True)).decode())
    await office.database.write(lambda conn: conn.execute(emptied))
    assert texts(await search.find("4111")) == []
    assert await lines(office, "4111") == 1

    await office.desk.perform(done.fold.id, lambda c: c.redact(ANA, event))
    await office.database.write(lambda conn: put_back(conn, done.fold.id, event))
    await search.catch_up()
    assert await lines(office, "4111") == 0


def put_back(conn: Connection, conversation: str, event: e.Event) -> None:
    """The words of an event that the redaction has taken out."""
    searching._add(conn, conversation, "s", [(searching.place_of(event.id), event.seq, "4111")])


async def lines(office: Office, word: str) -> int:
    """In the index, whatever they say now."""

    def work(conn: Connection) -> int:
        return len(searching.find(conn, query_of(word), site=None, before=searching.NEWEST, most=10))

    return await office.database.read(work)


async def until(ask: Callable[[], Awaitable[Found]], is_right: Callable[[Found], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_right(await ask()):
            await asyncio.sleep(0.02)


async def test_a_visitor_is_found_by_the_name_that_the_team_has_given(office: Office, search: Searching):
    visits = Visits(office.database, office.bus, office.clock)
    first, later = office.visitor(), office.visitor()
    conversation = (await office.posts(first)).fold.id
    await search.catch_up()
    await visits.write(ANA, first.id, "name", "Grace Hopper", None)
    await office.posts(later)
    version = (await visits.of(first.id)).details[0].version
    assert [(hit.conversation, hit.visitor) for hit in (await search.find("hopper")).hits] == [
        (conversation, "Grace Hopper")
    ]

    await visits.write(ANA, first.id, "name", "Ada", version)
    await visits.write(ANA, later.id, "name", "Adele", None)
    await search.catch_up()
    assert texts(await search.find("hopper")) == []
    assert sorted(hit.visitor for hit in (await search.find("ad")).hits) == ["Ada", "Adele"]
