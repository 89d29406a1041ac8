import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from havana.chat.site import Site
from havana.ids import new_id
from havana.knowledge.search import Knowledge
from havana.storage import sites
from havana.storage.database import Database
from havana.storage.opening import open_database


@pytest.fixture
async def database(tmp_path: Path, database_url: str | None) -> AsyncIterator[Database]:
    database = open_database(tmp_path / "data", database_url)
    yield database
    await database.close()


@pytest.fixture
def knowledge(database: Database) -> Knowledge:
    return Knowledge(database)


@pytest.fixture
def site(database: Database) -> str:
    return a_site(database, "first")


def a_site(database: Database, key: str) -> str:
    site = Site(id=new_id(), key=key, name=key)
    database.write_now(lambda conn: sites.store(conn, site, dt.datetime.now(dt.UTC)))
    return site.id
