"""Group commit on SQLite: one thread writes, and whatever waits when it gets round to it shares one transaction."""

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress

import sqlalchemy as sa

from havana.storage.group import MOST_IN_A_GROUP, Done, Waiting, settle, store


class Writer:
    """`transaction` begins one that is committed at its end."""

    def __init__(self, transaction: Callable[[], AbstractContextManager[sa.Connection]]) -> None:
        self._transaction = transaction
        self._gathered: list[Waiting] = []
        self._waiting: queue.SimpleQueue[list[Waiting] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def put(self, waiting: Waiting) -> None:
        """It is told through its future, after COMMIT. Cancelling that does not take the write back."""
        # Handed over when all that came in together has been put: to wake the thread for each would cost more than
        # the writing, and it would begin with the first alone.
        self._gathered.append(waiting)
        if len(self._gathered) == 1:
            waiting.future.get_loop().call_soon(self._hand_over)

    async def close(self) -> None:
        """Finishes what was put."""
        self._hand_over()
        if self._thread is not None:
            self._waiting.put(None)
            await asyncio.to_thread(self._thread.join)

    def _hand_over(self) -> None:
        if not self._gathered:
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._write_on, name="writer", daemon=True)
            self._thread.start()
        gathered, self._gathered = self._gathered, []
        self._waiting.put(gathered)

    def _write_on(self) -> None:
        while (works := self._waiting.get()) is not None:
            while len(works) < MOST_IN_A_GROUP and not self._waiting.empty():
                if (more := self._waiting.get()) is None:
                    self._waiting.put(None)
                    break
                works += more
            for start in range(0, len(works), MOST_IN_A_GROUP):
                _tell(self._commit(works[start : start + MOST_IN_A_GROUP]))

    def _commit(self, works: list[Waiting]) -> list[Done]:
        try:
            return store(self._transaction, works)
        except BaseException as error:  # noqa: BLE001 - the commit failed: everybody in the group must hear of it
            return [Done(waiting.future, None, error) for waiting in works]


def _tell(done: Sequence[Done]) -> None:
    """Wakes those who wait with one call into their loop: a call for each would cost more than the writing."""
    loops: dict[asyncio.AbstractEventLoop, list[Done]] = {}
    for one in done:
        loops.setdefault(one.future.get_loop(), []).append(one)
    for loop, theirs in loops.items():
        # Nobody waits in a loop that was closed.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, theirs)
