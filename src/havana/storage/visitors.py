"""Visitors who have written: whether they may go on."""

import datetime as dt
from collections.abc import Collection

import msgspec
import sqlalchemy as sa

from havana.chat.people import Visitor
from havana.storage.dialects import insert
from havana.storage.tables import visitors


class VisitorRow(msgspec.Struct, frozen=True):
    """What is stored of a visitor. `conversation_id` is the current one."""

    conversation_id: str | None
    blocked_at: dt.datetime | None


def ensure(conn: sa.Connection, visitor: Visitor, now: dt.datetime) -> VisitorRow:
    """The visitor's row, made with the first words."""
    conn.execute(
        insert(conn.dialect.name, visitors)
        .values(id=visitor.id, site_id=visitor.site, name=visitor.name, created_at=now)
        .on_conflict_do_nothing(index_elements=[visitors.c.id])
    )
    row = conn.execute(sa.select(visitors).where(visitors.c.id == visitor.id)).one()
    return VisitorRow(row.conversation_id, row.blocked_at)


def find(conn: sa.Connection, visitor: str) -> VisitorRow | None:
    """None for somebody who has not written yet."""
    row = conn.execute(sa.select(visitors).where(visitors.c.id == visitor)).first()
    return VisitorRow(row.conversation_id, row.blocked_at) if row else None


def is_blocked(conn: sa.Connection, visitor: str) -> bool:
    """Somebody who has not written yet has no row, and nobody has blocked them."""
    blocked_at = conn.execute(sa.select(visitors.c.blocked_at).where(visitors.c.id == visitor)).scalar()
    return blocked_at is not None


def blocked(conn: sa.Connection, some: Collection[str]) -> set[str]:
    """Those of the visitors who are blocked."""
    chosen = sa.select(visitors.c.id).where(visitors.c.id.in_(some), visitors.c.blocked_at.is_not(None))
    return set(conn.execute(chosen).scalars())


def set_blocked(conn: sa.Connection, visitor: str, at: dt.datetime | None) -> bool:
    """Blocks, or with None unblocks. False if there is no such visitor."""
    changed = conn.execute(visitors.update().where(visitors.c.id == visitor).values(blocked_at=at))
    return changed.rowcount == 1


def current_conversation(conn: sa.Connection, visitor: str) -> str | None:
    """The conversation that the visitor's row points to: the open one, or the last."""
    found: str | None = conn.execute(sa.select(visitors.c.conversation_id).where(visitors.c.id == visitor)).scalar()
    return found
