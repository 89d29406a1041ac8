"""Durable work: takes due jobs, runs each by the handler that `app` registered for its kind, and tries again.

    written ──due──▶ leased ──done──▶ gone
       ▲               │ failed, or ran too long: later, each time later
       │               │ the disk takes nothing: as soon as it does
       ├───────────────┤ the worker stops: at once
       └───────────────┘ the worker died: its lease runs out, and the reaper frees the job

A job runs at least once, so handlers must be safe to repeat (they are requests to the desk, which ask what is
still to be done).
"""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

import msgspec
import structlog

from havana.chat.errors import Busy
from havana.storage import jobs as store
from havana.storage.database import Connection, Database, Work
from havana.storage.jobs import Job
from havana.storage.trouble import Unusable, patiently

Handler = Callable[[Job], Awaitable[None]]
Clock = Callable[[], dt.datetime]

FIRST_RETRY_S = 1.0
LONGEST_RETRY_S = 300.0
AT_ONCE = 1000
"""Jobs that run side by side. Most wait for a model, and nobody shall wait for other visitors to be answered first."""

log = structlog.get_logger()


class Pace(msgspec.Struct, frozen=True):
    """The worker's times, in seconds."""

    lease_s: float = 12
    """Whoever waits for an answer of a node that has died waits as long for the next one."""
    renew_every_s: float = 4
    longest_sleep_s: float = 5
    """A command beside the server may write a job; it is found at the latest after this."""
    longest_run_s: float = 600
    """A handler that takes longer hangs: it is cancelled and counts as failed."""
    busy_s: float = 2
    """The pause after the database took nothing."""


def retry_after_s(attempts: int) -> float:
    """How long a job rests that has failed once more than `attempts` times: 1, 2, 4 … seconds, at most five minutes."""
    # Bounded before it is a power: a job that fails for days must not overflow.
    return min(FIRST_RETRY_S * 2.0 ** min(attempts, 16), LONGEST_RETRY_S)


class Worker:
    def __init__(self, database: Database, clock: Clock, pace: Pace = Pace()) -> None:  # noqa: B008 - it is frozen
        self._database = database
        self._clock = clock
        self._pace = pace
        self._handlers: dict[str, Handler] = {}
        self._longest: dict[str, float] = {}
        self._running: dict[Job, asyncio.Task[None]] = {}
        self._renewed_at: float | None = None
        self._leaving = False
        self._woken = asyncio.Event()
        self._is_due = False
        self._loop: asyncio.Task[None] | None = None

    def register(self, kind: str, handler: Handler, *, longest_s: float = 0) -> None:
        """`longest_s` is for a handler that may rightly take longer than the usual longest run."""
        self._handlers[kind] = handler
        self._longest[kind] = max(longest_s, self._pace.longest_run_s)

    def wake(self, *, is_due: bool = False) -> None:
        """A job was written: look at once. `is_due` says that it is to run now."""
        self._is_due = self._is_due or is_due
        self._woken.set()

    async def want(self, kind: str, subject: str, delay_s: float, *, seq: int = 0) -> None:
        """A job that no event causes (an agent's connection is gone)."""
        run_at = self._clock() + dt.timedelta(seconds=delay_s)
        await self._database.write(lambda conn: store.want(conn, kind, subject, run_at, seq=seq), of=subject)
        self.wake(is_due=delay_s <= 0)

    def start(self) -> None:
        self._loop = asyncio.create_task(self._work(), name="jobs")

    def leave(self) -> None:
        """Takes nothing new: what comes now is for other nodes, or for the next start."""
        self._leaving = True

    async def stop(self) -> None:
        """Cancels what runs and frees it: it runs again on another node, or at the next start."""
        if self._loop is not None:
            await _cancelled([self._loop])
        held = list(self._running)
        await _cancelled(list(self._running.values()))
        if not held:
            return
        # Otherwise the database has said why, and their leases run out.
        with suppress(Busy, Unusable):
            await self._database.write(lambda conn: store.release(conn, held))

    async def _work(self) -> None:
        while True:
            self._woken.clear()
            try:
                # First, so that what this worker still runs is never taken for a dead one's.
                await self._renew(asyncio.get_running_loop().time())
                pause = await self._take()
            except Busy:
                pause = self._pace.busy_s  # the database has said why
            except Exception:
                log.exception("jobs: could not look for work")
                pause = self._pace.longest_sleep_s
            try:
                async with asyncio.timeout(pause):
                    await self._woken.wait()
            except TimeoutError:
                pass

    async def _renew(self, at: float) -> None:
        """Now and then keeps what runs here, and frees what nobody has kept."""
        since = at - self._renewed_at if self._renewed_at is not None else None
        if since is not None and since < self._pace.renew_every_s:
            return
        now, held = self._clock(), list(self._running)
        until = self._lease_until(now)
        # After a time in which we could not, others may not have been able to either: they get theirs.
        reaps = since is None or since < self._pace.lease_s

        def work(conn: Connection) -> int:
            store.renew(conn, held, now, until)
            return store.reap(conn, now) if reaps else 0

        freed = await self._database.write(work)
        self._renewed_at = asyncio.get_running_loop().time()
        if freed:
            log.warning("jobs of a worker that is gone run again", jobs=freed)

    async def _take(self) -> float:
        """Begins what is due; tells for how many seconds nothing else will be."""
        longest = min(self._pace.longest_sleep_s, self._pace.renew_every_s)
        room = AT_ONCE - len(self._running)
        if self._leaving or room <= 0:
            return longest
        # What has just been written need not be asked for first: a visitor waits for it.
        is_due, self._is_due = self._is_due, False
        next_at = None if is_due else await self._database.read(self._next_run_at)
        now = self._clock()
        if is_due or (next_at is not None and next_at <= now):
            next_at = await self._begin(now, room)
        return longest if next_at is None else min(max((next_at - self._clock()).total_seconds(), 0.0), longest)

    async def _begin(self, now: dt.datetime, room: int) -> dt.datetime | None:
        """Leases and runs what is due; tells when the next one will be."""
        until = self._lease_until(now)

        def work(conn: Connection) -> tuple[list[Job], dt.datetime | None]:
            # What was written after we left may come before this.
            taken = [] if self._leaving else store.lease(conn, self._handlers, now, until, room)
            return taken, self._next_run_at(conn)

        leased, next_at = await self._database.write(work)
        for job in leased:
            self._running[job] = asyncio.create_task(self._run(job), name=f"job {job.kind}")
        return next_at

    def _next_run_at(self, conn: Connection) -> dt.datetime | None:
        """Of what there is a handler for: a newer release may have left other work for its own nodes."""
        return store.next_run_at(conn, self._handlers)

    async def _run(self, job: Job) -> None:
        try:
            ended = await self._carried_out(job)
            # If need be once the disk takes it: the lease is kept until then.
            await patiently(lambda: self._database.write(ended, of=job.subject))
        finally:
            self._running.pop(job, None)
            self.wake()

    async def _carried_out(self, job: Job) -> Work[None]:
        """Runs the handler; tells what is to be written about the job after that."""
        try:
            async with asyncio.timeout(self._longest.get(job.kind)):
                await self._handlers[job.kind](job)
        except Busy as busy:
            # Not the job's fault, so not one of its attempts: when there is room again it must not wait long.
            run_at = self._clock() + dt.timedelta(seconds=(busy.retry_ms or 0) / 1000 or self._pace.busy_s)
            return lambda conn: store.postpone(conn, job, run_at, job.attempts)
        except Exception:
            retry_s = retry_after_s(job.attempts)
            log.exception("job failed", kind=job.kind, subject=job.subject, attempts=job.attempts, retry_s=retry_s)
            run_at = self._clock() + dt.timedelta(seconds=retry_s)
            return lambda conn: store.postpone(conn, job, run_at, job.attempts + 1)
        return lambda conn: store.complete(conn, job)

    def _lease_until(self, now: dt.datetime) -> dt.datetime:
        return now + dt.timedelta(seconds=self._pace.lease_s)


async def _cancelled(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
