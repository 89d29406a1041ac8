"""What the databases' errors mean for us: wait and try again, or restore a backup."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

import structlog

from havana.chat.errors import Busy

log = structlog.get_logger()
T = TypeVar("T")

PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
}
"""The disk is full or read-only, or somebody is in the way: it may work again later, and nothing was stored."""
DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}

# The same of PostgreSQL, by the beginnings of its SQLSTATEs.
LOST_STATES = ("08", "57P")
"""The connection is gone, or about to go with its server."""
PASSING_STATES = ("28", "3D", "40", "53", "55P03", "57", "58", "25006")
"""Refused by the door, overtaken by another transaction, out of room, locked, cancelled, read-only for the moment."""
DAMAGE_STATES = ("XX001", "XX002")


class Unusable(Exception):
    """The database cannot be used; the message is one line that says what to do."""


class DatabaseInUse(Unusable):
    """Another process serves it."""


class DatabaseDamaged(Unusable):
    """It is not, or no longer, what the database wrote."""


class DatabaseNewer(Unusable):
    """The database was migrated by a newer release."""


PAUSE_S = 1.0
"""Between two tries where the refusal names no pause."""


async def patiently(attempt: Callable[[], Awaitable[T]]) -> T:
    """What `attempt` gives, tried again as long as the database is busy: for what would be lost otherwise."""
    while True:
        try:
            return await attempt()
        except Busy as busy:
            await asyncio.sleep((busy.retry_ms or 0) / 1000 or PAUSE_S)


def plainly(error: BaseException, damaged: Callable[[str], str]) -> Busy | DatabaseDamaged | None:
    """What is to be raised instead, if the database does not take it now, or is beyond use: then `damaged` words it."""
    if is_passing(error):
        log.warning("database does not take this now", error=said(error))
        return Busy("The server cannot store anything right now. Please try again.", retry_ms=2000)
    return DatabaseDamaged(damaged(said(error))) if is_damage(error) else None


def said(error: BaseException) -> str:
    """In the database's words, without what was asked of it."""
    error = getattr(error, "orig", error)
    text = str(error) or type(error).__name__
    return text.partition(": ")[2] if text.startswith("<class") else text


def is_passing(error: BaseException) -> bool:
    return any(code in PASSING for code in _codes(error)) or _state(error).startswith(PASSING_STATES) or is_lost(error)


def is_damage(error: BaseException) -> bool:
    return any(code in DAMAGE for code in _codes(error)) or _state(error) in DAMAGE_STATES


def is_lost(error: BaseException) -> bool:
    """Whether the connection to a database server is of no use any more, or never came to be."""
    if isinstance(error, OSError | TimeoutError) or _state(error).startswith(LOST_STATES):
        return True
    return bool(getattr(error, "connection_invalidated", False))


def _state(error: BaseException) -> str:
    return getattr(getattr(error, "orig", error), "sqlstate", None) or ""


def _codes(error: BaseException | None) -> Iterator[int]:
    """Of the error and of those that it followed: after a full disk a savepoint is gone too, and says only that."""
    while error is not None:
        origin = getattr(error, "orig", error)
        if isinstance(origin, sqlite3.Error):
            # The low byte is the kind, the rest its detail.
            yield getattr(origin, "sqlite_errorcode", 0) & 0xFF
        error = error.__context__
