"""Canned answers as they are stored: nobody writes over what they have not seen."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.storage.work import SITE

from havana.storage import canned, sites, staff
from havana.storage.canned import Canned
from havana.storage.database import Connection, Database
from havana.storage.opening import open_database
from havana.storage.versions import Outdated

NOON = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def database(tmp_path: Path, database_url: str | None) -> Iterator[Database]:
    """With a site and Rosa."""
    database = open_database(tmp_path, database_url)

    def fill(conn: Connection) -> None:
        sites.store(conn, SITE, NOON)
        staff.add_agent(conn, "rosa@example.com", "Rosa", "agent", now=NOON)

    database.write_now(fill)
    yield database
    database.close_now()


def save(
    database: Database, id: str, text: str, version: str | None = None, *, name: str = "Hello", site: str | None = None
) -> Canned:
    def work(conn: Connection) -> Canned:
        [rosa] = staff.team(conn)
        return canned.save(conn, id, site, name, text, agent=rosa.id, now=NOON, version=version)

    return database.write_now(work)


def test_each_change_makes_another_version_and_what_says_the_same_is_the_same(database: Database):
    first = save(database, "c1", "Hi")
    assert first == Canned("c1", None, "Hello", "Hi", first.version, NOON, "Rosa")

    again = save(database, "c1", "Hi")
    second = save(database, "c1", "Hi there", first.version)
    repeated = save(database, "c1", "Hi there", first.version)
    back = save(database, "c1", "Hi", second.version)

    assert again == first
    assert repeated == second
    assert second.version != first.version
    assert back == first


def test_nobody_writes_over_or_deletes_what_they_have_not_seen(database: Database):
    first = save(database, "c1", "Hi")
    second = save(database, "c1", "Hi there", first.version)

    for version in (first.version, None):
        with pytest.raises(Outdated) as refused:
            save(database, "c1", "Mine", version)
        assert refused.value.newest == second
    with pytest.raises(Outdated) as refused:
        database.write_now(lambda conn: canned.remove(conn, "c1", first.version))
    assert refused.value.newest == second

    database.write_now(lambda conn: canned.remove(conn, "c1", second.version))
    with pytest.raises(Outdated) as refused:
        save(database, "c1", "Mine", second.version)
    assert refused.value.newest is None


def test_a_site_has_its_own_and_those_of_all_by_their_names(database: Database):
    save(database, "c1", "Only here", name="zebra", site=SITE.id)
    save(database, "c2", "Everywhere", name="Yes")
    save(database, "c3", "Everywhere", name="about us")

    here = database.read_now(lambda conn: canned.every(conn, SITE.id))
    elsewhere = database.read_now(lambda conn: canned.every(conn, "another site"))
    assert [one.name for one in here] == ["about us", "Yes", "zebra"]
    assert [one.name for one in elsewhere] == ["about us", "Yes"]
    assert database.read_now(canned.every) == here
