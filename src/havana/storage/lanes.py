"""Group commit on PostgreSQL: a few lanes, each with a connection that commits whatever waits in its lane at once.

What concerns one conversation takes one lane, so that it stays in order and two lanes rarely want the same row.
"""

import asyncio
import itertools
import zlib
from collections import deque
from collections.abc import Sequence
from functools import partial

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from havana.storage.group import MOST_IN_A_GROUP, Done, Waiting, settle, store
from havana.storage.postgres_trouble import Unsure, drop, is_worth_another_try, put_plainly, transaction
from havana.storage.trouble import is_passing

PAUSES_S = (0, 0.05, 0.1)
"""After each of these a group of which nothing was stored is tried again, before everybody in it is told to come again.
At once first: it may have met a connection that was lost long ago."""


class Lanes:
    def __init__(self, engine: AsyncEngine, number: int) -> None:
        self._lanes = [_Lane(engine) for _ in range(number)]
        self._next = itertools.cycle(self._lanes)

    def put(self, waiting: Waiting, of: str) -> None:
        """It is told through its future, after COMMIT. Cancelling that does not take the write back."""
        lane = self._lanes[zlib.crc32(of.encode()) % len(self._lanes)] if of else next(self._next)
        lane.put(waiting)

    async def close(self) -> None:
        """Finishes what was put."""
        for lane in self._lanes:
            await lane.close()


class _Lane:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._waiting: deque[Waiting] = deque()
        self._task: asyncio.Task[None] | None = None
        self._kept: AsyncConnection | None = None

    def put(self, waiting: Waiting) -> None:
        self._waiting.append(waiting)
        if self._task is None:
            # It begins when all that came in together has been put.
            self._task = asyncio.create_task(self._write_on(), name="lane")

    async def close(self) -> None:
        if self._task is not None:
            await self._task
        if self._kept is not None:
            await self._kept.close()
            self._kept = None

    async def _write_on(self) -> None:
        while self._waiting:
            works = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_IN_A_GROUP))]
            try:
                with put_plainly():
                    done = await self._committed(works)
            except Exception as error:  # noqa: BLE001 - everybody in the group must hear of it
                done = [Done(waiting.future, None, error) for waiting in works]
            settle(done)
        self._task = None

    async def _committed(self, works: Sequence[Waiting]) -> list[Done]:
        for pause_s in PAUSES_S:
            try:
                return await self._commit(works)
            except Exception as error:
                if not is_worth_another_try(error):
                    raise
            await asyncio.sleep(pause_s)
        return await self._commit(works)

    async def _commit(self, works: Sequence[Waiting]) -> list[Done]:
        if self._kept is None:
            self._kept = await self._engine.connect()
        try:
            return await self._kept.run_sync(_store, works)
        except BaseException:
            # Whatever state it is in: the next transaction shall not inherit it.
            kept, self._kept = self._kept, None
            await drop(kept)
            raise


def _store(conn: sa.Connection, works: Sequence[Waiting]) -> list[Done]:
    if len(works) == 1 and works[0].together is None:
        return [_single(conn, works[0])]
    return store(partial(transaction, conn), works)


def _single(conn: sa.Connection, waiting: Waiting) -> Done:
    """Without a savepoint, each of which costs two journeys to the server."""
    try:
        with transaction(conn):
            result = waiting.work(conn)
    except Exception as error:
        if isinstance(error, Unsure) or is_passing(error):
            raise
        return Done(waiting.future, None, error)
    return Done(waiting.future, result, None)
