"""Durable work: at most one job of a kind per subject (a conversation or an agent)."""

import datetime as dt
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

import msgspec
import sqlalchemy as sa

from havana.ids import new_id
from havana.storage.dialects import clock, insert, is_postgres
from havana.storage.tables import jobs


class Job(msgspec.Struct, frozen=True):
    """A job that this worker holds. `revision` tells whether it was wanted again while it ran.

    `lease` tells whether it still is ours: one that was taken for a dead worker's may have been leased again.
    """

    id: str
    kind: str
    subject: str
    seq: int
    revision: int
    attempts: int
    lease: str = ""


class Wish(msgspec.Struct, frozen=True):
    """A job that is to be done."""

    kind: str
    subject: str
    run_at: dt.datetime
    seq: int = 0


def want(conn: sa.Connection, kind: str, subject: str, run_at: dt.datetime, *, seq: int = 0) -> None:
    """Makes the job, or moves the one that is there; a running one runs again after it ends."""
    want_all(conn, [Wish(kind, subject, run_at, seq)])


def want_all(conn: sa.Connection, wishes: Sequence[Wish]) -> None:
    if is_postgres(conn):
        # Each locks its row: two who want the same jobs must come by in the same order.
        wishes = sorted(wishes, key=lambda wish: (wish.kind, wish.subject))
    conn.execute(_want(conn.dialect.name), [{"id": new_id()} | msgspec.structs.asdict(wish) for wish in wishes])


def is_wanted(conn: sa.Connection, kind: str, subject: str) -> bool:
    known = sa.select(jobs.c.id).where(jobs.c.kind == kind, jobs.c.subject == subject)
    return conn.execute(known).first() is not None


def lease(conn: sa.Connection, kinds: Collection[str], now: dt.datetime, until: dt.datetime, limit: int) -> list[Job]:
    """Takes due jobs of these kinds that nobody holds: others are for a node of another release, which can do them.

    Those of a dead holder are freed by `reap`, whatever their kind.
    """
    rows = conn.execute(_due(frozenset(kinds)), {"now": now, "most": limit}).all()
    lease = new_id()
    if rows:
        taken = jobs.c.id.in_([row.id for row in rows])
        conn.execute(jobs.update().where(taken).values(lease=lease, lease_until=clock(conn, now) + (until - now)))
    return [Job(row.id, row.kind, row.subject, row.seq, row.revision, row.attempts, lease) for row in rows]


def renew(conn: sa.Connection, held: Collection[Job], now: dt.datetime, until: dt.datetime) -> None:
    """Keeps the leases of those that still are ours."""
    _set_lease(conn, _ours(held), clock(conn, now) + (until - now))


def reap(conn: sa.Connection, now: dt.datetime) -> int:
    """Frees every job whose lease has run out; tells how many those were."""
    return _set_lease(conn, jobs.c.lease_until < clock(conn, now), None)


def release(conn: sa.Connection, held: Collection[Job]) -> None:
    """Frees those that still are ours, to run again at once."""
    _set_lease(conn, _ours(held), None)


def complete(conn: sa.Connection, job: Job) -> None:
    """Ends the job, or frees it to run again if it was wanted meanwhile. Somebody else's now is left to them."""
    ended = conn.execute(jobs.delete().where(_held(job), jobs.c.revision == job.revision))
    if ended.rowcount == 0:
        conn.execute(jobs.update().where(_held(job)).values(lease_until=None))


def postpone(conn: sa.Connection, job: Job, run_at: dt.datetime, attempts: int) -> None:
    """Frees the job to run at `run_at`, unless it was wanted meanwhile: then at the time that was wanted."""
    conn.execute(jobs.update().where(_held(job)).values(lease_until=None))
    conn.execute(
        jobs.update().where(_held(job), jobs.c.revision == job.revision).values(run_at=run_at, attempts=attempts)
    )


def release_all(conn: sa.Connection) -> None:
    """When nobody else serves this database: whoever held a lease is dead."""
    conn.execute(jobs.update().where(jobs.c.lease_until.is_not(None)).values(lease_until=None))


def next_run_at(conn: sa.Connection, kinds: Collection[str]) -> dt.datetime | None:
    """When the next free job of these kinds is due."""
    return conn.execute(_next(frozenset(kinds))).scalar()


@cache
def _want(dialect: str) -> sa.Insert:
    made = insert(dialect, jobs).values(revision=1, attempts=0)
    return made.on_conflict_do_update(
        index_elements=[jobs.c.kind, jobs.c.subject],
        set_={
            "run_at": made.excluded.run_at,
            "seq": made.excluded.seq,
            "revision": jobs.c.revision + 1,
            "attempts": 0,
        },
    )


# Built once: a visitor waits for them.
@cache
def _due(kinds: frozenset[str]) -> sa.Select[Any]:
    due = sa.select(jobs).where(jobs.c.run_at <= sa.bindparam("now"), *_free(kinds))
    # Who else looks for work must not wait for what we take (SQLite, where only one writes, ignores it).
    return due.order_by(jobs.c.run_at).limit(sa.bindparam("most")).with_for_update(skip_locked=True)


@cache
def _next(kinds: frozenset[str]) -> sa.Select[dt.datetime]:
    return sa.select(jobs.c.run_at).where(*_free(kinds)).order_by(jobs.c.run_at).limit(1)


def _free(kinds: Collection[str]) -> tuple[sa.ColumnElement[bool], ...]:
    # Not the bare column, or a database reads all jobs of these kinds by its index and sorts them by time.
    return (jobs.c.kind + "").in_(sorted(kinds)), jobs.c.lease_until.is_(None)


def _set_lease(conn: sa.Connection, those: sa.ColumnElement[bool], until: Any) -> int:
    """Of leased jobs. Rows are locked in the order in which `want_all` does; one that is locked already is left out.

    Leases are renewed, and looked at, often enough for that.
    """
    leased = sa.select(jobs.c.id).where(those, jobs.c.lease_until.is_not(None)).order_by(jobs.c.kind, jobs.c.subject)
    ids = conn.execute(leased.with_for_update(skip_locked=True)).scalars().all()
    if ids:
        conn.execute(jobs.update().where(jobs.c.id.in_(ids)).values(lease_until=until))
    return len(ids)


def _ours(held: Collection[Job]) -> sa.ColumnElement[bool]:
    return sa.tuple_(jobs.c.id, jobs.c.lease).in_([(job.id, job.lease) for job in held])


def _held(job: Job) -> sa.ColumnElement[bool]:
    return sa.and_(jobs.c.id == job.id, jobs.c.lease == job.lease)
