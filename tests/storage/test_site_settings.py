"""The settings of sites as they are stored: nobody writes over what they have not seen."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from tests.storage.work import SITE

from havana.chat.site import Site, Words
from havana.storage import sites, staff
from havana.storage.database import Connection, Database
from havana.storage.opening import open_database
from havana.storage.sites import SiteSettings
from havana.storage.tables import sites as table
from havana.storage.versions import Outdated

NOON = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
LATER = NOON + dt.timedelta(hours=1)


@pytest.fixture
def database(tmp_path: Path, database_url: str | None) -> Iterator[Database]:
    """With a site and Rosa."""
    database = open_database(tmp_path, database_url)

    def fill(conn: Connection) -> None:
        sites.store(conn, SITE, NOON)
        staff.add_agent(conn, "rosa@example.com", "Rosa", "admin", now=NOON)

    database.write_now(fill)
    yield database
    database.close_now()


def known(database: Database) -> SiteSettings:
    found = database.read_now(lambda conn: sites.settings(conn, SITE.key))
    assert found is not None
    return found


def save(database: Database, site: Site, version: str) -> SiteSettings:
    def work(conn: Connection) -> SiteSettings:
        [rosa] = staff.team(conn)
        return sites.save(conn, site, agent=rosa.id, now=LATER, version=version)

    return database.write_now(work)


def test_a_change_makes_another_version_with_who_and_when(database: Database):
    first = known(database)
    greeted = msgspec.structs.replace(SITE, greeting="Good day")
    second = save(database, greeted, first.version)

    assert (first.site, first.updated_at, first.by) == (SITE, NOON, None)
    assert second == SiteSettings(greeted, second.version, LATER, "Rosa")
    assert second.version != first.version
    assert save(database, greeted, first.version) == second
    with pytest.raises(Outdated) as refused:
        save(database, SITE, first.version)
    assert refused.value.newest == second
    assert save(database, SITE, second.version).version == first.version


def test_a_site_that_is_not_there_is_not_made_by_saving(database: Database):
    with pytest.raises(Outdated) as refused:
        save(database, Site("nowhere", "nowhere", "Nowhere"), "")

    assert refused.value.newest is None


def test_a_key_is_taken_once(database: Database):
    def add(conn: Connection) -> SiteSettings | None:
        return sites.add(conn, Site("s2", SITE.key, "Another"), agent="rosa", now=LATER)

    assert database.write_now(add) is None
    assert [site.id for site in database.read_now(sites.every)] == [SITE.id]


def test_what_is_as_it_is_by_default_is_not_stored(database: Database):
    """So that a release with other defaults has those."""
    # As they come from JSON: equal to the defaults, and not the same objects.
    same = msgspec.json.decode(msgspec.json.encode(_in_full(SITE)), type=Site)
    database.write_now(lambda conn: sites.store(conn, same, NOON))
    text = database.read_now(lambda conn: conn.execute(sa.select(table.c.settings)).scalar_one())

    assert msgspec.json.decode(text) == {
        "id": SITE.id,
        "key": SITE.key,
        "name": SITE.name,
        "call_url": SITE.call_url,
    }


def _in_full(site: Site) -> dict[str, object]:
    return msgspec.structs.asdict(site) | {"words": msgspec.structs.asdict(Words())}
