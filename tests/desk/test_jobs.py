"""Durable work: at once, again after a failure, once more if it was wanted meanwhile, never by two."""

import asyncio
import datetime as dt

from havana.jobs import Worker
from havana.storage import jobs as store

from .conftest import Office


async def test_a_job_of_an_append_is_taken_up_and_gone_when_done(office: Office):
    taken = asyncio.Queue[str]()

    async def answer(job: store.Job) -> None:
        taken.put_nowait(job.subject)

    office.worker.register("answer", answer)
    await office.worker.start()
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
    await office.worker.start()
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

    worker = Worker(office.database, lambda: dt.datetime.now(dt.UTC))
    worker.register("remind", fails_once)
    await worker.start()
    await worker.want("remind", "conversation", 0)

    assert [await attempts.get(), await attempts.get()] == [0, 1]
    await worker.stop()


async def test_a_leased_job_is_not_given_to_anybody_else_until_its_lease_runs_out(office: Office):
    now = office.clock()
    until = now + dt.timedelta(seconds=60)
    await office.database.write(lambda conn: store.want(conn, "remind", "c", now))

    def lease(at: dt.datetime) -> list[store.Job]:
        return office.database.write_now(lambda conn: store.lease(conn, at, at + dt.timedelta(seconds=60), 10))

    assert len(lease(now)) == 1
    assert lease(now) == []
    assert len(lease(until + dt.timedelta(seconds=1))) == 1


async def test_what_a_killed_process_held_runs_at_the_next_start(office: Office):
    now = office.clock()
    await office.database.write(lambda conn: store.want(conn, "remind", "c", now))
    await office.database.write(lambda conn: store.lease(conn, now, now + dt.timedelta(hours=1), 10))
    ran = asyncio.Queue[str]()

    async def remind(job: store.Job) -> None:
        ran.put_nowait(job.subject)

    office.worker.register("remind", remind)
    await office.worker.start()

    assert await ran.get() == "c"
    await office.worker.stop()
