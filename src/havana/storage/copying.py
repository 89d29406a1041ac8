"""Moves everything from SQLite to PostgreSQL, in one transaction there, which is committed only if all is the same.

    SQLite: one snapshot ──batches of rows──▶ PostgreSQL: one transaction ──`comparing`──▶ commit

Either may be as large as it likes: a batch at a time is in memory.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from havana.chat.errors import Busy
from havana.storage import comparing, fulltext, nodes
from havana.storage.comparing import ROWS, TABLES, Row, as_moved, row_name
from havana.storage.database import Connection, Database
from havana.storage.knowledge_tables import chunks
from havana.storage.looking_server import look
from havana.storage.opening import open_server
from havana.storage.tables import conversations
from havana.storage.trouble import DatabaseInUse, Unusable, is_passing, said

LETTERS = 1_000_000
"""So much text makes a batch full before it has all its rows: an article may be a long one."""

Progress = Callable[[str, int, int], None]
"""Is told what is being done, with how many rows it is done, and how many there are."""


class NotCopied(Unusable):
    """The target is as it was; the message says why."""


class Copied(msgspec.Struct, frozen=True):
    rows: int
    conversations: int


_SERVED = "A havana serve is using the database to copy to. Stop it, or copy to one of its own."


def open_target(url: str) -> Database:
    """The database behind `url`, migrated; `Unusable` if it cannot be had, or somebody serves it."""
    # Before anything is changed for them.
    if look(url).is_served:
        raise DatabaseInUse(_SERVED)
    return open_server(url)


def move(source: Database, target: Database, progress: Progress) -> Copied:
    """Copies all of `source`, which nobody may serve, to `target`, which must be empty and migrated."""
    compared: list[Copied] = []

    def copy(origin: Connection, conn: Connection) -> Copied:
        compared.clear()
        compared.append(_copy(origin, conn, progress, target.where))
        return compared[0]

    try:
        return source.read_now(lambda origin: target.write_now(lambda conn: copy(origin, conn)))
    except Busy as busy:
        why = said(busy.__cause__ or busy)
        if compared:
            raise NotCopied(
                f"{target.where} was lost while it was to commit ({why}), so all of it is there or nothing. Run it "
                "again: if it is refused because there is something, that is all."
            ) from None
        raise NotCopied(f"Nothing was copied: {why}. Try again.") from None
    except DBAPIError as error:
        raise NotCopied(f"Nothing was copied; {target.where} says: {said(error)}") from None


def _copy(origin: Connection, conn: Connection, progress: Progress, where: str) -> Copied:
    """May be run again: whatever it did before was rolled back."""
    _keep_others_out(conn, where)
    counts = comparing.counts(origin)
    total, done = sum(counts.values()), 0
    for table in TABLES:
        for batch in _batches(origin, table):
            _insert(conn, table, batch)
            done += len(batch)
            progress("Copying", done, total)
    for rows in fulltext.pages(origin, ROWS):
        fulltext.add_all(conn, rows)
        done += len(rows)
        progress("Copying", done, total)
    # What is added from now on is numbered after what was brought.
    last = sa.select(sa.func.max(chunks.c.id)).scalar_subquery()
    conn.execute(sa.select(sa.func.setval(sa.func.pg_get_serial_sequence(chunks.name, "id"), last)))
    # A table that has just been filled is unknown to the planner, and would be read as a whole for every portion.
    conn.exec_driver_sql(f"ANALYZE {', '.join(table.name for table in TABLES)}")
    if (different := comparing.difference(origin, conn, lambda done: progress("Comparing", done, total))) is not None:
        raise NotCopied(f"Nothing was copied: {different}")
    return Copied(total, counts[conversations.name])


def _keep_others_out(conn: Connection, where: str) -> None:
    """Neither a server that starts nor a command writes there until this transaction ends."""
    nodes.queue(conn)
    names = ", ".join((*(table.name for table in TABLES), fulltext.NAME))
    conn.exec_driver_sql(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")
    if nodes.is_served(conn):
        raise DatabaseInUse(_SERVED)
    found = [f"{count:,} {name}" for name, count in comparing.counts(conn).items() if count]
    if found:
        raise NotCopied(
            f"{where} has something in it already ({', '.join(found)}). Nothing was copied; make an empty database "
            "with createdb and copy to that."
        )


def _batches(origin: Connection, table: sa.Table) -> Iterator[list[Row]]:
    batch: list[Row] = []
    letters = 0
    for row in origin.execute(sa.select(table)):
        batch.append(as_moved(table, row))
        letters += sum(len(value) for value in row if isinstance(value, str))
        if len(batch) == ROWS or letters > LETTERS:
            yield batch
            batch, letters = [], 0
    if batch:
        yield batch


def _insert(conn: Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    try:
        _store(conn, table, rows)
    except Exception as error:
        if is_passing(error):
            raise
        # One of them; the savepoint leaves the transaction as it was before them, so that it can be found.
        for row in rows:
            _insert_alone(conn, table, row)
        raise


def _insert_alone(conn: Connection, table: sa.Table, row: Row) -> None:
    try:
        _store(conn, table, [row])
    except Exception as error:
        if is_passing(error):
            raise
        refused = f"PostgreSQL does not take {row_name(table, row)}: {said(error)}"
        raise NotCopied(f"{refused}. Nothing was copied; mend it and try again.") from error


def _store(conn: Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """By COPY, for which SQLAlchemy has no word: it costs both sides half of what inserting does."""
    columns = [column.name for column in table.columns]
    records = [[row[name] for name in columns] for row in rows]
    with conn.begin_nested():
        connection: Any = conn.connection.dbapi_connection
        connection.run_async(lambda driver: driver.copy_records_to_table(table.name, records=records, columns=columns))
