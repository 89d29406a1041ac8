"""Appending to a conversation's log: compare-and-swap, events, fold, draft, jobs in one transaction.

Only the desk imports this.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from havana.chat import events as e
from havana.chat import redaction
from havana.chat.consequences import Wanted
from havana.chat.encoding import KINDS, encode_fact
from havana.chat.errors import Forbidden, WrittenByNewer
from havana.chat.fold import Fold
from havana.storage import jobs, questions, searching, swapping
from havana.storage.dialects import is_postgres
from havana.storage.history import event_of, fold_row
from havana.storage.prepared import Prepared
from havana.storage.tables import conversations, drafts, events, visitors
from havana.storage.visitors import is_blocked


class Conflict(Exception):
    """Somebody else appended, or the first words of an answer were shown, since the conversation was loaded."""


class Opening(msgspec.Struct, frozen=True):
    """What creating a conversation, or reopening an older one, adds to an append.

    `previous` is what the visitor's row pointed to as the current conversation.
    """

    previous: str | None


class Entry(msgspec.Struct, frozen=True):
    """One append. `fold` is the conversation after it, `events` are placed, `seq` and `shown` what it was asked of.

    `unsure` are the answers among the events whose question the team is shown.
    """

    fold: Fold
    events: Sequence[e.Event]
    seq: int
    shown: bool
    jobs: Sequence[Wanted]
    at: dt.datetime
    opening: Opening | None = None
    unsure: Sequence[str] = ()


def append(conn: sa.Connection, entry: Entry) -> e.Event | None:
    """Stores the entry. Returns the event that already has its key, if there is one: then nothing is stored."""
    for event in entry.events:
        if event.key is not None and (known := known_key(conn, entry.fold.id, event.author.role, event.key)):
            return known
    if (visitor := _speaker(entry)) is not None and is_blocked(conn, visitor):
        raise Forbidden("You cannot write here any more.")
    if append_all(conn, [entry]):
        raise Conflict
    return None


def append_all(conn: sa.Connection, entries: Sequence[Entry]) -> Sequence[int]:
    """Stores all entries, or raises: of a conversation there may be one, with a key that is new.

    One statement for all of them, for most of a post's time would be spent in building and recognising statements.
    PostgreSQL tells the places of those that it left out, which it sees without failing.
    """
    if is_postgres(conn):
        return _append_most(conn, entries)
    if opened := [entry for entry in entries if entry.opening is not None]:
        _change(conn, _POINT, [_pointer(entry) for entry in opened])
    if created := [fold_row(entry.fold) | {"shown": False} for entry in entries if entry.seq == 0]:
        _CREATE.execute(conn, created)
    if swapped := [_swapped(entry) for entry in entries if entry.seq > 0]:
        _change(conn, _SWAP, swapped)
    _add(conn, entries)
    return ()


def _append_most(conn: sa.Connection, entries: Sequence[Entry]) -> list[int]:
    """Tells the places of those whom somebody has overtaken, and of those that are not for one statement."""
    chosen = _one_of_each(entries)
    opened = [entry for entry in chosen if entry.opening is not None]
    pointed = swapping.point(conn, [_pointer(entry) for entry in opened]) if opened else ()
    chosen = [entry for entry in chosen if entry.opening is None or entry.fold.visitor.id in pointed]
    if created := [fold_row(entry.fold) | {"shown": False} for entry in chosen if entry.seq == 0]:
        _CREATE.execute(conn, created)
    rows = [_swapped(entry) | _keyed(entry) for entry in chosen if entry.seq > 0]
    swapped = swapping.swap(conn, rows) if rows else ()
    stored = [entry for entry in chosen if entry.seq == 0 or entry.fold.id in swapped]
    kept = {id(entry) for entry in stored}
    if any(entry.opening is not None and id(entry) not in kept for entry in chosen):
        # Its visitor points to it already, which must not remain.
        raise Conflict
    if stored:
        _add(conn, stored)
    return [place for place, entry in enumerate(entries) if id(entry) not in kept]


def _one_of_each(entries: Sequence[Entry]) -> list[Entry]:
    """The first of each conversation, and of each visitor who opens one. An older one is reopened alone."""
    if len(entries) == 1:
        return list(entries)
    fit = [entry for entry in entries if entry.opening is None or entry.seq == 0]
    first = {entry.fold.id: entry for entry in reversed(fit)}
    openers = {entry.fold.visitor.id: entry for entry in reversed(fit) if entry.opening is not None}
    return [
        entry
        for entry in fit
        if first[entry.fold.id] is entry and (entry.opening is None or openers[entry.fold.visitor.id] is entry)
    ]


def _add(conn: sa.Connection, entries: Sequence[Entry]) -> None:
    """What hangs on the conversations' rows, once these are swapped."""
    _ADD.execute(conn, [_row(entry.fold.id, event) for entry in entries for event in entry.events])
    if ended := [entry.fold.id for entry in entries if entry.shown and _ends_answer(entry)]:
        _FORGET_DRAFT.execute(conn, [{"of": conversation} for conversation in ended])
    for entry in entries:
        for event in entry.events:
            if isinstance(event.fact, e.Redacted):
                _scrub(conn, entry.fold, event.fact)
        for answer in entry.unsure:
            questions.record(conn, entry.fold, answer)
    if wanted := [_job(entry, job) for entry in entries for job in entry.jobs]:
        jobs.want_all(conn, wanted)


def known_key(conn: sa.Connection, conversation: str, role: str, key: str) -> e.Event | None:
    """The event that was stored under this key before; keys are unique for ever."""
    row = conn.execute(
        sa.select(events).where(events.c.conversation_id == conversation, events.c.role == role, events.c.key == key)
    ).first()
    return event_of(row) if row else None


def known_opening_key(conn: sa.Connection, visitor: str, key: str) -> tuple[str, e.Event] | None:
    """A visitor's event by its key, in whichever of their conversations it stands, for a post that names none."""
    mine = sa.select(conversations.c.id).where(conversations.c.visitor_id == visitor)
    row = conn.execute(
        sa.select(events).where(events.c.conversation_id.in_(mine), events.c.role == "visitor", events.c.key == key)
    ).first()
    return (row.conversation_id, event_of(row)) if row else None


_CREATE = Prepared(conversations.insert())
_ADD = Prepared(events.insert())
_SWAP = Prepared(
    conversations.update()
    .where(
        conversations.c.id == sa.bindparam("of"),
        conversations.c.seq == sa.bindparam("seq_before"),
        # The first words of an answer may have been shown meanwhile; then it must not be superseded.
        conversations.c.shown == sa.bindparam("shown_before"),
        ~sa.exists().where(visitors.c.id == sa.bindparam("speaker"), visitors.c.blocked_at.is_not(None)),
    )
    .values({column: sa.bindparam(column.name) for column in conversations.c if column.name not in swapping.IDENTITY})
)
_POINT = Prepared(
    visitors.update()
    .where(
        visitors.c.id == sa.bindparam("of"),
        # Another tab may have opened a conversation first: then this one is asked of that.
        visitors.c.conversation_id.is_not_distinct_from(sa.bindparam("previous")),
        visitors.c.blocked_at.is_(None),
    )
    .values(conversation_id=sa.bindparam("opened"))
)
_FORGET_DRAFT = Prepared(drafts.delete().where(drafts.c.conversation_id == sa.bindparam("of")))


def _change(conn: sa.Connection, statement: Prepared, rows: Sequence[dict[str, Any]]) -> None:
    """Each of them must change one row of its own."""
    if statement.execute(conn, rows) != len(rows):
        raise Conflict


def _swapped(entry: Entry) -> dict[str, Any]:
    row = fold_row(entry.fold)
    row["of"] = row.pop("id")
    row["seq_before"] = entry.seq
    row["shown_before"] = entry.shown
    row["shown"] = entry.shown and not _ends_answer(entry)
    row["speaker"] = _speaker(entry)
    return row


def _keyed(entry: Entry) -> dict[str, str | None]:
    keyed = next((event for event in entry.events if event.key is not None), None)
    return {"key": keyed.key, "key_role": keyed.author.role} if keyed else {"key": None, "key_role": None}


def _ends_answer(entry: Entry) -> bool:
    """Another may be open after it: the one that takes a dead worker's place begins with nothing shown."""
    return any(isinstance(event.fact, e.AnswerFinished) for event in entry.events)


def _pointer(entry: Entry) -> dict[str, Any]:
    previous = entry.opening.previous if entry.opening else None
    return {"of": entry.fold.visitor.id, "previous": previous, "opened": entry.fold.id}


def _speaker(entry: Entry) -> str | None:
    """The visitor who speaks here; whoever was blocked meanwhile must not."""
    return next((event.author.id for event in entry.events if event.author.role == "visitor"), None)


def _job(entry: Entry, wanted: Wanted) -> jobs.Wish:
    run_at = entry.at + dt.timedelta(seconds=wanted.delay_s)
    return jobs.Wish(wanted.kind, wanted.subject or entry.fold.id, run_at, wanted.seq)


_REPEATING = [e.snake_case(kind.__name__) for kind in redaction.REPEATING]


def _scrub(conn: sa.Connection, fold: Fold, redacted: e.Redacted) -> None:
    """Empties the target, and whatever may repeat its words. It is no open question any more.

    Also fields that this release does not know; of a kind that it does not know it cannot tell what to leave.
    """
    questions.forget(conn, redacted.event)
    of_this = events.c.conversation_id == fold.id
    may_repeat = events.c.kind.in_(_REPEATING) | events.c.kind.not_in(list(KINDS))
    rows = conn.execute(sa.select(events).where(of_this, (events.c.id == redacted.event) | may_repeat)).all()
    for row in rows:
        fact = redaction.emptied(event_of(row).fact)
        if isinstance(fact, e.Unknown):
            raise WrittenByNewer
        conn.execute(events.update().where(of_this, events.c.seq == row.seq).values(payload=encode_fact(fact).decode()))
    # Last: whoever puts words into the index now reads either what stands there since, or is waited for.
    searching.forget(conn, fold.id, redacted.event)


def _row(conversation: str, event: e.Event) -> dict[str, Any]:
    return {
        "conversation_id": conversation,
        "seq": event.seq,
        "public_seq": event.public_seq,
        "id": event.id,
        "kind": event.fact.kind,
        "role": event.author.role,
        "author_id": event.author.id,
        "author_name": event.author.name,
        "key": event.key,
        "at": event.at,
        "payload": encode_fact(event.fact).decode(),
    }
