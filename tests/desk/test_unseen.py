"""Somebody waits and nobody is there: who chose it is written to once, in time, and not of what is true no more."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from typing import Any

import pytest
import sqlalchemy as sa
from tests.mail.office import Office as MailOffice
from tests.mail.office import opened

from havana.chat.notifications import Notifications, QuietHours
from havana.chat.people import Agent
from havana.duty import Duty, Said
from havana.mail.smtp import Server
from havana.post import Outgoing, Post
from havana.storage import jobs, mails, people, profiles, staff
from havana.storage.database import Connection
from havana.storage.mail_tables import mails as table
from havana.unseen import KIND, Unseen

from .conftest import Office

ON = Notifications(mail=True)


@pytest.fixture
def duty(office: Office) -> Duty:
    return Duty(office.clock)


@pytest.fixture
async def mail_office() -> AsyncIterator[MailOffice]:
    async with opened() as mail_office:
        yield mail_office


@pytest.fixture
def unseen(office: Office, duty: Duty) -> Unseen:
    return Unseen(office.desk, duty, office.worker, office.database, office.clock, mails=True)


@pytest.fixture
def post(office: Office, mail_office: MailOffice) -> Post:
    outgoing = Outgoing("chat@x.example", "https://x.example", Server.at(mail_office.url).send)
    return Post(office.database, office.worker, office.clock, outgoing)


def hire(office: Office, name: str, chosen: Notifications = ON) -> Agent:
    def work(conn: Connection) -> Agent:
        agent = staff.add_agent(conn, f"{name.lower()}@example.com", name, "admin", now=office.clock())
        profiles.set_notifications(conn, agent.id, chosen)
        return agent

    return office.database.write_now(work)


async def waits(office: Office, duty: Duty) -> str:
    """Somebody asks for a person."""
    visitor = office.visitor()
    conversation = (await office.posts(visitor, "My secret question")).fold.id
    await office.desk.perform(conversation, lambda c: c.request_human(visitor, on_duty=duty.anybody()))
    return conversation


async def works(office: Office, unseen: Unseen, **later: float) -> None:
    """Time passes, a look at a time, as the worker would make them."""
    until = office.clock.now + dt.timedelta(**later)
    while True:
        due = await office.database.read(lambda conn: jobs.next_run_at(conn, [KIND]))
        if due is None or due > until:
            break
        office.clock.now = max(office.clock.now, due)
        for job in await taken(office):
            await unseen.look(job)
            await office.database.write(lambda conn, job=job: jobs.complete(conn, job))
    office.clock.now = max(office.clock.now, until)


async def taken(office: Office) -> list[jobs.Job]:
    now = office.clock()
    return await office.database.write(lambda conn: jobs.lease(conn, [KIND], now, now, 10))


def written(office: Office) -> list[Any]:
    rows = office.database.read_now(lambda conn: conn.execute(sa.select(table).order_by(table.c.id)).all())
    return [(row.recipient, row.created_at) for row in rows]


def to(office: Office) -> list[str]:
    return [recipient for recipient, _ in written(office)]


async def deliver(office: Office, post: Post) -> None:
    now = office.clock()
    for job in await office.database.write(lambda conn: jobs.lease(conn, [mails.SEND], now, now, 10)):
        await post.deliver(job)


async def test_who_chose_it_is_written_to_once_it_is_time_and_once(office: Office, duty: Duty, unseen: Unseen):
    hire(office, "Ana")
    hire(office, "Ben", Notifications(mail=True, mail_after_m=30))
    hire(office, "Cleo", Notifications())
    began = office.clock.now
    await waits(office, duty)
    await works(office, unseen, minutes=4, seconds=59)
    assert written(office) == []

    await works(office, unseen, hours=10)
    times = [(recipient, round((at - began).total_seconds() / 60)) for recipient, at in written(office)]
    assert times == [("ana@example.com", 5), ("ben@example.com", 30)]
    assert await office.database.read(lambda conn: jobs.next_run_at(conn, [KIND])) is None


async def test_the_letter_says_how_long_and_where_and_no_word_of_theirs(
    office: Office, duty: Duty, unseen: Unseen, post: Post, mail_office: MailOffice
):
    hire(office, "Ana")
    conversation = await waits(office, duty)
    await works(office, unseen, minutes=6)
    await deliver(office, post)

    [taken] = mail_office.letters
    assert (taken.to, taken.letter["Subject"]) == (["ana@example.com"], "Somebody waits on Havana Tech")
    assert taken.text == (
        "Hello Ana,\n\n"
        "on Havana Tech somebody has waited for a person for 5 minutes, and nobody of the team is on duty.\n\n"
        f"https://x.example/console/c/{conversation}\n\n"
        "You get one such letter for each visitor who waits. Whether and when, you choose here:\n\n"
        "https://x.example/console/settings/notifications\n"
    )
    assert "secret" not in str(mail_office.letters) + str(written(office))


async def test_nobody_is_written_to_while_somebody_is_on_duty_or_was_a_moment_ago(
    office: Office, duty: Duty, unseen: Unseen
):
    hire(office, "Ana", Notifications(mail=True, mail_after_m=1))
    duty.heard("other", Said(1, ("ben",)))
    await waits(office, duty)
    await works(office, unseen, minutes=10)
    assert written(office) == []

    duty.heard("other", Said(2, ()))
    left = office.clock.now
    await works(office, unseen, seconds=50)
    duty.arrived("ben")  # who only reloaded
    await works(office, unseen, minutes=20)
    assert written(office) == []
    duty.left("ben")
    left = office.clock.now
    await works(office, unseen, minutes=16)
    [(_, at)] = written(office)
    assert dt.timedelta(seconds=60) <= at - left <= dt.timedelta(minutes=16)


async def test_who_is_here_but_away_is_nobody(office: Office, duty: Duty, unseen: Unseen):
    ana = hire(office, "Ana")
    duty.arrived(ana.id)
    duty.away(frozenset({ana.id}))
    await waits(office, duty)
    await works(office, unseen, minutes=6)

    assert to(office) == ["ana@example.com"]


async def test_a_server_that_has_just_started_does_not_know_that_nobody_is_there(office: Office, unseen: Unseen):
    hire(office, "Ana", Notifications(mail=True, mail_after_m=1))
    before = Duty(office.clock)
    await waits(office, before)
    office.clock.advance(minutes=30)
    fresh = Unseen(office.desk, Duty(office.clock), office.worker, office.database, office.clock, mails=True)
    await works(office, fresh, seconds=59)
    assert written(office) == []

    await works(office, fresh, seconds=2)
    assert to(office) == ["ana@example.com"]


async def test_quiet_hours_are_waited_for(office: Office, duty: Duty, unseen: Unseen):
    # The story begins at noon.
    hire(office, "Ana", Notifications(mail=True, quiet=QuietHours("11:00", "14:00", "UTC")))
    await waits(office, duty)
    await works(office, unseen, hours=1, minutes=50)
    assert written(office) == []

    await works(office, unseen, minutes=11)
    assert to(office) == ["ana@example.com"]


async def test_who_was_claimed_meanwhile_is_not_written_about(
    office: Office, duty: Duty, unseen: Unseen, post: Post, mail_office: MailOffice
):
    ana = hire(office, "Ana")
    early, late = await waits(office, duty), await waits(office, duty)
    await office.desk.perform(early, lambda c: c.claim(ana))
    await works(office, unseen, minutes=6)
    assert len(written(office)) == 1
    await office.desk.perform(late, lambda c: c.claim(ana))
    await deliver(office, post)

    assert mail_office.letters == []
    assert written(office) == []


async def test_another_wait_is_another_letter(
    office: Office, duty: Duty, unseen: Unseen, post: Post, mail_office: MailOffice
):
    ana = hire(office, "Ana")
    conversation = await waits(office, duty)
    for _ in range(2):
        await works(office, unseen, minutes=6)
        await deliver(office, post)
        await office.desk.perform(conversation, lambda c: c.claim(ana))
        await office.desk.perform(conversation, lambda c: c.return_to_queue(ana, on_duty=False))

    assert len(mail_office.letters) == 2


async def test_two_servers_that_look_at_the_same_time_write_once(office: Office, duty: Duty, unseen: Unseen):
    hire(office, "Ana")
    conversation = await waits(office, duty)
    office.clock.advance(minutes=6)
    job = jobs.Job("j", KIND, conversation, 0, 1, 0)
    other = Unseen(office.another_desk(), duty, office.worker, office.database, office.clock, mails=True)
    await asyncio.gather(unseen.look(job), other.look(job))

    assert to(office) == ["ana@example.com"]


async def test_who_is_deactivated_is_not_written_to(
    office: Office, duty: Duty, unseen: Unseen, post: Post, mail_office: MailOffice
):
    hire(office, "Ana")
    ben, cleo = hire(office, "Ben"), hire(office, "Cleo")
    office.database.write_now(lambda conn: people.deactivate(conn, ben.id, office.clock()))
    await waits(office, duty)
    await works(office, unseen, minutes=6)
    office.database.write_now(lambda conn: people.deactivate(conn, cleo.id, office.clock()))
    await deliver(office, post)

    assert [taken.to for taken in mail_office.letters] == [["ana@example.com"]]


async def test_without_a_mail_server_nothing_is_written(office: Office, duty: Duty):
    hire(office, "Ana")
    await waits(office, duty)
    without = Unseen(office.desk, duty, office.worker, office.database, office.clock, mails=False)
    await works(office, without, hours=1)

    assert written(office) == []
