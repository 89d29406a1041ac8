"""The way to the database, wherever it is: `sqlite.py` and `postgres.py` are the two that there are.

Works are plain functions over a SQLAlchemy connection, the same for both. They do nothing but read and write through
it, for they may be run again after a failure of which nothing was stored.
"""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import sqlalchemy as sa

from havana.storage.group import Item, Together, Waiting

if TYPE_CHECKING:
    from havana.storage.membership import Membership

T = TypeVar("T")
Work = Callable[[sa.Connection], T]
Connection = sa.Connection
"""By this name for those who pass one on to `storage`: nobody else speaks SQL."""


class Database(Protocol):
    """Everything that is stored. Whatever does not take it now raises `Busy`; a caller may then try again."""

    membership: "Membership | None"
    """This process among those that serve it; None where only one can, or for a command."""

    @property
    def where(self) -> str:
        """What people call it; without a secret."""

    async def read(self, work: Work[T]) -> T:
        """What `work` reads, from one snapshot."""

    async def write(self, work: Work[T], *, of: str = "") -> T:
        """What `work` returns, after it was committed. Raises what `work` raises, with nothing of it stored.

        A caller that goes away meanwhile changes nothing: the work is done all the same. Works `of` the same thing (a
        conversation, say) are done in the order in which they came, and so is what `write_many` is given; of one group
        that comes first.
        """
        done: T = await self._put(Waiting.of(work), of)
        return done

    async def write_many(
        self, item: Item, *, of: str, together: Together[Item], alone: Callable[[Connection, Item], T]
    ) -> T | None:
        """Like `write`, for what can be written along with others of its kind: None then, else what `alone` returns.

        `together` gets all that wait and stores them, or tells which not, or raises: then each is tried by `alone`.
        """
        done: T | None = await self._put(Waiting.of(lambda conn: alone(conn, item), together, item), of)
        return done

    def _put(self, waiting: Waiting, of: str) -> "asyncio.Future[Any]":
        """Takes a write in; what becomes of it is told through its future."""

    def read_now(self, work: Work[T]) -> T:
        """Like `read`, for commands and for the start: keeps the caller's thread until it is done."""

    def write_now(self, work: Work[T]) -> T:
        """Like `write`, in the same way."""

    async def close(self) -> None:
        """Finishes what was given to it, then lets go."""

    def close_now(self) -> None:
        """For commands, which have given it nothing that is not done."""
