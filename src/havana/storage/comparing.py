"""Whether two databases hold the same: every row, and that each conversation is what its log makes of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from havana.storage import fulltext
from havana.storage.history import fold_of, made_of
from havana.storage.search_tables import searched
from havana.storage.tables import conversations, events, jobs, metadata, nodes

ROWS = 1000
"""So many are in memory at a time, and a conversation's whole log if that is longer."""
TABLES = [table for table in metadata.sorted_tables if table not in (nodes, searched)]
"""What an installation consists of, each table after those that it refers to. Who serves it is no part of it, nor is
what it is searched by: a server that finds none makes it anew.
"""

Row = dict[str, Any]


def counts(conn: sa.Connection) -> dict[str, int]:
    """How many rows each table has, the index of words included."""
    tables = (*TABLES, sa.table(fulltext.NAME))
    return {table.name: conn.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in tables}


def as_moved(table: sa.Table, row: sa.Row[Any]) -> Row:
    """The row as it is to be in the other database: whoever holds a job here does not hold it there."""
    moved = dict(zip(table.columns.keys(), row, strict=True))
    if table is jobs:
        moved["lease_until"] = None
    return moved


def row_name(table: sa.Table, row: Mapping[str, Any]) -> str:
    """What people find it by."""
    key = ", ".join(f"{column.name} {row[column.name]}" for column in table.primary_key)
    return f"the row of {table.name} with {key}"


def difference(origin: sa.Connection, conn: sa.Connection, progress: Callable[[int], None]) -> str | None:
    """Where the copy behind `conn` is not what `origin` has, in words. `progress` is told of the rows that are done."""
    there = counts(conn)
    for name, count in counts(origin).items():
        if there[name] != count:
            return f"of {count:,} rows of {name}, {there[name]:,} have arrived"
    done = 0
    for compared, different in _compared(origin, conn):
        if different is not None:
            return different
        done += compared
        progress(done)
    return None


def _compared(origin: sa.Connection, conn: sa.Connection) -> Iterator[tuple[int, str | None]]:
    """How many rows more were compared, and what was different."""
    for table in TABLES:
        if table not in (conversations, events):
            for rows in origin.execute(sa.select(table)).partitions(ROWS):
                yield len(rows), _in_rows(conn, table, [as_moved(table, row) for row in rows])
    for portion in _portions(origin):
        yield _in_conversations(origin, conn, portion)
    for ours, theirs in zip(fulltext.pages(origin, ROWS), fulltext.pages(conn, ROWS), strict=True):
        yield len(ours), None if ours == theirs else f"{fulltext.NAME} has other words than here"


def _in_rows(conn: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> str | None:
    key = [column.name for column in table.primary_key]
    wanted = sa.select(table).where(sa.tuple_(*table.primary_key).in_([[row[name] for name in key] for row in rows]))
    found = [dict(zip(table.columns.keys(), row, strict=True)) for row in conn.execute(wanted)]
    by_key = {tuple(row[name] for name in key): row for row in found}
    for row in rows:
        if by_key.get(tuple(row[name] for name in key)) != row:
            return f"{row_name(table, row)} is different in the copy"
    return None


def _portions(origin: sa.Connection) -> Iterator[list[str]]:
    """The conversations, as many at a time as have about `ROWS` events."""
    portion: list[str] = []
    size = 0
    for conversation, seq in origin.execute(sa.select(conversations.c.id, conversations.c.seq)):
        portion.append(conversation)
        size += 1 + seq
        if size >= ROWS:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _in_conversations(origin: sa.Connection, conn: sa.Connection, ids: Sequence[str]) -> tuple[int, str | None]:
    ours, our_logs = _conversations(origin, ids)
    theirs, their_logs = _conversations(conn, ids)
    compared = len(ours) + sum(map(len, our_logs.values()))
    for conversation, row in ours.items():
        log, copied = our_logs.get(conversation, []), their_logs.get(conversation, [])
        name = f"conversation {conversation}"
        if log != copied:
            tops = f"{_tops(copied)} and here {_tops(log)} as number of events, seq and public seq"
            return compared, f"{name} has other events in the copy: {tops}"
        if tuple(theirs[conversation]) != tuple(row):
            return compared, f"{name} is different in the copy"
        if (wrong := _against_its_log(theirs[conversation], copied)) is not None:
            return compared, wrong
    return compared, None


def _conversations(
    conn: sa.Connection, ids: Sequence[str]
) -> tuple[dict[str, sa.Row[Any]], dict[str, list[sa.Row[Any]]]]:
    """Rows and logs by id."""
    rows = conn.execute(sa.select(conversations).where(conversations.c.id.in_(ids)))
    mine = sa.select(events).where(events.c.conversation_id.in_(ids)).order_by(events.c.conversation_id, events.c.seq)
    logs = groupby(conn.execute(mine), key=lambda row: row.conversation_id)
    return {row.id: row for row in rows}, {of: list(log) for of, log in logs}


def _tops(log: Sequence[sa.Row[Any]]) -> tuple[int, int, int]:
    """How many events, and the highest number of each audience."""
    public = [row.public_seq for row in log if row.public_seq is not None]
    return len(log), max((row.seq for row in log), default=0), max(public, default=0)


def _against_its_log(row: sa.Row[Any], log: Sequence[sa.Row[Any]]) -> str | None:
    """Both databases say the same; so if this is wrong it was wrong before."""
    public = [event.public_seq for event in log if event.public_seq is not None]
    whole = [event.seq for event in log] == [*range(1, row.seq + 1)] and public == [*range(1, row.public_seq + 1)]
    stored = fold_of(row)
    # What a newer release has written is copied as it is; only that one can tell whether it is right.
    if whole and made_of(stored, log) in (stored, None):
        return None
    return f"conversation {row.id} is not what its log says, here as in the copy. Mend it with: havana rebuild"
