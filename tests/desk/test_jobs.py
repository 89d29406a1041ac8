"""Durable work: at once, again after a failure, once more if it was wanted meanwhile, never by two."""

import asyncio
import datetime as dt
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.jobs import KINDS

from havana.app import build
from havana.chat.errors import Busy
from havana.config import Settings
from havana.jobs import Handler, Pace, Worker, retry_after_s
from havana.storage import jobs as store
from havana.storage.tables import jobs

from .conftest import Office


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@asynccontextmanager
async def working(office: Office, pace: Pace | None = None, **handlers: Handler) -> AsyncIterator[Worker]:
    """A worker that lives by the real clock, for as long as it takes."""
    worker = Worker(office.database, now, pace or Pace())
    for kind, handler in handlers.items():
        worker.register(kind, handler)
    worker.start()
    try:
        async with asyncio.timeout(20):
            yield worker
    finally:
        await worker.stop()


async def put(office: Office, *, attempts: int = 0, leased_for_s: float | None = None) -> None:
    """The one job, due; if it is leased, by a worker that never comes back."""
    lease_until = None if leased_for_s is None else now() + dt.timedelta(seconds=leased_for_s)

    def work(conn: sa.Connection) -> None:
        conn.execute(jobs.delete())
        store.want(conn, "remind", "conversation", now())
        conn.execute(jobs.update().values(attempts=attempts, lease_until=lease_until))

    await office.database.write(work)


async def changed(office: Office, wanted: Callable[[sa.Row[Any]], bool]) -> sa.Row[Any]:
    """The one job as it is stored, as soon as it is as wanted."""
    while True:
        row = await office.database.read(lambda conn: conn.execute(sa.select(jobs)).one())
        if wanted(row):
            return row


async def gone(office: Office) -> None:
    """Waits until the one job is done."""
    while await office.database.read(lambda conn: conn.execute(sa.select(jobs)).first()) is not None:
        pass


async def test_a_job_of_an_append_is_taken_up_and_gone_when_done(office: Office):
    taken = asyncio.Queue[str]()

    async def answer(job: store.Job) -> None:
        taken.put_nowait(job.subject)

    office.worker.register("answer", answer)
    office.worker.start()
    done = await office.posts(office.visitor())

    assert await taken.get() == done.fold.id
    await office.worker.stop()


async def test_a_job_that_is_wanted_while_it_runs_runs_once_more(office: Office):
    runs = asyncio.Queue[int]()
    go_on = asyncio.Event()

    async def answer(job: store.Job) -> None:
        runs.put_nowait(job.revision)
        await go_on.wait()

    office.worker.register("answer", answer)
    office.worker.start()
    visitor = office.visitor()
    await office.posts(visitor, "One")
    assert await runs.get() == 1
    await office.posts(visitor, "Two")
    await office.posts(visitor, "Three")
    go_on.set()

    assert await runs.get() == 3
    await office.worker.stop()


async def test_a_job_that_fails_is_tried_again_later(office: Office):
    attempts = asyncio.Queue[int]()

    async def fails_once(job: store.Job) -> None:
        attempts.put_nowait(job.attempts)
        if job.attempts == 0:
            raise RuntimeError("not yet")

    async with working(office, remind=fails_once) as worker:
        await worker.want("remind", "conversation", 0)

        assert [await attempts.get(), await attempts.get()] == [0, 1]


@pytest.mark.parametrize("attempts", [0, 3, 5000])
async def test_a_job_that_always_fails_rests_longer_each_time_and_is_never_given_up(office: Office, attempts: int):
    async def fails(job: store.Job) -> None:
        raise RuntimeError("never")

    await put(office, attempts=attempts)
    began = now()
    async with working(office, remind=fails):
        row = await changed(office, lambda row: row.attempts == attempts + 1)

    rest = (row.run_at - began).total_seconds()
    assert retry_after_s(attempts) <= rest < retry_after_s(attempts) + 5
    assert row.lease_until is None


def test_the_rests_double_from_a_second_to_five_minutes():
    rests = [retry_after_s(attempts) for attempts in (0, 1, 2, 3, 8, 9, 100_000)]

    assert rests == [1, 2, 4, 8, 256, 300, 300]


async def test_a_handler_that_hangs_is_cancelled_and_its_job_tried_again(office: Office):
    attempts = asyncio.Queue[int]()

    async def hangs_once(job: store.Job) -> None:
        attempts.put_nowait(job.attempts)
        if job.attempts == 0:
            await asyncio.Event().wait()

    async with working(office, Pace(longest_run_s=0.05), remind=hangs_once) as worker:
        await worker.want("remind", "conversation", 0)

        assert [await attempts.get(), await attempts.get()] == [0, 1]


async def test_the_lease_of_a_job_that_takes_long_is_renewed_while_it_runs(office: Office):
    started, go_on = asyncio.Event(), asyncio.Event()

    async def takes_long(job: store.Job) -> None:
        started.set()
        await go_on.wait()

    async with working(office, Pace(renew_every_s=0.05), remind=takes_long) as worker:
        await worker.want("remind", "conversation", 0)
        await started.wait()
        first = await changed(office, lambda row: row.lease_until is not None)
        later = await changed(office, lambda row: row.lease_until > first.lease_until)
        go_on.set()

        assert later.attempts == 0
        await gone(office)


MINUTE = dt.timedelta(seconds=60)


def leased(office: Office, at: dt.datetime) -> list[store.Job]:
    return office.database.write_now(lambda conn: store.lease(conn, KINDS, at, at + MINUTE, 10))


def reaped(office: Office, at: dt.datetime) -> int:
    return office.database.write_now(lambda conn: store.reap(conn, at))


# PostgreSQL has a clock of its own, which no test moves.
@pytest.mark.parametrize("database_url", [None])
async def test_a_leased_job_is_given_to_nobody_else_until_its_lease_has_run_out(office: Office):
    at = office.clock()
    await office.database.write(lambda conn: store.want(conn, "remind", "dead", at))
    await office.database.write(lambda conn: store.want(conn, "remind", "alive", at))

    def reaps(at: dt.datetime) -> int:
        office.database.write_now(lambda conn: store.renew(conn, mine, at, at + MINUTE))
        return reaped(office, at)

    mine = [job for job in leased(office, at) if job.subject == "alive"]
    assert leased(office, at) == []
    assert reaps(at + MINUTE) == 0
    assert reaps(at + MINUTE * 2) == 1
    assert [job.subject for job in leased(office, at + MINUTE * 2)] == ["dead"]


@pytest.mark.parametrize("database_url", [None])
async def test_who_was_taken_for_dead_does_not_keep_a_lease_that_is_somebody_elses(office: Office):
    at = office.clock()
    await office.database.write(lambda conn: store.want(conn, "remind", "conversation", at))
    first, late = leased(office, at), at + MINUTE * 2
    assert reaped(office, late) == 1
    assert len(leased(office, late)) == 1

    office.database.write_now(lambda conn: store.renew(conn, first, late, late + MINUTE * 9))
    office.database.write_now(lambda conn: store.release(conn, first))
    assert leased(office, late) == []
    assert reaped(office, late + MINUTE * 2) == 1


async def test_a_job_whose_worker_died_is_taken_up_by_another_though_nothing_else_is_due(office: Office):
    ran = asyncio.Queue[str]()

    async def remind(job: store.Job) -> None:
        ran.put_nowait(job.subject)

    async with working(office, Pace(renew_every_s=0.05), remind=remind):
        await put(office, leased_for_s=0.1)

        assert await ran.get() == "conversation"


async def test_a_worker_that_is_stopped_in_the_middle_leaves_its_job_to_the_next(office: Office):
    started = asyncio.Queue[int]()
    cancelled = False

    async def stopped(job: store.Job) -> None:
        nonlocal cancelled
        started.put_nowait(job.attempts)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled = True
            raise

    async with working(office, remind=stopped) as worker:
        await worker.want("remind", "conversation", 0)
        await started.get()
    assert cancelled
    due = await office.database.read(lambda conn: store.next_run_at(conn, KINDS))
    assert due is not None
    assert due <= now()

    async with working(office, remind=stopped):
        assert await started.get() == 0


async def test_a_worker_that_leaves_ends_what_it_has_and_takes_nothing_new(office: Office):
    started, go_on = asyncio.Queue[str](), asyncio.Event()

    async def remind(job: store.Job) -> None:
        started.put_nowait(job.subject)
        await go_on.wait()

    async with working(office, Pace(renew_every_s=0.05), remind=remind) as worker:
        await worker.want("remind", "first", 0)
        await started.get()
        worker.leave()
        await worker.want("remind", "second", 0)
        go_on.set()
        rows: list[Any] = []
        while [row.subject for row in rows] != ["second"]:
            rows = list(await office.database.read(lambda conn: conn.execute(sa.select(jobs)).all()))

        assert (rows[0].lease_until, started.empty()) == (None, True)


async def test_a_job_that_met_a_full_disk_has_not_failed_and_does_not_wait_long(office: Office):
    attempts = asyncio.Queue[int]()

    async def refused_thrice(job: store.Job) -> None:
        attempts.put_nowait(job.attempts)
        if attempts.qsize() < 4:
            raise Busy("The disk is full.", retry_ms=1)

    async with working(office, remind=refused_thrice) as worker:
        await worker.want("remind", "conversation", 0)
        await gone(office)

    assert [attempts.get_nowait() for _ in range(4)] == [0, 0, 0, 0]


@pytest.mark.parametrize("database_url", [None])
async def test_a_job_that_is_done_while_the_disk_takes_nothing_is_not_done_twice(office: Office, tmp_path: Path):
    runs = 0
    other = sqlite3.connect(tmp_path / "havana.db", isolation_level=None)
    await office.database.write(lambda conn: conn.exec_driver_sql("PRAGMA busy_timeout = 1"))
    pace = Pace(busy_s=0.01, renew_every_s=0.05, lease_s=0.1)

    async def remind(job: store.Job) -> None:
        nonlocal runs
        runs += 1
        other.execute("BEGIN IMMEDIATE")
        # Long enough for the lease to run out.
        asyncio.get_running_loop().call_later(0.3, other.execute, "ROLLBACK")

    async with working(office, pace, remind=remind) as worker:
        await worker.want("remind", "conversation", 0)
        await gone(office)
    other.close()

    assert runs == 1


async def test_who_was_taken_for_dead_does_not_end_the_job_of_who_took_their_place(office: Office):
    now = office.clock()
    await office.database.write(lambda conn: store.want(conn, "answer", "conversation", now))
    (stalled,) = await office.database.write(lambda conn: store.lease(conn, KINDS, now, now, 1))
    await office.database.write(store.release_all)
    (second,) = await office.database.write(lambda conn: store.lease(conn, KINDS, now, now, 1))
    await office.database.write(lambda conn: store.complete(conn, stalled))
    await office.database.write(store.release_all)

    (third,) = await office.database.write(lambda conn: store.lease(conn, KINDS, now, now, 1))
    assert third.id == second.id == stalled.id


async def test_a_job_of_a_kind_that_nobody_here_does_is_left_to_who_does(office: Office):
    done = asyncio.Event()

    async def remind(_job: store.Job) -> None:
        done.set()

    def put(conn: sa.Connection) -> None:
        long_due = now() - dt.timedelta(hours=1)
        for number in range(3):
            store.want(conn, "translate", f"c{number}", long_due)
        # Of a newer node that has died at it.
        conn.execute(jobs.update().where(jobs.c.subject == "c0").values(lease_until=long_due, lease="l1"))
        store.want(conn, "remind", "c9", now())

    await office.database.write(put)
    async with working(office, remind=remind) as worker:
        await done.wait()
        while len(left := await office.database.read(lambda conn: conn.execute(sa.select(jobs)).all())) > 3:
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert await pause_of(worker) > 1

    assert {(job.kind, job.attempts, job.lease_until) for job in left} == {("translate", 0, None)}


async def pause_of(worker: Worker) -> float:
    """How long it would sleep now: not at all if it believed that there is something to do."""
    return await worker._take()


def test_a_server_does_every_kind_of_job(tmp_path: Path):
    """What it has no handler for, it would leave to others for ever."""
    mail = {"smtp_url": "smtp://mail.test", "mail_from": "chat@x.example", "public_url": "https://x.example"}
    app = build(Settings(data=tmp_path, **mail))
    app._worker._database.close_now()

    assert sorted(app._worker._handlers) == sorted(KINDS)
