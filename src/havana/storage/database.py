"""The way to the database: reading on a few threads, writing on one that commits in groups.

Works are plain functions over a SQLAlchemy connection. Whatever writes are waiting when the writer gets round to
them share one transaction, each under a savepoint of its own: each succeeds or fails alone, and one sync of the
disk pays for all. A write returns after COMMIT.
"""

import asyncio
import fcntl
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeVar

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import OperationalError

from havana.chat.errors import Busy
from havana.storage import migrations

T = TypeVar("T")
Work = Callable[[sa.Connection], T]
Connection = sa.Connection
"""By this name for those who pass one on to `storage`: nobody else speaks SQL."""
log = structlog.get_logger()

READERS = 4
MOST_IN_A_GROUP = 256


class DatabaseInUse(Exception):
    """Another process serves this data folder."""


class Database:
    """One SQLite file. `serving` takes the lock that keeps a second server away; commands work beside it."""

    def __init__(self, data: Path, *, serving: bool = False) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self.path = data / "havana.db"
        self._lock = _lock(data / "havana.lock") if serving else None
        self._engine = _engine(self.path, checkpoints=serving)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="read")
        self._waiting: queue.SimpleQueue[tuple[Work[Any], Future[Any]] | None] = queue.SimpleQueue()
        self._writer: threading.Thread | None = None

    @classmethod
    def open(cls, data: Path, *, serving: bool = False) -> "Database":
        """The database of a data folder, created and migrated if need be. `DatabaseInUse` if it is being served."""
        database = cls(data, serving=serving)
        with database._engine.connect() as conn:
            current = migrations.is_current(conn)
        if not current:
            with database._transaction() as conn:
                migrations.upgrade(conn)
        return database

    async def read(self, work: Work[T]) -> T:
        """What `work` reads, from one snapshot. Raises `Busy` if the disk does not answer."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.read_now, work)

    async def write(self, work: Work[T]) -> T:
        """What `work` returns, after it was committed. Raises what `work` raises, with nothing of it stored."""
        if self._writer is None:
            self._writer = threading.Thread(target=self._write_on, name="writer", daemon=True)
            self._writer.start()
        future: Future[T] = Future()
        self._waiting.put((work, future))
        # Shielded: a caller that goes away must not make the writer stumble over a cancelled future.
        return await asyncio.shield(asyncio.wrap_future(future))

    def read_now(self, work: Work[T]) -> T:
        with _busy_when_locked(), self._engine.connect() as conn:
            return work(conn)

    def write_now(self, work: Work[T]) -> T:
        with _busy_when_locked(), self._transaction() as conn:
            return work(conn)

    async def close(self) -> None:
        """Finishes what was given to the writer, then lets go of the file."""
        if self._writer is not None:
            self._waiting.put(None)
            await asyncio.to_thread(self._writer.join)
        self.close_now()

    def close_now(self) -> None:
        self._readers.shutdown()
        self._engine.dispose()
        if self._lock is not None:
            self._lock.close()

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        with self._engine.connect() as conn:
            # Taken at the start: a transaction that read first could not become a writer beside another process.
            conn.info["begin"] = "BEGIN IMMEDIATE"
            try:
                with conn.begin():
                    yield conn
            finally:
                conn.info.pop("begin", None)

    def _write_on(self) -> None:
        last = False
        while not last:
            group = [self._waiting.get()]
            while len(group) < MOST_IN_A_GROUP and not self._waiting.empty():
                group.append(self._waiting.get())
            last = None in group
            works = [entry for entry in group if entry is not None]
            if works:
                self._commit(works)

    def _commit(self, works: list[tuple[Work[Any], Future[Any]]]) -> None:
        done: list[tuple[Future[Any], Any, BaseException | None]] = []
        try:
            with _busy_when_locked(), self._transaction() as conn:
                for work, future in works:
                    try:
                        with conn.begin_nested():
                            done.append((future, work(conn), None))
                    except Exception as error:  # noqa: BLE001 - it belongs to the one who asked, who gets it below
                        done.append((future, None, error))
        except BaseException as error:  # noqa: BLE001 - the commit failed: everybody in the group must hear of it
            done = [(future, None, error) for _, future in works]
        for future, result, failure in done:
            if failure is None:
                future.set_result(result)
            else:
                future.set_exception(failure)


@contextmanager
def _busy_when_locked() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        log.warning("database does not take this now", error=str(error.orig))
        raise Busy("The server cannot store anything right now. Please try again.", retry_ms=2000) from error


def _engine(path: Path, *, checkpoints: bool) -> sa.Engine:
    engine = sa.create_engine(f"sqlite:///{path}", pool_size=READERS + 2, max_overflow=-1)

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below; the driver's own guessing breaks savepoints
        connection.execute("PRAGMA busy_timeout = 5000")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        if not checkpoints:
            # Beside a running server, only the server moves the log into the file.
            connection.execute("PRAGMA wal_autocheckpoint = 0")

    @sa.event.listens_for(engine, "begin")
    def begin(conn: sa.Connection) -> None:
        conn.exec_driver_sql(conn.info.get("begin", "BEGIN"))

    return engine


def _lock(path: Path) -> IO[str]:
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise DatabaseInUse(
            f"Another havana serve is using {path.parent}. Stop it, or give this one its own folder with --data."
        ) from None
    return file
