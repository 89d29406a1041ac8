"""What goes wrong on the way to a PostgreSQL server, put plainly."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncConnection

from havana.chat.errors import Busy
from havana.storage.trouble import DatabaseDamaged, is_damage, is_lost, is_passing

log = structlog.get_logger()


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

    A connection that was lost while it was idle is the commonest, then a deadlock. Who has waited in vain for an answer
    shall not wait again.
    """
    return is_passing(error) and not isinstance(error, Unsure | TimeoutError)


@contextmanager
def plainly() -> Iterator[None]:
    """Raises `Busy` where the server does not take it now, `DatabaseDamaged` where what it keeps is beyond use."""
    try:
        yield
    except Exception as raised:
        error = raised.error if isinstance(raised, Unsure) else raised
        if isinstance(error, NoConnectionFree) or is_passing(error):
            log.warning("database does not take this now", error=said(error))
            raise Busy("The server cannot store anything right now. Please try again.", retry_ms=2000) from error
        if is_damage(error):
            raise DatabaseDamaged(f"The database is damaged ({said(error)}). Restore a backup.") from error
        raise


def said(error: BaseException) -> str:
    """In the server's words, without what was asked of it."""
    error = getattr(error, "orig", error)
    text = str(error) or type(error).__name__
    return text.partition(": ")[2] if text.startswith("<class") else text


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
