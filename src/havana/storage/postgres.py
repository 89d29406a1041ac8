"""`Database` on a PostgreSQL server: connections for reading, and a few lanes that commit in groups (`lanes.py`).

Everything happens inside transactions and nothing is kept in sessions, so that a pooler such as pgbouncer may give each
transaction another connection.
"""

import asyncio
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from havana.chat.errors import Busy
from havana.storage import migrations, nodes
from havana.storage.aside import Aside
from havana.storage.database import Connection, Database, T, Work
from havana.storage.group import Waiting
from havana.storage.lanes import Lanes
from havana.storage.membership import Membership
from havana.storage.postgres_connections import engine_to
from havana.storage.postgres_trouble import Unsure, drop, is_worth_another_try, put_plainly, transaction
from havana.storage.trouble import DatabaseInUse, Unusable, is_lost, is_passing, said
from havana.storage.turns import Turns

OLDEST = 14
READERS = 6
LANES = 4


class Pace(msgspec.Struct, frozen=True):
    """Times in seconds. A server that does not answer within them is as good as none."""

    connect_s: float = 3
    command_s: float = 5
    slow_command_s: float = 600
    """For what runs at the start or from the command line: a migration, a rebuild."""
    lease_s: float = 10
    renew_every_s: float = 2


class PostgresDatabase(Database):
    """`serving` takes a lease, which keeps others away that do not both join. Commands work beside it."""

    def __init__(self, url: str, *, serving: bool, joining: bool, pace: Pace, lanes: int) -> None:
        self._url = url
        self._pace = pace
        engine = engine_to(url, pace.connect_s, pace.command_s, READERS + lanes)
        self._engine = engine
        self._turns = Turns(READERS)
        self._reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._lanes = Lanes(engine, lanes)
        self._aside = Aside()
        self._engine_aside = engine_to(url, pace.connect_s, pace.slow_command_s, 2)
        self._serving = serving
        self._joining = joining
        self.membership: Membership | None = None

    @property
    def where(self) -> str:
        return shown(self._url)

    @classmethod
    def open(
        cls,
        url: str,
        *,
        serving: bool = False,
        joining: bool = False,
        pace: Pace = Pace(),  # noqa: B008 - it is frozen
        lanes: int = LANES,
        as_it_is: bool = False,
    ) -> "PostgresDatabase":
        """The database behind an address, migrated unless `as_it_is`. `Unusable` says why it cannot be had."""
        database = cls(url, serving=serving, joining=joining, pace=pace, lanes=lanes)
        try:
            database._aside.run(database._begin(as_it_is=as_it_is))
        except BaseException as error:
            database.close_now()
            # Refused rights are a DBAPIError, and an address that asks for the impossible one of the last two.
            if is_passing(error) or isinstance(error, Unsure | DBAPIError | ValueError):
                raise Unusable(f"{database.where} cannot be used: {said(error)}") from None
            raise
        return database

    async def read(self, work: Work[T]) -> T:
        self._refuse_if_taken_over()
        with put_plainly():
            async with self._turns:
                return await _run(self._reading, work)

    def read_now(self, work: Work[T]) -> T:
        with put_plainly():
            return self._aside.run(_run(self._engine_aside, work))

    def write_now(self, work: Work[T]) -> T:
        with put_plainly():
            return self._aside.run(self._write_aside(work))

    async def close(self) -> None:
        await self._lanes.close()
        await self._let_go(self._engine)
        await asyncio.to_thread(self.close_now)

    def close_now(self) -> None:
        self._aside.run(self._end())
        self._aside.close()

    def _put(self, waiting: Waiting, of: str) -> "asyncio.Future[Any]":
        self._refuse_if_taken_over()
        self._lanes.put(waiting, of)
        return waiting.future

    async def _write_aside(self, work: Work[T]) -> T:
        def stored(conn: Connection) -> T:
            with transaction(conn):
                return work(conn)

        return await _run(self._engine_aside, stored)

    async def _begin(self, *, as_it_is: bool) -> None:
        await _run(self._engine_aside, _check)
        if not as_it_is and not await _run(self._engine_aside, migrations.is_current):
            if self._serving:
                await self._wait_for_others()
            await self._write_aside(_migrate)
        if self._serving:
            pace = self._pace
            self.membership = Membership(
                self._write_aside,
                self.where,
                joins=self._joining,
                lease_s=pace.lease_s,
                renew_every_s=pace.renew_every_s,
                command_s=pace.command_s,
            )
            await self.membership.join()

    async def _wait_for_others(self) -> None:
        """Whoever will be refused must not have changed the tables that another release is running on."""
        in_the_way = partial(nodes.is_served, alone=self._joining)
        for _ in range(int(self._pace.lease_s / self._pace.renew_every_s) + 1):
            if not await _run(self._engine_aside, in_the_way):
                return
            await asyncio.sleep(self._pace.renew_every_s)
        raise DatabaseInUse(
            f"Another havana serve is using {self.where}. Stop it first: this release has to change the database."
        )

    async def _end(self) -> None:
        if self.membership is not None:
            await self.membership.leave()
        await self._let_go(self._engine_aside)

    async def _let_go(self, engine: AsyncEngine) -> None:
        """Says good-bye to the server, but does not wait for long to hear it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._pace.command_s):
                await engine.dispose()

    def _refuse_if_taken_over(self) -> None:
        if self.membership is not None and self.membership.is_taken_over:
            raise Busy("Another server has taken over. Please try again.", retry_ms=2000)


def shown(url: str) -> str:
    """The address without a password."""
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    return f"{parts.scheme}://{user.partition(':')[0]}{at}{host}{parts.path}"


async def _run(engine: AsyncEngine, work: Work[T]) -> T:
    try:
        return await _run_once(engine, work)
    except Exception as error:
        if not is_worth_another_try(error):
            raise
    return await _run_once(engine, work)


async def _run_once(engine: AsyncEngine, work: Work[T]) -> T:
    async with engine.connect() as conn:
        try:
            return await conn.run_sync(work)
        except BaseException as error:
            # Somebody who is told to stop does not wait for a server that may be silent.
            if is_lost(error) or not isinstance(error, Exception):
                await drop(conn)
            raise


def _check(conn: sa.Connection) -> None:
    version, encoding = conn.exec_driver_sql(
        "SELECT current_setting('server_version_num')::int, current_setting('server_encoding')"
    ).one()
    if version < OLDEST * 10_000:
        raise Unusable(f"The server is PostgreSQL {version // 10_000}; Havana needs {OLDEST} or newer.")
    if encoding != "UTF8":
        raise Unusable(f"The database is in {encoding}. Make one with: createdb --encoding UTF8 --template template0")


def _migrate(conn: sa.Connection) -> None:
    """One process does, the others wait, and find it done."""
    nodes.queue(conn)
    migrations.upgrade(conn)
