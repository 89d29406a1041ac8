"""People of the team as they are stored: who may come in, and that somebody always may change the settings."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from havana.chat import changes
from havana.chat.people import Agent
from havana.storage import audit, people, profiles, staff
from havana.storage.database import Connection, Database
from havana.storage.opening import open_database
from havana.storage.people import LastAdmin, Person

NOON = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
LATER = NOON + dt.timedelta(days=1)


@pytest.fixture
def database(tmp_path: Path, database_url: str | None) -> Iterator[Database]:
    database = open_database(tmp_path, database_url)
    yield database
    database.close_now()


def hire(conn: Connection, name: str, role: staff.AgentRole = "agent") -> Agent:
    return staff.add_agent(conn, f"{name.lower()}@example.com", name, role, password_hash="hash", now=NOON)


def test_the_last_admin_stays_one_and_stays(database: Database):
    ana, ben = database.write_now(lambda conn: (hire(conn, "Ana", "admin"), hire(conn, "Ben")))
    for take_away in (
        lambda conn: people.set_role(conn, ana.id, "agent"),
        lambda conn: people.deactivate(conn, ana.id, NOON),
        lambda conn: people.keep_an_admin(conn, without=ana.id),
    ):
        with pytest.raises(LastAdmin):
            database.write_now(take_away)

    assert database.write_now(lambda conn: people.set_role(conn, ben.id, "admin"))
    assert database.write_now(lambda conn: people.set_role(conn, ana.id, "agent"))
    assert database.read_now(lambda conn: staff.admins(conn, [ana.id, ben.id])) == {ben.id}


def test_an_admin_who_is_invited_or_deactivated_is_no_other_admin(database: Database):
    def work(conn: Connection) -> Agent:
        ana, ben = hire(conn, "Ana", "admin"), hire(conn, "Ben", "admin")
        people.invite(conn, "cleo@example.com", "Cleo", "admin", NOON)
        assert people.deactivate(conn, ben.id, NOON)
        return ana

    ana = database.write_now(work)

    with pytest.raises(LastAdmin):
        database.write_now(lambda conn: people.deactivate(conn, ana.id, NOON))


def test_an_invited_person_is_on_the_team_once_they_have_a_password(database: Database):
    def ask(conn: Connection) -> Agent:
        cleo = people.invite(conn, "Cleo@Example.com", "Cleo", "agent", NOON)
        assert people.add_password_link(conn, "link", cleo.id, NOON, LATER)
        return cleo

    cleo = database.write_now(ask)
    assert database.read_now(staff.team) == []
    assert database.read_now(lambda conn: people.everybody(conn, NOON)) == [Person(cleo, "invited", False, LATER)]
    assert database.read_now(lambda conn: people.behind_link(conn, "link", LATER)) is None

    used = [database.write_now(lambda conn: people.use_password_link(conn, "link", "hash", NOON)) for _ in range(2)]
    assert used == [people.Used(cleo, joined=True, away=False, ended=[]), None]
    assert database.read_now(staff.team) == [cleo]
    assert database.write_now(lambda conn: people.withdraw(conn, cleo.id)) is False


def test_a_link_for_a_password_is_none_to_sign_in_by_and_the_other_way_round(database: Database):
    def work(conn: Connection) -> list[object]:
        ana = hire(conn, "Ana")
        people.add_password_link(conn, "password", ana.id, NOON, LATER)
        staff.add_link(conn, "sign-in", ana.id, NOON, LATER)
        return [
            staff.use_link(conn, "password", NOON),
            people.behind_link(conn, "sign-in", NOON),
            people.use_password_link(conn, "sign-in", "other", NOON),
        ]

    assert database.write_now(work) == [None, None, None]


def test_a_newer_link_is_the_only_good_one(database: Database):
    def work(conn: Connection) -> list[bool]:
        ana = hire(conn, "Ana")
        for link in ("first", "second"):
            people.add_password_link(conn, link, ana.id, NOON, LATER)
        return [people.behind_link(conn, link, NOON) is not None for link in ("first", "second")]

    assert database.write_now(work) == [False, True]


def test_nothing_lets_a_deactivated_person_in_and_they_come_back_with_what_they_had(database: Database):
    def work(conn: Connection) -> Agent:
        hire(conn, "Ana", "admin")
        ben = hire(conn, "Ben")
        staff.add_session(conn, "session", ben.id, NOON, LATER)
        staff.add_link(conn, "sign-in", ben.id, NOON, LATER)
        assert people.deactivate(conn, ben.id, NOON)
        assert not people.deactivate(conn, ben.id, NOON)
        # Of a sign-in that was under way.
        staff.add_session(conn, "late", ben.id, NOON, LATER)
        return ben

    ben = database.write_now(work)
    assert database.read_now(lambda conn: staff.credentials(conn, ben.email)) is None
    assert database.write_now(lambda conn: staff.use_link(conn, "sign-in", NOON)) is None
    assert database.write_now(lambda conn: people.add_password_link(conn, "link", ben.id, NOON, LATER)) is False
    assert database.read_now(lambda conn: people.find(conn, ben.id, NOON)) == Person(ben, "deactivated", False)

    assert database.write_now(lambda conn: people.reactivate(conn, ben.id))
    known = database.read_now(lambda conn: staff.credentials(conn, ben.email))
    assert known == staff.Credentials(ben, "hash")
    assert database.read_now(lambda conn: staff.standing(conn, ["session", "late"])) == set()


def test_who_is_removed_is_nobody_any_more(database: Database):
    def work(conn: Connection) -> Agent:
        hire(conn, "Ana", "admin")
        ben = hire(conn, "Ben")
        people.deactivate(conn, ben.id, NOON)
        staff.remove_agent(conn, ben.id, NOON)
        return ben

    ben = database.write_now(work)

    assert database.read_now(lambda conn: people.find(conn, ben.id, NOON)) is None
    assert database.write_now(lambda conn: people.reactivate(conn, ben.id)) is False


def test_changes_come_the_newest_first_page_by_page_and_are_kept_for_two_years(database: Database):
    def work(conn: Connection) -> None:
        ana = hire(conn, "Ana")
        audit.record(conn, None, changes.SiteApplied("Long ago"), NOON - audit.KEPT - dt.timedelta(seconds=1))
        for name in ("one", "two", "three"):
            audit.record(conn, ana, changes.CannedSaved(name), NOON)
        profiles.rename(conn, ana.id, "Ana Maria")
        audit.record(conn, None, changes.PasswordChanged(), NOON)

    database.write_now(work)
    first = database.read_now(lambda conn: audit.page(conn, 2))
    rest = database.read_now(lambda conn: audit.page(conn, 10, first[-1].id))

    told = [(entry.name, entry.kind, entry.details) for entry in (*first, *rest)]
    assert told == [
        (None, "password_changed", {}),
        ("Ana", "canned_saved", {"name": "three"}),
        ("Ana", "canned_saved", {"name": "two"}),
        ("Ana", "canned_saved", {"name": "one"}),
    ]
