"""A real data folder, and a clock that the test moves."""

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from havana.accounts.limits import Limits
from havana.accounts.sessions import Sessions
from havana.accounts.tokens import Tokens
from havana.chat.people import Agent
from havana.storage import staff
from havana.storage.database import Database
from havana.storage.sqlite import SqliteDatabase


class Clock:
    """Time that stands until it is moved."""

    def __init__(self) -> None:
        self.now = dt.datetime(2025, 3, 1, 12, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += dt.timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = SqliteDatabase.open(tmp_path)
    yield opened
    await opened.close()


@pytest.fixture
async def tokens(database: Database, clock: Clock) -> Tokens:
    return Tokens.open(database, clock)


@pytest.fixture
def sessions(database: Database, clock: Clock) -> Sessions:
    return Sessions(database, Limits(), clock)


@pytest.fixture
async def ana(database: Database, clock: Clock) -> Agent:
    """An agent who can only come in by link."""
    return await database.write(lambda conn: staff.add_agent(conn, "Ana@Example.com ", "Ana", "agent", now=clock()))
