"""What agents wrote down of visitors: each detail by itself, so that two of them can be changed at the same time."""

import datetime as dt
import hashlib
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from havana.chat.errors import LimitReached
from havana.chat.visiting import OWN_FIELDS, VALUES, Detail
from havana.storage.dialects import insert
from havana.storage.tables import agents
from havana.storage.versions import Outdated
from havana.storage.visitor_tables import visitor_details as table

LOOKED_UP_AT_ONCE = 500


def of(conn: sa.Connection, visitor: str) -> tuple[Detail, ...]:
    """In the order in which they were begun."""
    mine = _ALL.where(table.c.visitor_id == visitor).order_by(table.c.created_at, table.c.field)
    return tuple(Detail(*row) for row in conn.execute(mine))


def find(conn: sa.Connection, visitor: str, field: str) -> Detail | None:
    row = conn.execute(_ALL.where(table.c.visitor_id == visitor, table.c.field == field)).first()
    return Detail(*row) if row else None


def name_of(conn: sa.Connection, visitor: str) -> str | None:
    """What the team calls the visitor, if anybody has said."""
    return names(conn, [visitor]).get(visitor)


def names(conn: sa.Connection, some: Collection[str]) -> dict[str, str]:
    """Of those of the visitors whom the team calls by a name: which."""
    wanted, found = list(dict.fromkeys(some)), dict[str, str]()
    for begin in range(0, len(wanted), LOOKED_UP_AT_ONCE):
        these = table.c.visitor_id.in_(wanted[begin : begin + LOOKED_UP_AT_ONCE])
        named = sa.select(table.c.visitor_id, table.c.value).where(these, table.c.field == "name")
        found.update((visitor, name) for visitor, name in conn.execute(named))
    return found


def save(
    conn: sa.Connection,
    visitor: str,
    field: str,
    value: str,
    *,
    agent: str,
    now: dt.datetime,
    version: str | None,
) -> bool:
    """Stores the value, or with an empty one removes the detail; whether that changed anything.

    `version` is of what was changed into this; None if there was nothing. `Outdated` if somebody else came first,
    unless it says the same already.
    """
    known = find(conn, visitor, field)
    if (known.value if known else "") == value:
        return False
    here = (table.c.visitor_id == visitor, table.c.field == field, table.c.digest == version)
    # Each statement says what it is based on: somebody may come first between the look and the change.
    if version is None:
        _check_room(conn, visitor, field)
        done = conn.execute(_new(conn, visitor, field, value, agent, now))
    elif value:
        changed = {"value": value, "digest": _digest(value), "updated_at": now, "written_by": agent}
        done = conn.execute(table.update().where(*here).values(changed))
    else:
        done = conn.execute(table.delete().where(*here))
    if done.rowcount != 1:
        raise Outdated(find(conn, visitor, field))
    return True


def _new(conn: sa.Connection, visitor: str, field: str, value: str, agent: str, now: dt.datetime) -> sa.Insert:
    row: dict[str, Any] = {"visitor_id": visitor, "field": field, "value": value, "digest": _digest(value)}
    row |= {"created_at": now, "updated_at": now, "written_by": agent}
    new = insert(conn.dialect.name, table).values(row)
    return new.on_conflict_do_nothing(index_elements=[table.c.visitor_id, table.c.field])


def _check_room(conn: sa.Connection, visitor: str, field: str) -> None:
    count = sa.select(sa.func.count()).where(table.c.visitor_id == visitor, table.c.field.not_in(tuple(VALUES)))
    if field not in VALUES and conn.execute(count).scalar_one() >= OWN_FIELDS:
        raise LimitReached(f"A visitor has at most {OWN_FIELDS} details of your own. Remove one first.")


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


_ALL = sa.select(table.c.field, table.c.value, table.c.digest, table.c.updated_at, agents.c.name).outerjoin(
    agents, agents.c.id == table.c.written_by
)
