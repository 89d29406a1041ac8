"""The HTTP API over a real data folder. Nobody works the jobs: these tests are not about answers."""

import datetime as dt
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from havana.accounts.identity import Identity
from havana.accounts.limits import Limits
from havana.accounts.passwords import hash_password
from havana.accounts.sessions import Sessions
from havana.accounts.tokens import Tokens
from havana.api.readiness import Readiness
from havana.api.routes import web
from havana.api.services import Services
from havana.assistant.understanding.asked import asked
from havana.availability import Availability
from havana.bus.memory import MemoryBus
from havana.chat.people import Agent
from havana.chat.site import Site
from havana.counting import Counting
from havana.desk import Desk
from havana.drafts import Drafts
from havana.duty import Duty
from havana.ids import new_id
from havana.jobs import Worker
from havana.knowledge.grouping import Grouping
from havana.knowledge.search import Knowledge
from havana.people import People
from havana.reading import Reading
from havana.requests import Requests
from havana.searching import Searching
from havana.storage import sites, staff
from havana.storage.sqlite import SqliteDatabase
from havana.unanswered import Unanswered
from havana.visits import Visits

ORIGIN = "http://havana.test"
PASSWORD = "correct horse"

Client = AsyncTestClient[Litestar]


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh data folder, migrated once and copied for each test."""
    folder = tmp_path_factory.mktemp("migrated")
    SqliteDatabase.open(folder).close_now()
    return folder


@pytest.fixture(scope="session")
def password_hash() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
async def services(tmp_path: Path, migrated: Path) -> AsyncIterator[Services]:
    shutil.copytree(migrated, tmp_path / "data")
    database = SqliteDatabase.open(tmp_path / "data")
    # No time passes for the limits: how much they give back must not depend on how fast the machine is.
    bus, drafts, duty, limits = MemoryBus(), Drafts(), Duty(now), Limits(clock=lambda: 0.0)
    worker = Worker(database, now)
    desk = Desk(database, bus, worker, now)
    tokens = Tokens.open(database)
    sessions = Sessions(database, limits)
    static = tmp_path / "static"
    static.mkdir()
    yield Services(
        database=database,
        bus=bus,
        identity=Identity(database, tokens, sessions),
        sessions=sessions,
        tokens=tokens,
        limits=limits,
        requests=Requests(desk, duty, database, limits),
        reading=Reading(database, desk, drafts, bus, limits),
        readiness=Readiness(database, bus),
        unanswered=Unanswered(database, Grouping(), asked),
        counting=Counting(database, now),
        searching=Searching(database, bus),
        knowledge=Knowledge(database),
        availability=Availability(database, bus, duty, now),
        people=People(database, bus, worker, now),
        visits=Visits(database, bus, now),
        is_here=duty.is_here,
        public_url=None,
        sends_mail=False,
        static=static,
    )
    await database.close()


@pytest.fixture
async def client(services: Services) -> AsyncIterator[Client]:
    """Somebody without credentials."""
    async with open_client(services) as anybody:
        yield anybody


@pytest.fixture
async def site(services: Services) -> Site:
    site = Site(
        id=new_id(),
        key="school",
        name="The School",
        greeting="Hello",
        suggestions=("Which programs are there?",),
        call_url="https://calls.example.com/school",
    )
    await services.database.write(lambda conn: sites.store(conn, site, now()))
    return site


@pytest.fixture
async def ana(services: Services, password_hash: str) -> Agent:
    return await hire(services, "ana@example.com", "Ana", password_hash)


@pytest.fixture
async def agent(services: Services, ana: Agent) -> AsyncIterator[Client]:
    """Ana in a browser: signed in, on our own pages."""
    async with signed_in(services, ana) as browser:
        yield browser


@pytest.fixture
async def visitor(services: Services, site: Site) -> AsyncIterator[Client]:
    async with open_client(services) as page:
        await arrive(page, site)
        yield page


async def arrive(page: Client, site: Site) -> str:
    """Makes the client a new visitor and tells their id."""
    answer = (await page.post("/api/visitors", json={"site": site.key})).json()
    page.headers["Authorization"] = f"Bearer {answer['token']}"
    visitor: str = answer["visitor"]["id"]
    return visitor


async def begin(page: Client, text: str = "Hello") -> str:
    """The visitor says something; tells the conversation."""
    answer = await page.post("/api/conversations", json={"key": new_id(), "text": text})
    assert answer.status_code == 200, answer.text
    conversation: str = answer.json()["conversation"]
    return conversation


async def hire(services: Services, email: str, name: str, password_hash: str) -> Agent:
    """A new admin."""
    return await services.database.write(
        lambda conn: staff.add_agent(conn, email, name, "admin", password_hash=password_hash, now=now())
    )


@asynccontextmanager
async def signed_in(services: Services, agent: Agent) -> AsyncIterator[Client]:
    async with open_client(services) as browser:
        browser.headers["Origin"] = ORIGIN
        answer = await browser.post("/api/session", json={"email": agent.email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        yield browser


def open_client(services: Services) -> Client:
    return AsyncTestClient(web(services), base_url=ORIGIN)


def replaced(services: Services, **changes: object) -> Services:
    return msgspec.structs.replace(services, **changes)
