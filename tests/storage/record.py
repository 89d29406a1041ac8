"""The statements that a release sends, so that the next one can prove that its schema still takes them.

    python -m tests.storage.record      writes statements/REVISION.DATABASE.jsonl of the release that is checked out

A line is either a statement, as text, which has the number of such lines before it, or one run of a statement:

    [number, how many rows it touched, whether it ran for many, parameters]

A time stands as {"at": …}, a span as {"s": seconds}. Run in their order on an empty database of that revision, they do
the whole round of `tests.storage.work` again.
"""

import asyncio
import datetime as dt
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
from tests.postgres import Server
from tests.storage.work import Office, fill

from havana.storage import migrations
from havana.storage.database import Database
from havana.storage.dialects import is_postgres
from havana.storage.postgres import PostgresDatabase
from havana.storage.sqlite import SqliteDatabase

FOLDER = Path(__file__).parent / "statements"
FRAME = ("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA")
"""What only holds statements together."""
READING = ("SELECT", "CREATE VIRTUAL TABLE IF NOT EXISTS temp.")
"""What readers say, who have nothing to commit."""


class Run(msgspec.Struct, array_like=True):
    statement: int
    rows: int
    many: bool
    parameters: Any


class Recorder:
    """Remembers what was committed, and what was only read, in the order in which it came to its end."""

    def __init__(self) -> None:
        self.lines: list[str | Run] = []
        self._numbers: dict[str, int] = {}
        self._open: dict[int, list[tuple[str, int, bool, Any]]] = {}

    @contextmanager
    def listening(self) -> Iterator[None]:
        hooks: dict[str, Callable[..., None]] = {
            "after_cursor_execute": self._executed,
            "commit": lambda conn: self._ended(conn, committed=True),
            "rollback": lambda conn: self._ended(conn, committed=False),
            "rollback_savepoint": self._refuse,
        }
        for name, hook in hooks.items():
            sa.event.listen(sa.Engine, name, hook)
        try:
            yield
        finally:
            for name, hook in hooks.items():
                sa.event.remove(sa.Engine, name, hook)

    def _executed(self, conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if not statement.startswith(FRAME):
            self._open.setdefault(id(conn), []).append((statement, cursor.rowcount, many, parameters))

    def _ended(self, conn: sa.Connection, *, committed: bool) -> None:
        for statement, rows, many, parameters in self._open.pop(id(conn), []):
            if committed or statement.startswith(READING):
                number = self._number(statement)
                self.lines.append(Run(number, rows, many, parameters or []))

    def _number(self, statement: str) -> int:
        if statement not in self._numbers:
            self._numbers[statement] = len(self._numbers)
            self.lines.append(statement)
        return self._numbers[statement]

    @staticmethod
    def _refuse(conn: sa.Connection, name: str, context: None) -> None:
        raise AssertionError("a round in which somebody is overtaken cannot be run again in its order")


def written(lines: list[str | Run]) -> bytes:
    return b"".join(msgspec.json.encode(line) + b"\n" for line in map(_marked, lines))


def read(text: bytes) -> Iterator[tuple[str, Run]]:
    """Each run with its statement."""
    statements: list[str] = []
    for line in text.splitlines():
        said = msgspec.json.decode(line)
        if isinstance(said, str):
            statements.append(said)
        else:
            run = msgspec.convert(said, Run)
            bound = [_bound(row) for row in run.parameters] if run.many else _bound(run.parameters)
            yield statements[run.statement], msgspec.structs.replace(run, parameters=bound)


def replay(conn: sa.Connection, text: bytes) -> int:
    """Runs all of them; fails at the first that is refused or touches other rows than it did."""
    if is_postgres(conn):
        # What was inserted names passages by numbers that were counted from one.
        conn.exec_driver_sql("SELECT setval(pg_get_serial_sequence('chunks', 'id'), 1, false)")
    runs = 0
    for statement, run in read(text):
        try:
            rows = conn.exec_driver_sql(statement, run.parameters or None).rowcount
        except sa.exc.DBAPIError as error:
            raise AssertionError(
                f"{error.orig}\nis what this statement of an older release meets:\n{statement}"
            ) from None
        assert rows == run.rows, f"touched {rows} rows instead of {run.rows}: {statement}"
        runs += 1
    return runs


def _marked(line: str | Run) -> Any:
    return line if isinstance(line, str) else msgspec.structs.replace(line, parameters=_with_times(line.parameters))


def _with_times(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return {"at": value.isoformat()}
    if isinstance(value, dt.timedelta):
        return {"s": value.total_seconds()}
    if isinstance(value, str):
        # SQLAlchemy has a kind of its own for names.
        return str(value)
    return [_with_times(one) for one in value] if isinstance(value, list | tuple) else value


def _bound(parameters: Any) -> Any:
    """A tuple is what a statement is run for."""
    return tuple(_timed(one) for one in parameters)


def _timed(value: Any) -> Any:
    match value:
        case {"at": at}:
            return dt.datetime.fromisoformat(at)
        case {"s": seconds}:
            return dt.timedelta(seconds=seconds)
    return value


async def round_of(database: Callable[[], Database]) -> bytes:
    """What a server sends from its start to its end, on a database that is migrated and empty."""
    recorder = Recorder()
    with recorder.listening():
        served = database()
        await fill(Office.over(served))
        await served.close()
    return written(recorder.lines)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        SqliteDatabase.open(data).close_now()
        _keep("sqlite", asyncio.run(round_of(lambda: SqliteDatabase.open(data, serving=True))))
    server = Server()
    try:
        url = server.database()
        _keep("postgresql", asyncio.run(round_of(lambda: PostgresDatabase.open(url, serving=True))))
    finally:
        server.close()


def _keep(dialect: str, text: bytes) -> None:
    (FOLDER / f"{migrations.HEAD}.{dialect}.jsonl").write_bytes(text)


if __name__ == "__main__":
    main()
