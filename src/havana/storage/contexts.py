"""What visitors' pages told: one row for a visitor, with what was told last."""

import datetime as dt
from typing import Any

import sqlalchemy as sa

from havana.chat.visiting import Context, Description, Page
from havana.storage import jobs
from havana.storage.dialects import insert
from havana.storage.tables import visitors
from havana.storage.visitor_tables import visitor_contexts as table

FORGETTING, FORGET_EVERY_S = ("forget", "visitors"), 24 * 3600
"""The job that removes what is too old: one for all, as long as there is anything."""
VISIT = dt.timedelta(minutes=30)
"""Whoever comes back later than this comes anew."""


def store(conn: sa.Connection, visitor: str, said: Description, now: dt.datetime) -> bool:
    """False for somebody who has not written yet: of them nothing is stored."""
    if conn.execute(sa.select(visitors.c.id).where(visitors.c.id == visitor)).first() is None:
        return False
    before = find(conn, visitor)
    values: dict[str, Any] = {
        "path": said.page.path if said.page else None,
        "title": said.page.title if said.page else "",
        "referrer": said.referrer or _came_from(before, said, now),
        "language": said.language,
        "zone": said.zone,
        "device": said.device,
        "since": before.since if before and before.page == said.page and _is_same_visit(before, now) else now,
        "seen_at": now,
    }
    new = insert(conn.dialect.name, table).values({"visitor_id": visitor} | values)
    conn.execute(new.on_conflict_do_update(index_elements=[table.c.visitor_id], set_=values))
    if before is None and not jobs.is_wanted(conn, *FORGETTING):
        jobs.want(conn, *FORGETTING, now + dt.timedelta(seconds=FORGET_EVERY_S))
    return True


def _came_from(before: Context | None, said: Description, now: dt.datetime) -> str:
    """The website that led here is told on the first page of a visit only."""
    return before.referrer if before and said.page and _is_same_visit(before, now) else ""


def _is_same_visit(before: Context, now: dt.datetime) -> bool:
    return now - before.seen_at < VISIT


def seen(conn: sa.Connection, visitor: str, now: dt.datetime) -> None:
    conn.execute(table.update().where(table.c.visitor_id == visitor).values(seen_at=now))


def find(conn: sa.Connection, visitor: str) -> Context | None:
    row = conn.execute(sa.select(table).where(table.c.visitor_id == visitor)).first()
    if row is None:
        return None
    page = None if row.path is None else Page(row.path, row.title)
    return Context(page, row.referrer, row.language, row.zone, row.device, row.since, row.seen_at)


def forget(conn: sa.Connection, before: dt.datetime) -> bool:
    """Those of visitors who were not seen since then. Whether there are others."""
    conn.execute(table.delete().where(table.c.seen_at < before))
    return conn.execute(sa.select(table.c.visitor_id).limit(1)).first() is not None
