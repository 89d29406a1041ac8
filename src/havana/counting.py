"""Counts what was said, for the reports: little by little beside everything else, at once for whoever reads one."""

import asyncio
import datetime as dt
from collections.abc import Callable

import structlog

from havana.chat.errors import Busy
from havana.ids import time_of
from havana.storage import counting
from havana.storage.database import Database

log = structlog.get_logger()

EVENTS = 1000
"""Read for one portion: some 50 conversations, and so few that nobody else waits for them."""
EVERY_S = 60.0
PAUSE_S = 0.05
"""Between two portions, when nobody waits for them."""
PATIENCE_S = 0.4
"""Whoever reads a report waits no longer; what is left to count then is told with it."""


class Counting:
    def __init__(self, database: Database, clock: Callable[[], dt.datetime]) -> None:
        self._database = database
        self._clock = clock
        self._one = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._count(), name="counting")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def catch_up(self, patience_s: float = PATIENCE_S) -> dt.datetime | None:
        """Counts what there is. Tells up to when it got if that was not all in time; None if it was."""
        loop = asyncio.get_running_loop()
        until = loop.time() + patience_s
        last, more = await self._database.read(counting.upto), True
        while more:
            last, more = await self._portion(last)
            if more and loop.time() > until:
                return time_of(last)
        return None

    async def _count(self) -> None:
        while True:
            try:
                last, more = await self._database.read(counting.upto), True
                while more:
                    last, more = await self._portion(last)
                    await asyncio.sleep(PAUSE_S)
            except Busy:
                pass  # the database has said why
            except Exception:
                log.exception("the reports could not be counted")
            await asyncio.sleep(EVERY_S)

    async def _portion(self, last: str) -> tuple[str, bool]:
        async with self._one:
            portion = await self._database.read(lambda conn: counting.after(conn, last, EVENTS))
            if portion.outcomes or portion.more:
                now = self._clock()
                await self._database.write(lambda conn: counting.store(conn, portion, now), of=counting.REPORTS)
        return portion.last, portion.more
