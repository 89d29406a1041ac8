"""`Database` in one SQLite file: reading on a few threads, writing on one that commits in groups (`writer.py`)."""

import asyncio
import fcntl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from havana.chat.errors import Busy
from havana.storage import jobs, migrations
from havana.storage.database import Database, T, Work
from havana.storage.group import Waiting
from havana.storage.trouble import DatabaseInUse, Unusable, plainly
from havana.storage.writer import Writer

READERS = 4
LOG_PAGES = 8000
"""How long SQLite's log gets before it is moved into the file: 32 MB. The pages that change all the time are moved once
for many commits then; at SQLite's own 1000 they cost a sixth of the writer's time."""
BEGIN = "begin"
"""Where a connection keeps the words that begin its transactions."""
FILE, LOCK = "havana.db", "havana.lock"
"""The names of the database and of its lock in the data folder."""
ASIDE = ".before-restore-"
"""What comes after that name in the name of a database which a restore has replaced; then the time."""


class SqliteDatabase(Database):
    """One SQLite file. `serving` takes the lock that keeps a second server away; commands work beside it."""

    membership = None

    def __init__(self, data: Path, *, serving: bool = False) -> None:
        # Conversations, addresses and the signing secret are for this user's eyes; the log files take the mode over.
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = data / FILE
        if not self.path.exists():
            _refuse_after_half_a_restore(data)
            self.path.touch(mode=0o600)
        self._lock = lock(data) if serving else None
        self._engine = _engine(self.path, checkpoints=serving)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="read")
        self._writer = Writer(self._writing)
        self._kept: sa.Connection | None = None

    @property
    def where(self) -> str:
        return str(self.path)

    @classmethod
    def open(cls, data: Path, *, serving: bool = False) -> "SqliteDatabase":
        """The database of a data folder, created and migrated if need be. `Unusable` says why it cannot be had."""
        database = cls(data, serving=serving)
        try:
            database._begin()
        except BaseException:
            database.close_now()
            raise
        return database

    async def read(self, work: Work[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.read_now, work)

    def read_now(self, work: Work[T]) -> T:
        with self._plainly(), self._engine.connect() as conn:
            return work(conn)

    def write_now(self, work: Work[T]) -> T:
        with self._transaction() as conn:
            return work(conn)

    async def close(self) -> None:
        await self._writer.close()
        self.close_now()

    def close_now(self) -> None:
        self._readers.shutdown()
        if self._kept is not None:
            self._kept.close()
        self._engine.dispose()
        if self._lock is not None:
            self._lock.close()

    def _put(self, waiting: Waiting, of: str) -> "asyncio.Future[Any]":
        del of  # one writer keeps all of it in order
        self._writer.put(waiting)
        return waiting.future

    def _begin(self) -> None:
        try:
            with self._plainly():
                with self._engine.connect() as conn:
                    current = migrations.is_current(conn)
                if not current:
                    with self._transaction() as conn:
                        migrations.upgrade(conn)
                if self._lock is not None:
                    # Whoever held a job is dead.
                    self.write_now(jobs.release_all)
        except Busy as error:
            why = getattr(error.__cause__, "orig", error)
            raise Unusable(f"{self.path} cannot be used: {why}. To find out more: havana doctor") from None

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        """Raises `Busy` where the disk does not take it now, `DatabaseDamaged` where the file is beyond use."""
        try:
            yield
        except DatabaseError as error:
            if (plain := plainly(error, self._damaged)) is not None:
                raise plain from error
            raise

    def _damaged(self, why: str) -> str:
        way_out = f"havana restore FILE --data {self.path.parent} --force"
        return f"{self.path} is damaged ({why}). Stop the server and restore a backup: {way_out}"

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        with self._plainly(), self._engine.connect() as conn:
            _for_writing(conn)
            try:
                with conn.begin():
                    yield conn
            finally:
                conn.info.pop(BEGIN)

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        """A transaction of the writer's, on a connection that it keeps as long as nothing fails."""
        with self._plainly():
            if self._kept is None:
                self._kept = _for_writing(self._engine.connect())
            try:
                with self._kept.begin():
                    yield self._kept
            except DatabaseError:
                # Whatever state it is in: the next transaction shall not inherit it.
                self._kept.invalidate()
                self._kept.close()
                self._kept = None
                raise


def _refuse_after_half_a_restore(data: Path) -> None:
    """The machine stopped after the database was put aside: an empty one must not take its place unnoticed."""
    if aside := sorted(data.glob(f"{FILE}{ASIDE}*Z")):
        raise Unusable(f"A restore into {data} did not end. Run it again, or rename {aside[-1].name}* to {FILE}*.")


def _for_writing(conn: sa.Connection) -> sa.Connection:
    # Taken at the start: a transaction that read first could not become a writer beside another process.
    conn.info[BEGIN] = "BEGIN IMMEDIATE"
    return conn


def _engine(path: Path, *, checkpoints: bool) -> sa.Engine:
    # An error's text goes to the log, and values are what people said.
    engine = sa.create_engine(f"sqlite:///{path}", pool_size=READERS + 2, max_overflow=-1, hide_parameters=True)

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below; the driver's own guessing breaks savepoints
        connection.execute("PRAGMA busy_timeout = 5000")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        # Beside a running server, only the server moves the log into the file.
        connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES if checkpoints else 0}")

    @sa.event.listens_for(engine, "begin")
    def begin(conn: sa.Connection) -> None:
        conn.exec_driver_sql(conn.info.get(BEGIN, "BEGIN"))

    return engine


def lock(data: Path) -> IO[str]:
    """Keeps every other server away from a data folder until it is closed. `DatabaseInUse` if one is there."""
    file = (data / LOCK).open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise DatabaseInUse(
            f"Another havana serve is using {data}. Stop it, or give this one its own folder with --data."
        ) from None
    return file
