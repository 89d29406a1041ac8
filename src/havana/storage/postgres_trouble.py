"""What goes wrong on the way to a PostgreSQL server, put plainly."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncConnection

from havana.storage.trouble import is_lost, is_passing, plainly

OUTDATED = "0A000"
"""What a prepared statement says when its table has changed; the driver then forgets what it has prepared."""


class Unsure(Exception):
    """The connection was lost at COMMIT."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


@contextmanager
def transaction(conn: sa.Connection) -> Iterator[sa.Connection]:
    begun = conn.begin()
    try:
        yield conn
    except Exception as error:
        # Where the connection is lost there is nothing to roll back, and nobody who would answer.
        if not is_lost(error):
            begun.rollback()
        raise
    try:
        begun.commit()
    except Exception as error:
        if is_lost(error):
            raise Unsure(error) from error
        raise


def is_worth_another_try(error: Exception) -> bool:
    """Whether nothing is stored, and it may go better at once.

    A connection that was lost while it was idle is the commonest, then a deadlock, then a table that was changed under
    a prepared statement. Who has waited in vain for an answer shall not wait again.
    """
    return (is_passing(error) or _is_outdated(error)) and not isinstance(error, Unsure | TimeoutError)


def _is_outdated(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) == OUTDATED


@contextmanager
def put_plainly() -> Iterator[None]:
    """Raises `Busy` where the server does not take it now, `DatabaseDamaged` where what it keeps is beyond use."""
    try:
        yield
    except Exception as raised:
        error = raised.error if isinstance(raised, Unsure) else raised
        if isinstance(error, NoConnectionFree):
            error = TimeoutError("no connection is free")
        if (plain := plainly(error, "The database is damaged ({}). Restore a backup.".format)) is not None:
            raise plain from raised
        raise


async def drop(conn: AsyncConnection) -> None:
    """Lets go of a connection that is of no use, without a word to the server: it might never answer."""
    with suppress(Exception):
        raw = await conn.get_raw_connection()
        if raw.driver_connection is not None:
            raw.driver_connection.terminate()
    with suppress(Exception):
        await conn.invalidate()
    with suppress(Exception):
        await conn.close()
