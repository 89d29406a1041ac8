"""Who changed what in the settings, and when: written in the transaction of the change."""

import datetime as dt
from typing import Any

import msgspec
import sqlalchemy as sa

from havana.chat.changes import Change
from havana.chat.people import Agent
from havana.ids import new_id
from havana.storage.tables import audit

KEPT = dt.timedelta(days=730)


class Entry(msgspec.Struct, frozen=True):
    """`agent` and `name` are null for a change by a command. A newer release may have kinds that are not known here."""

    id: str
    at: dt.datetime
    agent: str | None
    name: str | None
    kind: str
    details: dict[str, Any]


def record(conn: sa.Connection, by: Agent | None, change: Change, now: dt.datetime) -> None:
    """`by` is None for a command. Also sweeps what has been kept for long enough, so that nothing else has to."""
    conn.execute(audit.delete().where(audit.c.at < now - KEPT))
    conn.execute(
        audit.insert().values(
            id=new_id(),
            at=now,
            agent_id=by.id if by else None,
            agent_name=by.name if by else None,
            kind=change.kind,
            details=msgspec.json.encode(change.details).decode(),
        )
    )


def page(conn: sa.Connection, limit: int, before: str | None = None) -> list[Entry]:
    """The newest first; those that were made before the one with this id."""
    chosen = sa.select(audit).order_by(audit.c.id.desc()).limit(limit)
    rows = conn.execute(chosen if before is None else chosen.where(audit.c.id < before))
    return [
        Entry(row.id, row.at, row.agent_id, row.agent_name, row.kind, msgspec.json.decode(row.details)) for row in rows
    ]
