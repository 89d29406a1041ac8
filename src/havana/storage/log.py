"""Appending to a conversation's log: compare-and-swap, events, fold, draft, jobs in one transaction.

Only the desk imports this.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from havana.chat import events as e
from havana.chat.consequences import Wanted
from havana.chat.fold import Fold
from havana.storage import jobs
from havana.storage.history import event_of, fold_row
from havana.storage.tables import conversations, drafts, events, visitors


class Conflict(Exception):
    """Somebody else appended, or the first words of an answer were shown, since the conversation was loaded."""


class Opening(msgspec.Struct, frozen=True):
    """What creating a conversation adds to an append. `previous` is what the visitor's row pointed to."""

    previous: str | None


class Entry(msgspec.Struct, frozen=True):
    """One append. `fold` is the conversation after it, `events` are placed, `seq` and `shown` what it was asked of."""

    fold: Fold
    events: Sequence[e.Event]
    seq: int
    shown: bool
    jobs: Sequence[Wanted]
    at: dt.datetime
    opening: Opening | None = None


def append(conn: sa.Connection, entry: Entry) -> e.Event | None:
    """Stores the entry. Returns the event that already has its key, if there is one: then nothing is stored."""
    for event in entry.events:
        if event.key is not None and (known := known_key(conn, entry.fold.id, event.author.role, event.key)):
            return known
    if entry.opening is not None:
        _open(conn, entry, entry.opening)
    else:
        _swap(conn, entry)
    conn.execute(events.insert(), [_row(entry.fold.id, event) for event in entry.events])
    if entry.shown and entry.fold.open_answer is None:
        conn.execute(drafts.delete().where(drafts.c.conversation_id == entry.fold.id))
    for event in entry.events:
        if isinstance(event.fact, e.Redacted):
            _scrub(conn, entry.fold, event.fact)
    for wanted in entry.jobs:
        run_at = entry.at + dt.timedelta(seconds=wanted.delay_s)
        jobs.want(conn, wanted.kind, entry.fold.id, run_at, seq=wanted.seq)
    return None


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


def _swap(conn: sa.Connection, entry: Entry) -> None:
    row: dict[str, Any] = fold_row(entry.fold)
    shown = entry.shown and entry.fold.open_answer is not None
    changed = conn.execute(
        conversations.update()
        .where(
            conversations.c.id == entry.fold.id,
            conversations.c.seq == entry.seq,
            # The first words of an answer may have been shown meanwhile; then it must not be superseded.
            conversations.c.shown == entry.shown,
        )
        .values(**row, shown=shown)
    )
    if changed.rowcount != 1:
        raise Conflict


def _open(conn: sa.Connection, entry: Entry, opening: Opening) -> None:
    fold = entry.fold
    changed = conn.execute(
        visitors.update()
        # Another tab may have opened a conversation first: then this one is asked of that.
        .where(visitors.c.id == fold.visitor.id, visitors.c.conversation_id.is_not_distinct_from(opening.previous))
        .values(conversation_id=fold.id)
    )
    if changed.rowcount != 1:
        raise Conflict
    conn.execute(conversations.insert().values(**fold_row(fold), shown=False))


def _scrub(conn: sa.Connection, fold: Fold, redacted: e.Redacted) -> None:
    """Empties the target, and the hand-over summaries, which may repeat its words."""
    of_this = events.c.conversation_id == fold.id
    rows = conn.execute(
        sa.select(events).where(of_this, (events.c.id == redacted.event) | (events.c.kind == "handover_noted"))
    ).all()
    for row in rows:
        conn.execute(
            events.update()
            .where(of_this, events.c.seq == row.seq)
            .values(payload=e.encode_fact(e.emptied(event_of(row).fact)).decode())
        )


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
        "payload": e.encode_fact(event.fact).decode(),
    }
