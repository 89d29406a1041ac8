"""Compare-and-swap of many rows by one statement on PostgreSQL, whose driver does not count what a batch changed.

The rows travel as one JSON text. Each changes its row or does not; the statement tells which did. Rows are locked in
the order of their ids, so that no two of these statements can wait for each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
import sqlalchemy as sa

from havana.storage.tables import conversations

IDENTITY = ("id", "log", "site_id", "visitor_id", "visitor_name")
"""What no event changes of a conversation, so that no append need write it, nor look after its indexes."""


def swap(conn: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """The conversations that were as `seq_before` and `shown_before` say, of a `speaker` who is not blocked.

    And that do not know the `key` of `key_role`: whoever sends again is answered by somebody else. There may be one row
    of a conversation.
    """
    return _changed(conn, _swap(conn.dialect), rows)


def point(conn: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """The visitors whose current conversation was the `previous` one, and who are not blocked. One row of each."""
    return _changed(conn, _POINT, rows)


def _changed(conn: sa.Connection, statement: str, rows: Sequence[Mapping[str, Any]]) -> set[str]:
    found = conn.exec_driver_sql(statement, (msgspec.json.encode(rows).decode(),))
    return {row[0] for row in found}


@cache
def _swap(dialect: sa.Dialect) -> str:
    columns = [column for column in conversations.c if column.name not in IDENTITY]
    types = {column.name: column.type.compile(dialect=dialect) for column in columns}
    asked = {"of": "text", "seq_before": "int", "shown_before": "bool", "speaker": "text", "key": "text"}
    return f"""
        WITH {_wanted(asked | {"key_role": "text"} | types)},
        {_locked("conversations")}
        UPDATE conversations AS one SET {_set(types)}
        FROM wanted
        WHERE one.id = ANY(ARRAY(SELECT id FROM locked))
            AND one.id = wanted.of AND one.seq = wanted.seq_before AND one.shown = wanted.shown_before
            AND NOT EXISTS (SELECT FROM visitors WHERE visitors.id = wanted.speaker AND blocked_at IS NOT NULL)
            AND NOT EXISTS (
                SELECT FROM events WHERE events.key = wanted.key
                AND events.conversation_id = wanted.of AND events.role = wanted.key_role
            )
        RETURNING one.id
    """  # noqa: S608 - of the names of columns


def _wanted(types: Mapping[str, str]) -> str:
    columns = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
    rows = "jsonb_to_recordset(CAST(CAST($1 AS text) AS jsonb))"
    return f"wanted AS MATERIALIZED (SELECT * FROM {rows} AS w({columns}))"  # noqa: S608 - of the names of columns


def _locked(table: str) -> str:
    # Arrays, not joins: PostgreSQL takes any JSON for a hundred rows, and would rather read a whole table than look up
    # so many, for each single message, as long as the table has not some ten thousand.
    rows = f"SELECT id FROM {table} WHERE id = ANY(ARRAY(SELECT of FROM wanted))"  # noqa: S608 - of a table's name
    return f"locked AS MATERIALIZED ({rows} ORDER BY id FOR NO KEY UPDATE)"


def _set(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}" = wanted."{name}"' for name in names)


_POINT = f"""
    WITH {_wanted({"of": "text", "previous": "text", "opened": "text"})},
    {_locked("visitors")}
    UPDATE visitors AS one SET conversation_id = wanted.opened
    FROM wanted
    WHERE one.id = ANY(ARRAY(SELECT id FROM locked))
        AND one.id = wanted.of AND one.conversation_id IS NOT DISTINCT FROM wanted.previous AND one.blocked_at IS NULL
    RETURNING one.id
"""  # noqa: S608 - of the names of columns
