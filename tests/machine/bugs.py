"""Bugs that somebody might really write, each planted in one place of the product."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest import mock

import sqlalchemy as sa

from havana import desk, requests
from havana.assistant.tools.jobs import ToolJobs
from havana.assistant.tools.outcome import OnBehalf
from havana.assistant.writing import Writing
from havana.chat import calls, views
from havana.chat import consequences as cq
from havana.chat import events as e
from havana.chat.conversation import Conversation, Facts
from havana.chat.fold import Fold
from havana.desk import Desk
from havana.live.connection import Connection
from havana.live.following import Following
from havana.live.sweep import Sweep
from havana.reading import Reading
from havana.storage import jobs, log
from havana.storage.tables import jobs as jobs_table

from . import promises as p
from . import store

Planted = AbstractContextManager[Any]


def a_call_that_is_written_down_afterwards() -> Planted:
    """Why write down what may not work? So the call is made first."""

    async def make(self: ToolJobs, fold: Fold, site: Any, call: Any) -> None:
        tool = next(tool for tool in await self._tools.of(site) if tool.name == call.tool)
        on_behalf = OnBehalf(site.key, fold.visitor.id, fold.id, call.id)
        outcome = await tool.make({}, on_behalf)
        await self._desk.perform(fold.id, lambda c: calls.start(c, call.id, self._tools.until(tool)))
        ended = (call.id, outcome.outcome, outcome.text)
        await self._desk.perform(fold.id, lambda c: calls.finish(c, *ended, on_duty=True))

    return mock.patch.object(ToolJobs, "_make", make)


def a_request_that_nobody_looks_after() -> Planted:
    """What nobody decides waits for ever."""
    return mock.patch.object(cq, "next_look", _nothing)


def a_dropped_fence() -> Planted:
    """The end of an answer is taken from whoever brings it, whichever answer is open."""

    def finish_answer(self: Conversation, answer: str, text: str, sources: tuple[e.Source, ...] = ()) -> Facts:
        author = self.site.assistant_author
        return [e.Proposed(e.AnswerFinished(answer, "complete", text, sources), author)]

    return mock.patch.object(Conversation, "finish_answer", finish_answer)


def a_duplicated_key() -> Planted:
    """Nobody looks whether a key is known, and nothing in the database forbids it a second time."""
    return _with_keys_allowed_twice(known_key=_nothing, known_opening_key=_nothing)


def a_keyed_command_done_twice() -> Planted:
    """Keys are for messages, somebody thought: no other command's is looked up."""
    known_key = log.known_key

    def of_a_message(conn: sa.Connection, conversation: str, role: str, key: str) -> e.Event | None:
        known = known_key(conn, conversation, role, key)
        return known if known is not None and isinstance(known.fact, e.MessagePosted) else None

    return _with_keys_allowed_twice(known_key=of_a_message)


def a_claim_that_is_never_stored() -> Planted:
    """Whoever presses "take over" is told that it is done, and nobody else ever hears of it."""
    append = Desk._append

    async def forgetful(self: Desk, site: Any, before: Fold, facts: Facts, **ways: Any) -> desk.Done:
        if any(isinstance(proposed.fact, e.Claimed) for proposed in facts) and not any(fact.key for fact in facts):
            events, fold = desk.place(before, facts, self._clock())
            return desk.Done(fold, events[-1], repeated=False)
        return await append(self, site, before, facts, **ways)

    return mock.patch.object(Desk, "_append", forgetful)


def a_reply_with_another_seq() -> Planted:
    """The reply to a command, but not that to a message, counts in the numbers of the staff."""
    reply = requests.reply

    def counted(done: desk.Done, *, public: bool, spoken: bool) -> dict[str, object]:
        ok = reply(done, public=public, spoken=spoken)
        return ok if spoken or done.event is None else ok | {"seq": done.event.seq}

    return mock.patch.object(requests, "reply", counted)


def a_reply_with_another_state() -> Planted:
    """A command is answered with the state from before it."""
    append = Desk._append

    async def too_early(self: Desk, site: Any, before: Fold, facts: Facts, **ways: Any) -> desk.Done:
        done = await append(self, site, before, facts, **ways)
        return done if done.repeated else desk.Done(before, done.event, repeated=False)

    return mock.patch.object(Desk, "_append", too_early)


def a_garbled_tail() -> Planted:
    """What somebody missed comes in its place and order, with other words."""

    def garble(followed: dict[str, Any]) -> None:
        for event in followed["events"] if followed["mode"] == "tail" else ():
            if event["kind"] == "message_posted":
                event["text"] = event["text"][:-1]

    return _followed(garble)


def an_old_snapshot() -> Planted:
    """A snapshot tells who is in charge as it was before the last change."""

    def age(followed: dict[str, Any]) -> None:
        if followed["mode"] == "snapshot":
            followed["state"] = followed["state"] | {"since": max(followed["state"]["since"] - 1, 0)}

    return _followed(age)


def a_leaking_snapshot() -> Planted:
    """Events are cut to what a visitor may see where they are pushed; a snapshot has a field more."""

    def leak(followed: dict[str, Any]) -> None:
        for event in followed["events"] if followed["mode"] == "snapshot" else ():
            if event["kind"] == "closed":
                event["reason"] = "closed"

    return _followed(leak)


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

    def careless(conn: sa.Connection, entries: list[log.Entry]) -> Sequence[int]:
        for entry in entries:
            conn.execute(
                log.conversations.update().where(log.conversations.c.id == entry.fold.id).values(shown=entry.shown)
            )
        return append_all(conn, entries)

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
    stored = Desk.stored

    async def remembered(self: Desk, conversation: str) -> Fold:
        return self._folds.get(conversation) or await stored(self, conversation)

    return mock.patch.object(Desk, "stored", remembered)


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

    def begin(self: Following) -> None:
        self.attaching = False

    return mock.patch.object(Following, "begin", begin)


def _nothing(*_: object) -> None:
    pass


@contextmanager
def _with_keys_allowed_twice(**looks: Callable[..., Any]) -> Iterator[None]:
    """The log looks for keys in these ways, and the database has no index that forbids one a second time."""
    append_all = log.append_all

    def blind(conn: sa.Connection, entries: list[log.Entry]) -> Sequence[int]:
        conn.exec_driver_sql("DROP INDEX IF EXISTS events_by_key")
        return append_all(conn, entries)

    try:
        with mock.patch.multiple(log, append_all=blind, **looks):
            yield
    finally:
        store.make_anew()


def _followed(change: Callable[[dict[str, Any]], None]) -> Planted:
    """What a reader gets is changed on its way."""
    read = Reading.followed

    async def changed(self: Reading, *asked: Any) -> dict[str, Any]:
        answer = await read(self, *asked)
        change(answer)
        return answer

    return mock.patch.object(Reading, "followed", changed)


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
    a_keyed_command_done_twice: (p.KEY,),
    a_claim_that_is_never_stored: (p.STORED,),
    a_reply_with_another_seq: (p.KEY, p.STORED),
    a_reply_with_another_state: (p.STORED,),
    a_garbled_tail: (p.SAME,),
    an_old_snapshot: (p.TAIL,),
    a_leaking_snapshot: (p.PRIVATE,),
    a_skipped_purge: (p.TAKEOVER, p.SHOWN),
    a_lost_wake_up: (p.WHOLE,),
    no_gap_repair: (p.WHOLE,),
    a_leaking_view: (p.PRIVATE,),
    a_swap_without_shown: (p.SHOWN, p.TAKEOVER, p.REPLAY),
    published_before_commit: (p.STORED, p.ORDER),
    acknowledged_before_commit: (p.STORED,),
    a_believed_cache: (p.STORED, p.ANSWERED, p.ORDER),
    a_forgotten_wish: (p.ANSWERED, p.WHOLE),
    words_before_their_draft: (p.SHOWN,),
    an_attach_that_does_not_hold: (p.ONCE, p.ORDER),
    a_call_that_is_written_down_afterwards: (p.LEAVE,),
    a_request_that_nobody_looks_after: (p.CALLED,),
}
"""Each with the promises of which it breaks one."""
