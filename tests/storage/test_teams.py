"""Teams as they are stored: nobody writes over what they have not seen, and only active agents are in one."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from havana.chat.people import Agent
from havana.storage import people, staff, teams
from havana.storage.database import Connection, Database
from havana.storage.opening import open_database
from havana.storage.teams import Chosen, NameTaken, NotOnTheTeam, Team
from havana.storage.versions import Outdated

NOON = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def database(tmp_path: Path, database_url: str | None) -> Iterator[Database]:
    database = open_database(tmp_path, database_url)
    yield database
    database.close_now()


@pytest.fixture
def agents(database: Database) -> dict[str, Agent]:
    """Ana is an admin, Zoe and Ben are not."""

    def work(conn: Connection) -> dict[str, Agent]:
        return {
            name: staff.add_agent(conn, f"{name}@example.com", name, "admin" if name == "Ana" else "agent", now=NOON)
            for name in ("Ana", "Zoe", "Ben")
        }

    return database.write_now(work)


def save(
    database: Database, id: str, name: str, members: list[Agent], version: str | None = None, by: str = "nobody"
) -> Team:
    ids = tuple(member.id for member in members)
    return database.write_now(lambda conn: teams.save(conn, id, Chosen(name, ids), agent=by, now=NOON, version=version))


def test_members_come_by_their_names_and_each_change_makes_another_version(
    database: Database, agents: dict[str, Agent]
):
    ana, ben, zoe = agents["Ana"], agents["Ben"], agents["Zoe"]
    first = save(database, "t1", "Sales", [zoe, ben, zoe], by=ana.id)
    again = save(database, "t1", "Sales", [ben, zoe])
    second = save(database, "t1", "Sales", [zoe], first.version)

    assert first == Team("t1", "Sales", (ben.id, zoe.id), "off", 180, first.version, NOON, "Ana")
    assert again == first
    assert second.members == (zoe.id,)
    assert second.version != first.version
    assert database.read_now(teams.every) == [second]


def test_teams_come_by_their_names(database: Database):
    for number, name in enumerate(("zebra", "Yes", "about us")):
        save(database, f"t{number}", name, [])

    assert [team.name for team in database.read_now(teams.every)] == ["about us", "Yes", "zebra"]


def test_nobody_writes_over_or_deletes_what_they_have_not_seen(database: Database, agents: dict[str, Agent]):
    first = save(database, "t1", "Sales", [])
    second = save(database, "t1", "Sales", [agents["Ben"]], first.version)

    for version in (first.version, None):
        with pytest.raises(Outdated) as refused:
            save(database, "t1", "Tours", [], version)
        assert refused.value.newest == second
    with pytest.raises(Outdated):
        database.write_now(lambda conn: teams.remove(conn, "t1", first.version))
    database.write_now(lambda conn: teams.remove(conn, "t1", second.version))

    assert database.read_now(teams.every) == []


def test_two_teams_are_not_called_the_same(database: Database):
    sales = save(database, "t1", "Sales", [])

    with pytest.raises(NameTaken):
        save(database, "t2", "sALES", [])
    assert save(database, "t1", "SALES", [], sales.version).name == "SALES"


def test_who_is_no_active_agent_is_in_none_and_who_comes_back_is_in_it_again(
    database: Database, agents: dict[str, Agent]
):
    ben, zoe = agents["Ben"], agents["Zoe"]
    first = save(database, "t1", "Sales", [ben, zoe])
    database.write_now(lambda conn: people.deactivate(conn, ben.id, NOON))
    without = database.read_now(teams.every)
    with pytest.raises(NotOnTheTeam):
        save(database, "t2", "Tours", [ben])
    save(database, "t1", "Tours", [zoe], first.version)
    database.write_now(lambda conn: people.reactivate(conn, ben.id))

    assert [team.members for team in without] == [(zoe.id,)]
    assert [team.members for team in database.read_now(teams.every)] == [(ben.id, zoe.id)]
