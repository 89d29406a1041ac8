"""What goes wrong on the way to a PostgreSQL server, put plainly."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import structlog
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncConnection

from havana.chat.errors import Busy
from havana.storage.trouble import DatabaseDamaged, is_damage, is_passing

log = structlog.get_logger()


@contextmanager
def plainly() -> Iterator[None]:
    """Raises `Busy` where the server does not take it now, `DatabaseDamaged` where what it keeps is beyond use."""
    try:
        yield
    except Exception as error:
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
