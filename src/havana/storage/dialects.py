"""What the databases say differently, where SQLAlchemy has no word for both.

Full text is in `fulltext.py`, the appending of many in `swapping.py`, errors in `trouble.py`.
"""

import datetime as dt
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

POSTGRESQL = "postgresql"


def is_postgres(conn: sa.Connection) -> bool:
    return conn.dialect.name == POSTGRESQL


def insert(dialect: str, table: sa.Table) -> "sqlite.Insert | postgresql.Insert":
    """An insert that may say what to do `on_conflict_…`."""
    if dialect == POSTGRESQL:
        # Imported here: SQLite's users need not load it.
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    return sqlite.insert(table)


NOW = sa.func.clock_timestamp(type_=sa.DateTime(timezone=True))
"""The time of a PostgreSQL server, which all nodes share."""


def clock(conn: sa.Connection, now: dt.datetime) -> Any:
    """The database's own time where processes on several machines may ask it, else ours."""
    return NOW if is_postgres(conn) else now


def can_store(conn: sa.Connection) -> None:
    """A write that changes nothing and costs a commit as any other does."""
    if is_postgres(conn):
        # One row only: who locks several might wait for somebody who waits for us.
        conn.exec_driver_sql("UPDATE nodes SET name = name WHERE id = (SELECT min(id) FROM nodes)")
    else:
        # The first page goes to the disk.
        conn.exec_driver_sql("PRAGMA user_version = 0")
