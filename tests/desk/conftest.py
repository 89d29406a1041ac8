"""A desk over a real database of each kind, with a bus that remembers and nobody who works the jobs."""

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from havana.bus import INBOX, Appended, Bus, Message
from havana.bus.memory import MemoryBus
from havana.chat import events as e
from havana.chat.fold import Fold
from havana.chat.people import Agent, Visitor
from havana.chat.site import Site
from havana.desk import Desk, Done
from havana.ids import new_id
from havana.jobs import Worker
from havana.storage import history, sites
from havana.storage.database import Database
from havana.storage.postgres import PostgresDatabase
from havana.storage.sqlite import SqliteDatabase

ANA = Agent("agent-ana", "Ana")
BEN = Agent("agent-ben", "Ben")


class Clock:
    """Time that tests move."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        self.now += dt.timedelta(microseconds=1)
        return self.now

    def advance(self, **amount: float) -> None:
        self.now += dt.timedelta(**amount)


class Office(msgspec.Struct):
    """What a desk test needs."""

    database: Database
    desk: Desk
    worker: Worker
    bus: MemoryBus
    clock: Clock
    site: Site
    published: list[e.Event]

    def visitor(self) -> Visitor:
        return Visitor(new_id(), self.site.id, "Coral Heron")

    async def posts(self, visitor: Visitor, text: str = "Hello", key: str | None = None) -> Done:
        key = key or new_id()
        return await self.desk.open(visitor, lambda c: c.post(visitor, text, key), key=key)

    async def log(self, conversation: str) -> list[e.Event]:
        return list(await self.database.read(lambda conn: history.all_events(conn, conversation)))

    async def kinds(self, conversation: str) -> list[str]:
        return [event.fact.kind for event in await self.log(conversation)]

    async def stored(self, conversation: str) -> Fold:
        fold = await self.database.read(lambda conn: history.fold(conn, conversation))
        assert fold is not None
        return fold

    def another_desk(self, bus: Bus | None = None) -> Desk:
        """As of a second process, with a cache of its own; it hears of the first over this bus only."""
        return Desk(self.database, bus or MemoryBus(), self.worker, self.clock)


@pytest.fixture
async def office(tmp_path: Path, database_url: str | None) -> AsyncIterator[Office]:
    database: Database
    if database_url is None:
        database = SqliteDatabase.open(tmp_path, serving=True)
    else:
        # One lane, so that what comes together is stored together.
        database = PostgresDatabase.open(database_url, serving=True, lanes=1)
    clock, bus = Clock(), MemoryBus()
    site = Site(id=new_id(), key="demo", name="Havana Tech", call_url="https://calendar.example.com/call")
    database.write_now(lambda conn: sites.store(conn, site, clock()))
    worker = Worker(database, clock)
    published: list[e.Event] = []

    def remember(message: Message) -> None:
        assert isinstance(message, Appended)
        published.extend(message.events)

    bus.subscribe(INBOX, remember)
    yield Office(database, Desk(database, bus, worker, clock), worker, bus, clock, site, published)
    await database.close()
