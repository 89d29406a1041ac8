"""Times in the database: UTC, aware in Python."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite


class _SqliteTime(sqlite.DATETIME):
    """Text that sorts by time, as SQLAlchemy's own, written and read several times as fast."""

    def bind_processor(self, dialect: sa.Dialect) -> Any:
        del dialect
        # Without the zone, which is UTC's.
        return lambda at: at and at.isoformat(" ", "microseconds")[:26]

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Any:
        del dialect, coltype
        # SQLite keeps no zone.
        return lambda text: text and dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


class UtcTime(sa.types.TypeDecorator[dt.datetime]):
    """An aware UTC datetime."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        if dialect.name == "sqlite":
            return _SqliteTime()  # type: ignore[no-untyped-call] # SQLAlchemy's constructor has no types
        return sa.DateTime(timezone=True)


QUARTER_S = 900
"""All clocks differ from UTC by whole quarters of an hour, so each of their hours and days is made of some of them."""


def quarter(at: dt.datetime) -> int:
    """In which quarter of an hour it is, counted from the beginning of 1970 in UTC."""
    return int(at.timestamp()) // QUARTER_S


def of_quarter(quarter: int) -> dt.datetime:
    """When it begins."""
    return dt.datetime.fromtimestamp(quarter * QUARTER_S, dt.UTC)
