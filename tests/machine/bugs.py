"""Bugs that somebody might really write, each planted in one place of the product."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest import mock

import sqlalchemy as sa

from havana.assistant.writing import Writing
from havana.chat import events as e
from havana.chat import views
from havana.chat.conversation import Conversation, Facts
from havana.chat.fold import Fold
from havana.desk import Desk
from havana.live.connection import Connection
from havana.live.following import Following
from havana.live.sweep import Sweep
from havana.storage import jobs, log
from havana.storage.tables import jobs as jobs_table

from . import promises as p
from . import store

Planted = AbstractContextManager[Any]


def a_dropped_fence() -> Planted:
    """The end of an answer is taken from whoever brings it, whichever answer is open."""

    def finish_answer(self: Conversation, answer: str, text: str, sources: tuple[e.Source, ...] = ()) -> Facts:
        author = self.site.assistant_author
        return [e.Proposed(e.AnswerFinished(answer, "complete", text, sources), author)]

    return mock.patch.object(Conversation, "finish_answer", finish_answer)


@contextmanager
def a_duplicated_key() -> Iterator[None]:
    """Nobody looks whether a key is known, and nothing in the database forbids it a second time."""
    append_all = log.append_all

    def blind(conn: sa.Connection, entries: list[log.Entry]) -> None:
        conn.exec_driver_sql("DROP INDEX IF EXISTS events_by_key")
        append_all(conn, entries)

    with (
        mock.patch.object(log, "known_key", _nothing),
        mock.patch.object(log, "known_opening_key", _nothing),
        mock.patch.object(log, "append_all", blind),
    ):
        yield
    store.make_anew()


def a_skipped_purge() -> Planted:
    """Words of an answer wait in the outbox as text, and nobody takes them out when it ends."""

    def show_words(self: Connection, conversation: str) -> None:
        room = self._hub.room(conversation)
        if self.closing is None and room is not None and room.draft is not None:
            words = self.session.words(conversation, room.draft)
            if words is not None:
                self._outbox.put_latest(("words", conversation, str(words.offset)), room.words(room.draft, words))
                self._wake()

    return mock.patch.object(Connection, "show_words", show_words)


def a_lost_wake_up() -> Planted:
    """Whoever missed an event hears of it with the next one, if there ever is one."""
    return mock.patch.object(Sweep, "_begin", _nothing)


def no_gap_repair() -> Planted:
    """What comes after a hole waits for what is missing, and nobody goes and gets it."""
    return mock.patch.object(Connection, "_look_after", _nothing)


def a_leaking_view() -> Planted:
    """Somebody adds the fields of a staff-only event to what visitors see."""
    leaking = views.VISITOR_FIELDS | {e.HandoverNoted: ("reason", "summary")}
    return mock.patch.object(views, "VISITOR_FIELDS", leaking)


def a_swap_without_shown() -> Planted:
    """An append compares the seq only, though words may have been shown since it asked."""
    append_all = log.append_all

    def careless(conn: sa.Connection, entries: list[log.Entry]) -> None:
        for entry in entries:
            conn.execute(
                log.conversations.update().where(log.conversations.c.id == entry.fold.id).values(shown=entry.shown)
            )
        append_all(conn, entries)

    return mock.patch.object(log, "append_all", careless)


def published_before_commit() -> Planted:
    """Everybody is told at once, and then it is stored."""

    async def write_many(database: Any, desk: Desk, entry: log.Entry, ways: dict[str, Any]) -> Any:
        desk._tell(entry.fold, list(entry.events), opened=entry.opening is not None)
        return await database.write_many(entry, **ways)

    return _writes_by(write_many)


def acknowledged_before_commit() -> Planted:
    """Nobody waits for the disk."""

    async def write_many(database: Any, desk: Desk, entry: log.Entry, ways: dict[str, Any]) -> None:
        asyncio.get_running_loop().create_task(database.write_many(entry, **ways))

    return _writes_by(write_many)


def a_believed_cache() -> Planted:
    """A refusal, or that there is nothing to do, is taken from a fold in memory, though another node went on."""
    stored = Desk._stored

    async def remembered(self: Desk, conversation: str) -> Fold:
        return self._folds.get(conversation) or await stored(self, conversation)

    return mock.patch.object(Desk, "_stored", remembered)


def a_forgotten_wish() -> Planted:
    """A job that ends is deleted, also if it was wanted again while it ran."""

    def complete(conn: sa.Connection, job: jobs.Job) -> None:
        conn.execute(jobs_table.delete().where(jobs_table.c.id == job.id))

    return mock.patch.object(jobs, "complete", complete)


def words_before_their_draft() -> Planted:
    """The first words leave before they are stored."""
    save = Writing._save

    async def later(self: Writing) -> None:
        if self._saved_at is None:
            self._saved_at = self._loop.time()
        else:
            await save(self)

    return mock.patch.object(Writing, "_save", later)


def an_attach_that_does_not_hold() -> Planted:
    """Live events go on while the log is read for somebody who asks what they lack."""
    return mock.patch.object(Following, "begin", _nothing)


def _nothing(*_: object) -> None:
    pass


class _Instead:
    """A database whose appends go another way."""

    def __init__(self, database: Any, desk: Desk, write_many: Callable[..., Any]) -> None:
        self._database = database
        self._desk = desk
        self._write_many = write_many

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    async def write_many(self, entry: log.Entry, **ways: Any) -> Any:
        return await self._write_many(self._database, self._desk, entry, ways)


def _writes_by(write_many: Callable[..., Any]) -> Planted:
    init = Desk.__init__

    def with_another_database(self: Desk, database: Any, *rest: Any) -> None:
        init(self, _Instead(database, self, write_many), *rest)

    return mock.patch.object(Desk, "__init__", with_another_database)


BUGS: dict[Callable[[], Planted], tuple[str, ...]] = {
    a_dropped_fence: (p.TAKEOVER, p.STANDS),
    a_duplicated_key: (p.KEY,),
    a_skipped_purge: (p.TAKEOVER, p.SHOWN),
    a_lost_wake_up: (p.WHOLE,),
    no_gap_repair: (p.WHOLE,),
    a_leaking_view: (p.PRIVATE,),
    a_swap_without_shown: (p.SHOWN, p.TAKEOVER, p.REPLAY),
    published_before_commit: (p.STORED, p.ORDER),
    acknowledged_before_commit: (p.STORED,),
    a_believed_cache: (p.ANSWERED,),
    a_forgotten_wish: (p.ANSWERED,),
    words_before_their_draft: (p.SHOWN,),
    an_attach_that_does_not_hold: (p.ONCE, p.ORDER),
}
"""Each with the promises of which it breaks one."""
