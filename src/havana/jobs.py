"""Durable work: takes due jobs, runs each by the handler that `app` registered for its kind, and tries again.

A job is leased while it runs and its lease renewed; the lease of a dead worker runs out and the job runs again, so
handlers must be safe to repeat (they are requests to the desk, which ask what is still to be done).
"""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable

import structlog

from havana.storage import jobs as store
from havana.storage.database import Database
from havana.storage.jobs import Job

Handler = Callable[[Job], Awaitable[None]]
Clock = Callable[[], dt.datetime]

LEASE = dt.timedelta(seconds=60)
RENEW_EVERY_S = 20.0
LONGEST_SLEEP_S = 5.0
"""A command beside the server may write a job; it is found at the latest after this."""
AT_ONCE = 200
FIRST_RETRY_S = 1.0
LONGEST_RETRY_S = 300.0

log = structlog.get_logger()


class Worker:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._handlers: dict[str, Handler] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._woken = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None

    def register(self, kind: str, handler: Handler) -> None:
        self._handlers[kind] = handler

    def wake(self) -> None:
        """A job was written: look at once."""
        self._woken.set()

    async def want(self, kind: str, subject: str, delay_s: float, *, seq: int = 0) -> None:
        """A job that no event causes (an agent's connection is gone)."""
        run_at = self._clock() + dt.timedelta(seconds=delay_s)
        await self._database.write(lambda conn: store.want(conn, kind, subject, run_at, seq=seq))
        self.wake()

    async def start(self) -> None:
        await self._database.write(store.release_all)
        self._loop = asyncio.create_task(self._work(), name="jobs")

    async def stop(self) -> None:
        """Cancels what runs; it stays in the table and runs again at the next start."""
        tasks = [task for task in (self._loop, *self._running.values()) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _work(self) -> None:
        renewed = self._clock()
        while True:
            self._woken.clear()
            try:
                now = self._clock()
                if (now - renewed).total_seconds() > RENEW_EVERY_S:
                    await self._renew(now)
                    renewed = now
                await self._take(now)
                pause = await self._pause()
            except Exception:
                log.exception("jobs: could not look for work")
                pause = LONGEST_SLEEP_S
            try:
                async with asyncio.timeout(pause):
                    await self._woken.wait()
            except TimeoutError:
                pass

    async def _renew(self, now: dt.datetime) -> None:
        ids = list(self._running)
        await self._database.write(lambda conn: store.renew(conn, ids, now + LEASE))

    async def _take(self, now: dt.datetime) -> None:
        room = AT_ONCE - len(self._running)
        due = await self._database.read(store.next_run_at)
        if room <= 0 or due is None or due > now:
            return
        for job in await self._database.write(lambda conn: store.lease(conn, now, now + LEASE, room)):
            self._running[job.id] = asyncio.create_task(self._run(job), name=f"job {job.kind}")

    async def _pause(self) -> float:
        due = await self._database.read(store.next_run_at)
        if due is None or len(self._running) >= AT_ONCE:
            return LONGEST_SLEEP_S
        return min(max((due - self._clock()).total_seconds(), 0.0), LONGEST_SLEEP_S)

    async def _run(self, job: Job) -> None:
        try:
            await self._handlers[job.kind](job)
        except Exception:
            retry_s = min(FIRST_RETRY_S * 2**job.attempts, LONGEST_RETRY_S)
            log.exception("job failed", kind=job.kind, subject=job.subject, attempts=job.attempts, retry_s=retry_s)
            run_at = self._clock() + dt.timedelta(seconds=retry_s)
            await self._database.write(lambda conn: store.postpone(conn, job, run_at, job.attempts + 1))
        else:
            await self._database.write(lambda conn: store.complete(conn, job))
        finally:
            self._running.pop(job.id, None)
            self.wake()
