"""Puts an installation into a database, in bulk: what the product itself would take days to write."""

import asyncio
import datetime as dt
import sqlite3
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg

from havana.chat.people import Agent
from havana.chat.site import Site
from havana.ids import new_id
from havana.knowledge import ingest
from havana.storage import history, sites, staff
from havana.storage.database import Database
from havana.storage.opening import open_database
from installation import TABLES, Installation, Made, Row, Rows

ARTICLES = Path(__file__).parents[1] / "demo" / "articles"
AGENTS = 12
SAMPLE = 100


def filled(data: Path, url: str | None, number: int) -> Made:
    """A database with so many conversations, in a folder or behind an address. Whoever made it has it checked."""
    now = dt.datetime.now(dt.UTC)
    database = open_database(data, url)
    several = [Site(id=new_id(), key=key, name="Bench") for key in ("shop", "help")]
    for site in several:
        database.write_now(partial(sites.store, site=site, now=now))
        ingest.add(database, site.id, [ARTICLES])
    agents = [_hired(database, place, now) for place in range(AGENTS)]
    installation = Installation(number, several, agents, now)
    if url is None:
        _into_file(data / "havana.db", installation.batches())
    else:
        asyncio.run(_into_server(url, installation.batches()))
    check(database, installation.made)
    database.close_now()
    return installation.made


def check(database: Database, made: Made) -> None:
    """Whether folds are those of their logs, in a sample."""
    for conversation, _ in [*made.some[:SAMPLE], *made.active[:SAMPLE]]:
        fold = database.read_now(partial(history.fold, conversation=conversation))
        log = database.read_now(partial(history.all_events, conversation=conversation))
        if fold is None or history.replay(fold, log) != fold:
            raise SystemExit(f"The fold of {conversation} is not that of its log.")


def _hired(database: Database, place: int, now: dt.datetime) -> Agent:
    email, name = f"agent{place}@example.com", f"Agent {place}"
    return database.write_now(lambda conn: staff.add_agent(conn, email, name, "agent", now=now))


async def _into_server(url: str, batches: Iterable[Rows]) -> None:
    connection = await asyncpg.connect(url, command_timeout=600)
    # Nothing that is referred to is missing; to look each up would take as long as all the rest.
    await connection.execute("SET session_replication_role = replica; SET synchronous_commit = off")
    for rows in batches:
        for table in TABLES:
            columns = [column.name for column in table.c]
            await connection.copy_records_to_table(table.name, records=rows[table.name], columns=columns)
    await connection.close()


def _into_file(path: Path, batches: Iterable[Rows]) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -500000")
    for rows in batches:
        connection.execute("BEGIN")
        for table in TABLES:
            places = ", ".join("?" * len(table.c))
            connection.executemany(f"INSERT INTO {table.name} VALUES ({places})", _for_sqlite(rows[table.name]))
        connection.execute("COMMIT")
    connection.close()


def _for_sqlite(rows: Sequence[Row]) -> Iterable[tuple[Any, ...]]:
    """Times as `UtcTime` writes them."""
    for row in rows:
        yield tuple(
            value.isoformat(" ", "microseconds")[:26] if isinstance(value, dt.datetime) else value for value in row
        )
