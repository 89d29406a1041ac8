"""Lists of conversations, as agents see them, and read marks."""

import datetime as dt
from collections.abc import Collection, Iterable
from functools import cache
from typing import Any, get_args

import msgspec
import sqlalchemy as sa

from havana.chat.control import Control
from havana.chat.fold import Fold
from havana.ids import first_id
from havana.storage.history import fold_of
from havana.storage.tables import conversations, events, marks

LOOKED_UP_AT_ONCE = 500
"""Ids in one statement."""


class Mark(msgspec.Struct, frozen=True):
    """How far a role has read: the same place as the staff and as the visitor count it."""

    conversation: str
    role: str
    seq: int
    public_seq: int


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
    label: str | None = None
    """With this label."""
    visitor: str | None = None
    """Of this visitor."""
    teams: tuple[str, ...] = ()
    """Waiting for any of these teams."""
    waiting: bool = False
    """Only those that wait for a person, or for one to allow something."""

    def matches(self, fold: Fold) -> bool:
        """What the lists of the database say, of one conversation."""
        return (
            (not self.control or fold.control in self.control)
            and (not self.agent or (fold.control == "human" and fold.agent is not None and fold.agent.id == self.agent))
            and (not self.site or fold.site == self.site)
            and (not self.label or self.label in fold.labels)
            and (not self.visitor or fold.visitor.id == self.visitor)
            and (not self.teams or (fold.control == "pending" and fold.team is not None and fold.team.id in self.teams))
            and (not self.waiting or fold.waits)
        )


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
    given: dict[str, Any] = {name: getattr(wanted, name) or None for name in ("agent", "site", "visitor")}
    given["teams"] = list(wanted.teams) or None
    given["label"] = _holding(wanted.label) if wanted.label else None
    given |= {"only": None if only is None else list(only), "at": None, "id": None}
    if before is not None:
        given |= {"at": before[0], "id": before[1]}
    given = {name: value for name, value in given.items() if value is not None}
    controls = tuple(control for control in get_args(Control) if not wanted.control or control in wanted.control)
    if wanted.waiting:
        # Nobody waits where all is over.
        controls = tuple(control for control in controls if control != "closed")
    if not controls:
        return []
    asked = frozenset(given) | ({"waiting"} if wanted.waiting else frozenset())
    statement = _list(controls, asked, waiting_first=waiting_first)
    found = [_row(row) for row in conn.execute(statement, given | {"reader": reader, "limit": limit})]
    # A call that is being made is no call that waits; only the fold tells them apart.
    return [row for row in found if row.fold.waits] if wanted.waiting else found


def changed_since(conn: sa.Connection, at: dt.datetime) -> list[Top]:
    """Every conversation with an event that is younger than `at`."""
    recent = sa.select(events.c.conversation_id).where(events.c.id >= first_id(at))
    # Not DISTINCT: SQLite would read all events in the order of their conversations to spare itself the sorting.
    ids = list(dict.fromkeys(conn.execute(recent).scalars()))
    # Looked up by name: PostgreSQL takes the last minute for a hundredth of all that was ever said, and would rather
    # read all conversations than join so many.
    tops: list[Top] = []
    for begin in range(0, len(ids), LOOKED_UP_AT_ONCE):
        some = conversations.c.id.in_(ids[begin : begin + LOOKED_UP_AT_ONCE])
        top = sa.select(*(conversations.c[name] for name in ("id", "visitor_id", "seq", "public_seq"))).where(some)
        tops += [Top(*row) for row in conn.execute(top)]
    return tops


def held_by(conn: sa.Connection, agent: str) -> list[str]:
    held = sa.select(conversations.c.id).where(conversations.c.agent_id == agent, conversations.c.control == "human")
    return list(conn.execute(held).scalars())


def of_visitor(conn: sa.Connection, visitor: str, limit: int) -> tuple[str, ...]:
    """The visitor's conversations, newest activity first."""
    theirs = sa.select(conversations.c.id).where(conversations.c.visitor_id == visitor)
    return tuple(conn.execute(theirs.order_by(*_newest(conversations)).limit(limit)).scalars())


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


def furthest(conn: sa.Connection, some: Collection[str]) -> list[Mark]:
    """Of the conversations: the mark of the furthest reader of each role."""
    far = (
        sa.select(marks.c.conversation_id, marks.c.role, sa.func.max(marks.c.seq).label("seq"))
        .where(marks.c.conversation_id.in_(some))
        .group_by(marks.c.conversation_id, marks.c.role)
        .subquery()
    )
    public = (
        sa.select(sa.func.coalesce(sa.func.max(events.c.public_seq), 0))
        .where(events.c.conversation_id == far.c.conversation_id, events.c.seq <= far.c.seq)
        .scalar_subquery()
    )
    found = sa.select(far.c.conversation_id, far.c.role, far.c.seq, public).order_by(far.c.conversation_id, far.c.role)
    return [Mark(*row) for row in conn.execute(found)]


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


_LIMIT = sa.bindparam("limit", type_=sa.Integer)
_CONDITIONS: dict[str, sa.ColumnElement[bool]] = {
    # Only a person holds anything. With it, no database looks through all that are closed.
    "agent": sa.and_(conversations.c.agent_id == sa.bindparam("agent"), conversations.c.control == "human"),
    "site": conversations.c.site_id == sa.bindparam("site"),
    "teams": sa.and_(
        conversations.c.team_id.in_(sa.bindparam("teams", expanding=True)), conversations.c.control == "pending"
    ),
    "visitor": conversations.c.visitor_id == sa.bindparam("visitor"),
    "label": conversations.c.labels.like(sa.bindparam("label"), escape="\\"),
    "waiting": sa.or_(conversations.c.control == "pending", conversations.c.calls.is_not(None)),
    "only": conversations.c.id.in_(sa.bindparam("only", expanding=True)),
    # Two conditions, of which the first tells an index where to begin.
    "at": conversations.c.at <= sa.bindparam("at"),
    "id": sa.or_(conversations.c.at < sa.bindparam("at"), conversations.c.id < sa.bindparam("id")),
}


@cache
def _list(controls: tuple[str, ...], asked: frozenset[str], *, waiting_first: bool) -> sa.Select[Any]:
    """Kept, for to build it would take ten times as long as to carry it out."""
    chosen = sa.select(conversations).where(*(_CONDITIONS[name] for name in sorted(asked)))
    if asked & {"only", "agent", "visitor"}:
        found = chosen.where(conversations.c.control.in_(controls)).subquery()
    else:
        # Of each control so many, which an index holds in this order: what is read does not grow with what is kept.
        parts = (chosen.where(conversations.c.control == control) for control in controls)
        first = (part.order_by(*_newest(conversations)).limit(_LIMIT).subquery() for part in parts)
        found = sa.union_all(*map(sa.select, first)).subquery()
    page = sa.select(found).order_by(*_newest(found, waiting_first=waiting_first)).limit(_LIMIT).subquery()
    mine = sa.select(marks.c.messages).where(
        marks.c.conversation_id == page.c.id, marks.c.reader == sa.bindparam("reader")
    )
    listed = sa.select(page, mine.scalar_subquery().label("messages_read"))
    return listed.order_by(*_newest(page, waiting_first=waiting_first))


def _holding(label: str) -> str:
    """The pattern of a JSON list with this label in it."""
    written = msgspec.json.encode(label).decode()
    for special in ("\\", "%", "_"):
        written = written.replace(special, f"\\{special}")
    return f"%{written}%"


def _newest(found: sa.FromClause, *, waiting_first: bool = False) -> list[sa.ColumnElement[Any]]:
    waiting = [(found.c.control == "pending").desc()] if waiting_first else []
    return [*waiting, found.c.at.desc(), found.c.id.desc()]


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
