"""Group commit: one thread writes, and whatever waits when it gets round to it shares one transaction.

Each write succeeds or fails alone, and one sync of the disk pays for all. What comes so often that its statements
matter (appends to logs) is first tried `together`: with one statement for all that wait, and only where that fails
each alone.
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa

from havana.storage.trouble import is_passing

Item = TypeVar("Item")
Work = Callable[[sa.Connection], Any]
Together = Callable[[sa.Connection, Sequence[Item]], None]

MOST_IN_A_GROUP = 256


class Waiting(NamedTuple):
    """A write that waits for its turn. With `together`, `item` may be written with others of its kind."""

    future: asyncio.Future[Any]
    work: Work
    together: Together[Any] | None = None
    item: Any = None


class _Done(NamedTuple):
    future: asyncio.Future[Any]
    result: Any
    error: BaseException | None


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

    def _commit(self, works: list[Waiting]) -> list[_Done]:
        kinds: dict[Together[Any], list[Waiting]] = {}
        others: list[Waiting] = []
        for waiting in works:
            if waiting.together is None:
                others.append(waiting)
            else:
                kinds.setdefault(waiting.together, []).append(waiting)
        try:
            try:
                with self._transaction() as conn:
                    # These first: if they fail, nothing else was done yet, and all of it can begin anew.
                    for together, alike in kinds.items():
                        _store(conn, together, alike)
                    done = [_alone(conn, waiting) for waiting in others]
                return done + [_Done(waiting.future, None, None) for alike in kinds.values() for waiting in alike]
            except _NotTogether:
                with self._transaction() as conn:
                    return [_alone(conn, waiting) for waiting in works]
        except BaseException as error:  # noqa: BLE001 - the commit failed: everybody in the group must hear of it
            return [_Done(waiting.future, None, error) for waiting in works]


class _NotTogether(Exception):
    """One of those that were tried together cannot be stored; which one shows when each is tried alone."""


def _store(conn: sa.Connection, together: Together[Any], alike: Sequence[Waiting]) -> None:
    try:
        together(conn, [waiting.item for waiting in alike])
    except Exception as error:
        _give_up_if_passing(error)
        raise _NotTogether from error


def _alone(conn: sa.Connection, waiting: Waiting) -> _Done:
    try:
        with conn.begin_nested():
            return _Done(waiting.future, waiting.work(conn), None)
    except Exception as error:  # noqa: BLE001 - it belongs to the one who asked, who gets it after the commit
        _give_up_if_passing(error)
        return _Done(waiting.future, None, error)


def _give_up_if_passing(error: Exception) -> None:
    """SQLite may have rolled back everything then: what follows would be stored without its group."""
    if is_passing(error):
        raise error


def _tell(done: Sequence[_Done]) -> None:
    """Wakes those who wait with one call into their loop: a call for each would cost more than the writing."""
    loops: dict[asyncio.AbstractEventLoop, list[_Done]] = {}
    for one in done:
        loops.setdefault(one.future.get_loop(), []).append(one)
    for loop, theirs in loops.items():
        # Nobody waits in a loop that was closed.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle, theirs)


def _settle(done: Sequence[_Done]) -> None:
    for future, result, error in done:
        if future.cancelled():
            continue
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)
