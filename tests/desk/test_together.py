"""Many appends at once: few statements, and yet each succeeds or fails alone."""

import asyncio
import threading
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from havana.chat.errors import Forbidden
from havana.chat.people import Visitor
from havana.desk import Done
from havana.ids import new_id
from havana.storage import visitors
from havana.storage.sqlite import SqliteDatabase

from .conftest import ANA, Office


@contextmanager
def statements(office: Office) -> Iterator[Counter[str]]:
    """How often the database is given each kind of statement, by its first word."""
    seen: Counter[str] = Counter()

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        seen[statement.split(maxsplit=1)[0]] += 1

    engine = getattr(office.database._engine, "sync_engine", office.database._engine)
    sa.event.listen(engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", note)


async def at_once(office: Office, *requests: Coroutine[Any, Any, Done]) -> list[Done | BaseException]:
    """All of them in one commit."""
    if not isinstance(office.database, SqliteDatabase):
        # A lane begins when everybody who came at the same moment waits in it.
        return await asyncio.gather(*requests, return_exceptions=True)
    # The writer is held up until they wait for it.
    held = threading.Event()
    holding = asyncio.create_task(office.database.write(lambda _: held.wait()))
    waiting = asyncio.gather(*requests, return_exceptions=True)
    # Nothing before the write makes them wait, so that all of them have got there after this.
    await asyncio.sleep(0)
    held.set()
    await holding
    return await waiting


async def talks(office: Office, number: int) -> list[tuple[Visitor, str]]:
    """Visitors and their conversations."""
    people = [office.visitor() for _ in range(number)]
    return [(visitor, (await office.posts(visitor)).fold.id) for visitor in people]


async def says(office: Office, visitor: Visitor, conversation: str, key: str = "") -> Done:
    key = key or new_id()
    return await office.desk.perform(conversation, lambda c: c.post(visitor, "Again", key), role="visitor", key=key)


async def test_a_message_in_a_known_conversation_reads_nothing(office: Office):
    [talk] = await talks(office, 1)
    with statements(office) as seen:
        await says(office, *talk)

    assert seen["SELECT"] == 0


async def test_the_messages_of_many_take_as_many_statements_as_that_of_one(office: Office):
    first, *others = await talks(office, 21)
    with statements(office) as alone:
        await at_once(office, says(office, *first))
    with statements(office) as together:
        done = await at_once(office, *(says(office, *talk) for talk in others))

    assert together == alone
    assert [len(await office.log(conversation)) for _, conversation in others] == [2] * 20
    assert [one.fold for one in done if isinstance(one, Done)] == [await office.stored(talk) for _, talk in others]


async def test_among_many_a_retry_gets_its_first_answer_and_the_others_are_stored(office: Office):
    retrying, *others = await talks(office, 5)
    first = await says(office, *retrying, key="key-0001")

    again, *done = await at_once(
        office, says(office, *retrying, key="key-0001"), *(says(office, *talk) for talk in others)
    )
    assert isinstance(again, Done)
    assert (again.repeated, again.event) == (True, first.event)
    assert [isinstance(one, Done) and not one.repeated for one in done] == [True] * 4
    assert [len(await office.log(conversation)) for _, conversation in (retrying, *others)] == [2] * 5


async def test_among_many_one_who_was_blocked_is_refused_and_the_others_are_stored(office: Office):
    blocked, *others = await talks(office, 5)
    await office.database.write(lambda conn: visitors.set_blocked(conn, blocked[0].id, office.clock()))

    refused, *_ = await at_once(office, says(office, *blocked), *(says(office, *talk) for talk in others))
    assert isinstance(refused, Forbidden)
    assert [len(await office.log(conversation)) for _, conversation in (blocked, *others)] == [1, 2, 2, 2, 2]


async def test_two_who_write_in_one_conversation_at_once_are_both_stored_in_one_order(office: Office):
    talk, other = await talks(office, 2)
    note = office.desk.perform(talk[1], lambda c: c.note(ANA, "Known customer", new_id()))

    done = await at_once(office, says(office, *talk), note, says(office, *other))
    assert [one.event.seq for one in done if isinstance(one, Done) and one.event] == [2, 3, 2]
    assert await office.kinds(talk[1]) == ["message_posted", "message_posted", "note_posted"]
