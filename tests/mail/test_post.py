"""Letters that wait, over both databases and to a real mail server: each is sent once, or it is known why not."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.desk.conftest import Clock
from tests.mail.office import Office, opened

from havana.accounts.sessions import digest
from havana.chat.people import Agent
from havana.jobs import Worker
from havana.mail.message import NotSent
from havana.mail.smtp import Server
from havana.post import Outgoing, Post
from havana.storage import jobs, mails, people, staff
from havana.storage.database import Connection, Database
from havana.storage.jobs import Job
from havana.storage.mail_tables import mails as table
from havana.storage.mails import Mailed
from havana.storage.opening import open_database
from havana.storage.tables import sign_in_links

BASE = "https://x.example"
DAY = dt.timedelta(days=1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def database(tmp_path: Path, database_url: str | None) -> AsyncIterator[Database]:
    database = open_database(tmp_path, database_url, serving=True)
    yield database
    await database.close()


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with opened() as office:
        yield office


@pytest.fixture
def post(database: Database, clock: Clock, office: Office) -> Post:
    return Post(database, Worker(database, clock), clock, outgoing(office))


def outgoing(office: Office) -> Outgoing:
    return Outgoing("Havana <chat@x.example>", BASE, Server.at(office.url).send)


def invited(database: Database, clock: Clock, name: str = "Cleo") -> Agent:
    def work(conn: Connection) -> Agent:
        agent = people.invite(conn, f"{name.lower()}@example.com", name, "agent", clock())
        people.mail_invitation(conn, agent, "Ana", clock())
        return agent

    return database.write_now(work)


def rows(database: Database) -> list[Any]:
    return list(database.read_now(lambda conn: conn.execute(sa.select(table).order_by(table.c.id)).all()))


def due(database: Database, clock: Clock) -> list[Job]:
    """Taken by a worker: the jobs that send something."""
    now = clock()
    return database.write_now(lambda conn: jobs.lease(conn, [mails.SEND], now, now + DAY, 100))


def became(database: Database, agent: Agent, clock: Clock) -> Mailed | None:
    person = database.read_now(lambda conn: people.find(conn, agent.id, clock()))
    assert person
    return person.mailed


async def test_an_invitation_is_sent_with_a_link_that_lets_them_in(
    database: Database, clock: Clock, office: Office, post: Post
):
    cleo = invited(database, clock)
    assert became(database, cleo, clock) == Mailed("sending")
    [job] = due(database, clock)
    await post.deliver(job)

    taken = await office.next_letter()
    before, token, after = taken.text.partition(BASE + "/console/sign-in#password=")
    token, _, rest = after.partition("\n")
    assert taken.to == ["cleo@example.com"]
    assert taken.letter["Subject"] == "Ana invites you to the team"
    assert taken.letter["Message-ID"] == f"<{job.subject}@x.example>"
    assert before == "Hello Cleo,\n\nAna invites you to answer visitors with Havana. Choose your password here:\n\n"
    assert "seven days" in rest
    assert became(database, cleo, clock) == Mailed("sent")
    links = database.read_now(lambda conn: conn.execute(sa.select(sign_in_links)).all())
    assert token not in str((rows(database), links))
    behind = database.read_now(lambda conn: people.behind_link(conn, digest(token), clock()))
    assert behind
    assert behind.agent == cleo


async def test_a_letter_that_was_sent_is_not_sent_again(database: Database, clock: Clock, office: Office, post: Post):
    invited(database, clock)
    [job] = due(database, clock)
    await post.deliver(job)
    clock.advance(days=2)
    await post.deliver(job)

    assert len(office.letters) == 1


async def test_of_two_servers_that_hold_the_same_job_one_sends(
    database: Database, clock: Clock, office: Office, post: Post
):
    invited(database, clock)
    [job] = due(database, clock)
    office.held = asyncio.Event()
    first = asyncio.create_task(post.deliver(job))
    await office.next_letter()
    other = Post(database, Worker(database, clock), clock, outgoing(office))
    await other.deliver(job)
    clock.advance(seconds=80)
    await other.deliver(job)
    office.held.set()
    await first

    assert len(office.letters) == 1
    assert rows(database)[0].sent_at is not None


async def test_what_fails_is_tried_again_for_a_day_and_its_error_is_kept(
    database: Database, clock: Clock, office: Office, post: Post
):
    cleo = invited(database, clock)
    office.refuse[cleo.email] = "451 4.7.1 cleo@example.com comes back later"
    [job] = due(database, clock)
    for _ in range(2):
        with pytest.raises(NotSent):
            await post.deliver(job)
        clock.advance(hours=11)
    said = "the mail server said 451 4.7.1 … comes back later"
    assert became(database, cleo, clock) == Mailed("sending", said)
    clock.advance(hours=3)
    await post.deliver(job)

    assert became(database, cleo, clock) == Mailed("failed", said)
    office.refuse.clear()
    await post.deliver(job)
    assert office.letters == []
    assert database.read_now(lambda conn: conn.execute(sa.select(sign_in_links)).all()) == []


async def test_whom_nobody_knows_is_not_tried_twice(database: Database, clock: Clock, office: Office, post: Post):
    cleo = invited(database, clock)
    office.refuse[cleo.email] = "550 5.1.1 no such user"
    [job] = due(database, clock)
    await post.deliver(job)

    assert became(database, cleo, clock) == Mailed("failed", "the mail server said 550 5.1.1 no such user")


async def test_nobody_is_invited_who_is_not_any_more(database: Database, clock: Clock, office: Office, post: Post):
    cleo, dan = invited(database, clock), invited(database, clock, "Dan")
    held = due(database, clock)
    database.write_now(lambda conn: people.withdraw(conn, cleo.id))
    come = {"active": True, "invited_at": None}
    database.write_now(lambda conn: conn.execute(staff.agents.update().where(staff.agents.c.id == dan.id).values(come)))
    for job in held:
        await post.deliver(job)

    assert office.letters == []
    assert rows(database) == []


async def test_a_newer_invitation_takes_the_place_of_one_that_waits(
    database: Database, clock: Clock, office: Office, post: Post
):
    cleo = invited(database, clock)
    database.write_now(lambda conn: people.mail_invitation(conn, cleo, "Ben", clock()))
    for job in due(database, clock):
        await post.deliver(job)

    assert [taken.letter["Subject"] for taken in office.letters] == ["Ben invites you to the team"]


async def test_whoever_is_removed_takes_their_address_along(
    database: Database, clock: Clock, office: Office, post: Post
):
    cleo = invited(database, clock)
    database.write_now(lambda conn: mails.add(conn, "other", cleo.email, {}, clock()))
    database.write_now(lambda conn: mails.add(conn, "other", "dan@example.com", {}, clock()))
    database.write_now(lambda conn: staff.remove_agent(conn, cleo.id, clock()))

    assert [row.recipient for row in rows(database)] == ["dan@example.com"]


async def test_of_two_letters_with_the_same_key_there_is_one(database: Database, clock: Clock):
    for _ in range(2):
        database.write_now(lambda conn: mails.add(conn, "other", "a@example.com", {}, clock(), key="one"))
        database.write_now(lambda conn: mails.add(conn, "other", "b@example.com", {}, clock()))

    assert sorted(row.recipient for row in rows(database)) == ["a@example.com", "b@example.com", "b@example.com"]
    assert len(due(database, clock)) == 3


async def test_what_a_newer_release_writes_is_left_to_it(database: Database, clock: Clock, office: Office, post: Post):
    database.write_now(lambda conn: mails.add(conn, "other", "a@example.com", {}, clock()))
    [job] = due(database, clock)
    with pytest.raises(NotSent):
        await post.deliver(job)

    [row] = rows(database)
    assert (row.begun_at, row.sent_at, row.given_up_at) == (None, None, None)


async def test_a_server_that_stops_writes_down_what_has_arrived(
    database: Database, clock: Clock, office: Office, post: Post
):
    invited(database, clock)
    [job] = due(database, clock)
    office.held = asyncio.Event()
    sending = asyncio.create_task(post.deliver(job))
    await office.next_letter()
    sending.cancel()
    await asyncio.sleep(0)
    office.held.set()
    with pytest.raises(asyncio.CancelledError):
        await sending

    assert rows(database)[0].sent_at is not None


async def test_a_mail_server_that_takes_its_time_is_given_up_for_now(
    database: Database, clock: Clock, office: Office, post: Post, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("havana.post.SENT_WITHIN_S", 0.2)
    cleo = invited(database, clock)
    [job] = due(database, clock)
    office.held = asyncio.Event()
    with pytest.raises(NotSent):
        await post.deliver(job)

    assert became(database, cleo, clock) == Mailed("sending", "the mail server took more than 0.2 seconds")


async def test_letters_are_forgotten_after_thirty_days(database: Database, clock: Clock):
    invited(database, clock)
    clock.advance(days=10)
    invited(database, clock, "Dan")
    clock.advance(days=20, seconds=1)
    following = database.write_now(lambda conn: mails.forget_old(conn, clock()))

    [row] = rows(database)
    assert row.recipient == "dan@example.com"
    assert following == row.created_at + dt.timedelta(days=30)
    clock.advance(days=10)
    assert database.write_now(lambda conn: mails.forget_old(conn, clock())) is None
    assert rows(database) == []


class TestForgotten:
    @pytest.fixture
    def ana(self, database: Database, clock: Clock) -> Agent:
        return database.write_now(
            lambda conn: staff.add_agent(conn, "ana@example.com", "Ana", "admin", password_hash="old", now=clock())
        )

    async def asks(self, database: Database, clock: Clock, post: Post, email: str = "ana@example.com") -> None:
        database.write_now(lambda conn: people.mail_forgotten(conn, email, clock()))
        for job in due(database, clock):
            await post.deliver(job)

    def token(self, office: Office, letter: int = -1) -> str:
        return office.letters[letter].text.partition("#password=")[2].partition("\n")[0]

    def follow(self, database: Database, clock: Clock, token: str) -> people.Used | None:
        return database.write_now(lambda conn: people.use_password_link(conn, digest(token), "new", clock()))

    async def test_by_the_letter_a_password_is_chosen_and_all_sessions_end(
        self, database: Database, clock: Clock, office: Office, post: Post, ana: Agent
    ):
        database.write_now(lambda conn: staff.add_session(conn, "s", ana.id, clock(), clock() + DAY))
        await self.asks(database, clock, post, "ANA@example.com ")
        used = self.follow(database, clock, self.token(office))

        assert office.letters[0].to == ["ana@example.com"]
        assert office.letters[0].letter["Subject"] == "Choose a new password"
        assert used
        assert (used.agent, used.joined, used.ended) == (ana, False, ["s"])
        assert self.follow(database, clock, self.token(office)) is None

    async def test_a_link_is_good_for_an_hour(
        self, database: Database, clock: Clock, office: Office, post: Post, ana: Agent
    ):
        await self.asks(database, clock, post)
        clock.advance(minutes=59)
        assert database.read_now(lambda conn: people.behind_link(conn, digest(self.token(office)), clock()))
        clock.advance(minutes=2)

        assert self.follow(database, clock, self.token(office)) is None

    async def test_nobody_spoils_a_link_by_asking_for_another_and_one_that_is_followed_ends_all(
        self, database: Database, clock: Clock, office: Office, post: Post, ana: Agent
    ):
        now = clock()
        database.write_now(lambda conn: people.add_password_link(conn, digest("admin's"), ana.id, now, now + DAY))
        await self.asks(database, clock, post)
        await self.asks(database, clock, post)

        assert self.follow(database, clock, self.token(office, 0)) is not None
        assert self.follow(database, clock, self.token(office, 1)) is None
        assert self.follow(database, clock, "admin's") is None

    async def test_an_admin_s_link_still_works_after_somebody_asked_by_the_address(
        self, database: Database, clock: Clock, office: Office, post: Post, ana: Agent
    ):
        now = clock()
        database.write_now(lambda conn: people.add_password_link(conn, digest("admin's"), ana.id, now, now + DAY))
        await self.asks(database, clock, post)

        assert self.follow(database, clock, "admin's") is not None

    async def test_who_is_not_on_the_team_gets_nothing_and_leaves_no_address(
        self, database: Database, clock: Clock, office: Office, post: Post, ana: Agent
    ):
        def leave(conn: Connection) -> None:
            staff.add_agent(conn, "ben@example.com", "Ben", "admin", now=clock())
            people.deactivate(conn, ana.id, clock())
            people.invite(conn, "cleo@example.com", "Cleo", "agent", clock())

        database.write_now(leave)
        for email in ("ana@example.com", "cleo@example.com", "nobody@example.com"):
            await self.asks(database, clock, post, email)

        assert office.letters == []
        assert rows(database) == []
