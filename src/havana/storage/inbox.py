"""Lists of conversations, as agents see them, and read marks."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import msgspec
import sqlalchemy as sa

from havana.chat.fold import Fold
from havana.ids import first_id
from havana.storage.history import fold_of
from havana.storage.tables import conversations, events, marks


class Row(msgspec.Struct, frozen=True):
    """A conversation and how many of the visitor's messages stood where the reader has read to."""

    fold: Fold
    messages_read: int

    @property
    def unread(self) -> int:
        return max(self.fold.visitor_messages - self.messages_read, 0)


class Top(msgspec.Struct, frozen=True):
    """How far a conversation goes, in both counts."""

    conversation: str
    visitor: str
    seq: int
    public_seq: int


class Filter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which conversations an agent wants to see; everything by default."""

    control: tuple[str, ...] = ()
    """Any of ai, pending, human, closed."""
    agent: str | None = None
    """Held by this agent."""
    site: str | None = None


def rows(
    conn: sa.Connection,
    reader: str,
    wanted: Filter,
    *,
    only: Iterable[str] | None = None,
    before: tuple[dt.datetime, str] | None = None,
    waiting_first: bool = False,
    limit: int = 500,
) -> list[Row]:
    """Newest activity first. `before` is the place (at, id) where the page before ended.

    `waiting_first`: whoever waits is never behind the limit, however much goes on elsewhere.
    """
    mine = sa.and_(marks.c.conversation_id == conversations.c.id, marks.c.reader == reader)
    chosen = sa.select(conversations, marks.c.messages.label("messages_read")).outerjoin(marks, mine)
    if wanted.control:
        chosen = chosen.where(conversations.c.control.in_(wanted.control))
    if wanted.agent:
        chosen = chosen.where(conversations.c.agent_id == wanted.agent)
    if wanted.site:
        chosen = chosen.where(conversations.c.site_id == wanted.site)
    if only is not None:
        chosen = chosen.where(conversations.c.id.in_(list(only)))
    if before is not None:
        at, id_ = before
        later = sa.and_(conversations.c.at == at, conversations.c.id < id_)
        chosen = chosen.where(sa.or_(conversations.c.at < at, later))
    if waiting_first:
        chosen = chosen.order_by((conversations.c.control == "pending").desc())
    chosen = chosen.order_by(conversations.c.at.desc(), conversations.c.id.desc()).limit(limit)
    return [_row(row) for row in conn.execute(chosen)]


def changed_since(conn: sa.Connection, at: dt.datetime) -> list[Top]:
    """Every conversation with an event that is younger than `at`."""
    recent = sa.select(events.c.conversation_id).where(events.c.id >= first_id(at)).distinct()
    chosen = sa.select(
        conversations.c.id, conversations.c.visitor_id, conversations.c.seq, conversations.c.public_seq
    ).where(conversations.c.id.in_(recent))
    return [Top(row.id, row.visitor_id, row.seq, row.public_seq) for row in conn.execute(chosen)]


def held_by(conn: sa.Connection, agent: str) -> list[str]:
    held = sa.select(conversations.c.id).where(conversations.c.agent_id == agent, conversations.c.control == "human")
    return list(conn.execute(held).scalars())


def holders(conn: sa.Connection) -> list[str]:
    """Every agent who holds a conversation."""
    held = sa.select(conversations.c.agent_id).where(conversations.c.control == "human").distinct()
    return [agent for agent in conn.execute(held).scalars() if agent]


def mark(conn: sa.Connection, fold: Fold, reader: str, role: str, seq: int) -> bool:
    """Moves a reader's mark forward to `seq`; False if it stands there or further already."""
    known = conn.execute(
        sa.select(marks.c.seq).where(marks.c.conversation_id == fold.id, marks.c.reader == reader)
    ).scalar()
    if known is not None and known >= seq:
        return False
    row: dict[str, Any] = {"role": role, "seq": seq, "messages": _visitor_messages(conn, fold.id, seq)}
    at = {"conversation_id": fold.id, "reader": reader}
    if known is None:
        conn.execute(marks.insert().values(**at, **row))
    else:
        conn.execute(marks.update().where(marks.c.conversation_id == fold.id, marks.c.reader == reader).values(**row))
    return True


def marks_of(conn: sa.Connection, conversation: str) -> list[tuple[str, int]]:
    """(role, seq) of every reader."""
    found = sa.select(marks.c.role, marks.c.seq).where(marks.c.conversation_id == conversation)
    return [(row.role, row.seq) for row in conn.execute(found)]


def unread_by_visitor(conn: sa.Connection, fold: Fold) -> int:
    """How many public words of others stand after the visitor's mark."""
    read = conn.execute(
        sa.select(marks.c.seq).where(marks.c.conversation_id == fold.id, marks.c.reader == fold.visitor.id)
    ).scalar()
    said = events.c.kind.in_(("message_posted", "answer_finished"))
    count = sa.select(sa.func.count()).where(
        events.c.conversation_id == fold.id,
        events.c.seq > (read or 0),
        events.c.role.in_(("assistant", "agent")),
        said,
    )
    return int(conn.execute(count).scalar() or 0)


def seq_of_public(conn: sa.Connection, conversation: str, public_seq: int) -> int | None:
    found = sa.select(events.c.seq).where(events.c.conversation_id == conversation, events.c.public_seq == public_seq)
    return conn.execute(found).scalar()


def public_seq_until(conn: sa.Connection, conversation: str, seq: int) -> int:
    """The public place that corresponds to `seq`: the last public event up to it."""
    found = sa.select(sa.func.max(events.c.public_seq)).where(
        events.c.conversation_id == conversation, events.c.seq <= seq
    )
    return int(conn.execute(found).scalar() or 0)


def _visitor_messages(conn: sa.Connection, conversation: str, seq: int) -> int:
    count = sa.select(sa.func.count()).where(
        events.c.conversation_id == conversation,
        events.c.seq <= seq,
        events.c.kind == "message_posted",
        events.c.role == "visitor",
    )
    return int(conn.execute(count).scalar() or 0)


def _row(row: sa.Row[Any]) -> Row:
    return Row(fold_of(row), row.messages_read or 0)
