"""A group of writes in one transaction: each succeeds or fails alone, and one sync of the disk pays for all.

What comes so often that its statements matter (appends to logs) is first tried `together`: with one statement for all
that wait, and only where that fails each alone.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa

from havana.storage.trouble import is_passing

Item = TypeVar("Item")
Together = Callable[[sa.Connection, Sequence[Item]], Sequence[int]]
"""Stores the items; tells the places of those that it left out."""

MOST_IN_A_GROUP = 256


class Waiting(NamedTuple):
    """A write that waits for its turn. With `together`, `item` may be written with others of its kind."""

    future: asyncio.Future[Any]
    work: Callable[[sa.Connection], Any]
    together: Together[Any] | None = None
    item: Any = None

    @classmethod
    def of(
        cls, work: Callable[[sa.Connection], Any], together: Together[Any] | None = None, item: Any = None
    ) -> "Waiting":
        """For whoever waits in the running loop."""
        return cls(asyncio.get_running_loop().create_future(), work, together, item)


class Done(NamedTuple):
    future: asyncio.Future[Any]
    result: Any
    error: BaseException | None


def store(transaction: Callable[[], AbstractContextManager[sa.Connection]], works: Sequence[Waiting]) -> list[Done]:
    """What became of each. `transaction` begins one that is committed at its end. Raises what fails the whole group."""
    kinds: dict[Together[Any], list[Waiting]] = {}
    others: list[Waiting] = []
    for waiting in works:
        if waiting.together is None:
            others.append(waiting)
        else:
            kinds.setdefault(waiting.together, []).append(waiting)
    try:
        with transaction() as conn:
            # These first: if they fail, nothing else was done yet, and all of it can begin anew.
            stored: list[Waiting] = []
            for together, alike in kinds.items():
                left = _store(conn, together, alike)
                stored += [waiting for place, waiting in enumerate(alike) if place not in left]
                others = [alike[place] for place in left] + others
            done = [_alone(conn, waiting) for waiting in others]
        return done + [Done(waiting.future, None, None) for waiting in stored]
    except _NotTogether:
        with transaction() as conn:
            return [_alone(conn, waiting) for waiting in works]


def settle(done: Sequence[Done]) -> None:
    """Tells those who wait what became of it; in their loop."""
    for future, result, error in done:
        if future.cancelled():
            continue
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)


class _NotTogether(Exception):
    """One of those that were tried together cannot be stored; which one shows when each is tried alone."""


def _store(conn: sa.Connection, together: Together[Any], alike: Sequence[Waiting]) -> Sequence[int]:
    try:
        return together(conn, [waiting.item for waiting in alike])
    except Exception as error:
        _give_up_if_passing(error)
        raise _NotTogether from error


def _alone(conn: sa.Connection, waiting: Waiting) -> Done:
    try:
        with conn.begin_nested():
            return Done(waiting.future, waiting.work(conn), None)
    except Exception as error:  # noqa: BLE001 - it belongs to the one who asked, who gets it after the commit
        _give_up_if_passing(error)
        return Done(waiting.future, None, error)


def _give_up_if_passing(error: Exception) -> None:
    """The database may have rolled back everything then: what follows would be stored without its group."""
    if is_passing(error):
        raise error
