"""Timers act on what is true when they fire, not on what was true when they were set."""

import asyncio

import pytest
from tests.jobs import KINDS

from havana.bus import PEOPLE, Message, SessionsEnded
from havana.chat import events as e
from havana.chat.errors import Busy
from havana.chat.people import Agent
from havana.duty import Duty
from havana.jobs import Worker
from havana.storage import jobs as store
from havana.storage import staff
from havana.timers import Timers

from .conftest import Office


@pytest.fixture
def duty(office: Office) -> Duty:
    return Duty(office.clock)


@pytest.fixture
def ana(office: Office) -> Agent:
    return office.database.write_now(
        lambda conn: staff.add_agent(conn, "ana@example.com", "Ana", "agent", password_hash=None, now=office.clock())
    )


@pytest.fixture
def timers(office: Office, duty: Duty) -> Timers:
    return Timers(office.desk, duty, office.worker, office.database, office.bus, office.clock)


def due(office: Office) -> list[store.Job]:
    now = office.clock()
    return office.database.write_now(lambda conn: store.lease(conn, KINDS, now, now, 100))


async def fire(timers: Timers, office: Office) -> None:
    """Runs every timer that is due, as the worker would."""
    while jobs := [job for job in due(office) if job.kind not in ("answer", "summary", "unseen")]:
        for job in jobs:
            await getattr(timers, job.kind)(job)
            await office.database.write(lambda conn, job=job: store.complete(conn, job))


async def test_two_minutes_without_a_claim_are_not_silent(office: Office, timers: Timers, duty: Duty):
    visitor = office.visitor()
    duty.arrived("agent-busy")
    conversation = (await office.posts(visitor)).fold.id
    await office.desk.perform(conversation, lambda c: c.request_human(visitor, on_duty=True))
    await fire(timers, office)
    assert (await office.log(conversation))[-1].fact == e.MessagePosted(office.site.words.waiting)

    office.clock.advance(seconds=121)
    await fire(timers, office)
    last = (await office.log(conversation))[-1].fact
    assert last == e.MessagePosted(office.site.words.still_waiting, ("leave_contact", "withdraw_request"))
    assert (await office.stored(conversation)).control == "pending"


async def test_a_reminder_whose_job_runs_again_is_said_once(office: Office, timers: Timers, duty: Duty):
    visitor = office.visitor()
    conversation = (await office.posts(visitor)).fold.id
    asked = await office.desk.perform(conversation, lambda c: c.request_human(visitor, on_duty=True))
    for _ in range(2):
        await timers.remind(store.Job("j", "remind", conversation, asked.fold.since, 1, 0))
    said = [event.fact for event in await office.log(conversation)]
    assert said.count(e.MessagePosted(office.site.words.nobody, ("leave_contact", "withdraw_request"))) == 1

    # Another wait is another reminder.
    await office.desk.perform(conversation, lambda c: c.withdraw_request(visitor))
    asked = await office.desk.perform(conversation, lambda c: c.request_human(visitor, on_duty=True))
    await timers.remind(store.Job("j", "remind", conversation, asked.fold.since, 1, 0))
    said = [event.fact for event in await office.log(conversation)]
    assert said.count(e.MessagePosted(office.site.words.nobody, ("leave_contact", "withdraw_request"))) == 2


async def test_an_agent_who_vanishes_gives_back_a_visitor_who_waits(
    office: Office, timers: Timers, duty: Duty, ana: Agent
):
    visitor = office.visitor()
    duty.arrived(ana.id)
    conversation = (await office.posts(visitor)).fold.id
    await office.desk.perform(conversation, lambda c: c.claim(ana))
    duty.left(ana.id)
    await timers.agent_left(store.Job("j", "agent_left", ana.id, 0, 1, 0))
    await fire(timers, office)
    assert (await office.stored(conversation)).control == "human"

    office.clock.advance(seconds=121)
    await fire(timers, office)
    assert (await office.stored(conversation)).control == "pending"


async def test_an_agent_who_comes_back_in_time_keeps_the_conversation(
    office: Office, timers: Timers, duty: Duty, ana: Agent
):
    duty.arrived(ana.id)
    conversation = (await office.posts(office.visitor())).fold.id
    await office.desk.perform(conversation, lambda c: c.claim(ana))
    duty.left(ana.id)
    await timers.agent_left(store.Job("j", "agent_left", ana.id, 0, 1, 0))
    duty.arrived(ana.id)

    office.clock.advance(seconds=121)
    await fire(timers, office)
    assert (await office.stored(conversation)).control == "human"


async def test_an_agent_who_is_away_and_still_here_keeps_what_they_hold_and_loses_it_once_they_are_gone(
    office: Office, timers: Timers, duty: Duty, ana: Agent
):
    visitor = office.visitor()
    duty.arrived(ana.id)
    conversation = (await office.posts(visitor)).fold.id
    await office.desk.perform(conversation, lambda c: c.claim(ana))
    duty.away(frozenset({ana.id}))
    await office.posts(visitor, "Are you there?")
    office.clock.advance(minutes=10)
    await fire(timers, office)
    assert (await office.stored(conversation)).control == "human"

    duty.left(ana.id)
    await timers._worker.want("agent_left", ana.id, 0)
    office.clock.advance(seconds=121)
    await fire(timers, office)
    assert (await office.stored(conversation)).control == "pending"


async def test_a_message_to_an_agent_who_left_long_ago_goes_to_the_queue_at_once(
    office: Office, timers: Timers, ana: Agent
):
    visitor = office.visitor()
    conversation = (await office.posts(visitor)).fold.id
    await office.desk.perform(conversation, lambda c: c.reply(ana, "Done.", "key-0002"))
    office.clock.advance(hours=1)
    await office.posts(visitor, "One more question")
    await fire(timers, office)

    assert (await office.stored(conversation)).control == "pending"


async def test_a_visitor_who_keeps_writing_is_returned_as_soon_as_one_who_waits(
    office: Office, timers: Timers, duty: Duty, ana: Agent
):
    visitor = office.visitor()
    duty.arrived(ana.id)
    conversation = (await office.posts(visitor)).fold.id
    await office.desk.perform(conversation, lambda c: c.claim(ana))
    duty.left(ana.id)
    for number in range(5):
        office.clock.advance(seconds=25)
        await office.posts(visitor, f"Are you there? {number}")
        await fire(timers, office)

    assert (await office.stored(conversation)).control == "pending"


async def test_somebody_who_is_given_a_chat_without_being_here_has_two_minutes_to_come(
    office: Office, timers: Timers, ana: Agent
):
    conversation = (await office.posts(office.visitor())).fold.id
    office.clock.advance(hours=1)
    await office.desk.perform(conversation, lambda c: c.claim(ana))
    await fire(timers, office)
    assert (await office.stored(conversation)).control == "human"

    office.clock.advance(seconds=121)
    await fire(timers, office)
    assert (await office.stored(conversation)).control == "pending"


async def test_a_removed_agent_is_signed_out_and_their_visitor_goes_to_the_queue_at_once(
    office: Office, timers: Timers, duty: Duty, ana: Agent
):
    ended: list[Message] = []
    office.bus.subscribe(PEOPLE, ended.append)
    duty.arrived(ana.id)
    conversation = (await office.posts(office.visitor())).fold.id
    await office.desk.perform(conversation, lambda c: c.claim(ana))
    office.database.write_now(lambda conn: staff.remove_agent(conn, ana.id, office.clock()))
    await fire(timers, office)

    assert ended == [SessionsEnded(agent=ana.id)]
    assert (await office.stored(conversation)).control == "pending"
    assert office.database.read_now(lambda conn: staff.credentials(conn, "ana@example.com")) is None


async def test_after_a_restart_nobody_is_here_and_visitors_are_not_forgotten(
    office: Office, timers: Timers, ana: Agent
):
    conversation = (await office.posts(office.visitor())).fold.id
    await office.desk.perform(conversation, lambda c: c.claim(ana))
    await timers.at_start()

    office.clock.advance(seconds=121)
    await fire(timers, office)
    assert (await office.stored(conversation)).control == "pending"


async def test_a_day_of_silence_closes_a_conversation_with_the_assistant(office: Office, timers: Timers):
    visitor = office.visitor()
    conversation = (await office.posts(visitor)).fold.id
    office.clock.advance(hours=20)
    await office.posts(visitor, "Still here")
    office.clock.advance(hours=5)
    await fire(timers, office)
    assert (await office.stored(conversation)).control == "ai"

    office.clock.advance(hours=20)
    await fire(timers, office)
    assert (await office.stored(conversation)).control == "closed"


async def test_an_agent_who_leaves_while_the_disk_takes_nothing_is_noted_when_it_does(office: Office, duty: Duty):
    noted = asyncio.Event()

    class FullAtFirst(Worker):
        tries = 0

        async def want(self, kind: str, subject: str, delay_s: float, *, seq: int = 0) -> None:
            self.tries += 1
            if self.tries == 1:
                raise Busy("full", retry_ms=1)
            assert (kind, subject) == ("agent_left", "agent-ana")
            noted.set()

    worker = FullAtFirst(office.database, office.clock)
    Timers(office.desk, duty, worker, office.database, office.bus, office.clock).agent_has_left("agent-ana")

    await noted.wait()
    assert worker.tries == 2
