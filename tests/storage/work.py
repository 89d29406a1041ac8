"""A round of everything that an installation does with its database, at a real desk: it leaves something in every table
and a conversation in every state.
"""

import asyncio
import datetime as dt
from pathlib import Path
from unittest import mock

import msgspec
from tests.chat.story import ANA, BEN, Ask
from tests.jobs import KINDS
from tests.transcripts import stories
from tests.transcripts.stories import STORIES

from havana.accounts.limits import Limits
from havana.accounts.passwords import hash_password
from havana.accounts.sessions import LIFE, Sessions, digest, new_link, new_password_link
from havana.accounts.tokens import Tokens
from havana.bus.memory import MemoryBus
from havana.chat import changes
from havana.chat import events as e
from havana.chat.fold import Fold
from havana.chat.notifications import Notifications
from havana.chat.people import Agent, Visitor
from havana.chat.searching import query_of
from havana.chat.site import Site
from havana.chat.visiting import Page, description
from havana.desk import Desk
from havana.drafts import Drafts
from havana.duty import Duty
from havana.ids import new_id
from havana.jobs import Worker
from havana.knowledge import ingest
from havana.knowledge.search import Knowledge
from havana.reading import Reading
from havana.requests import Requests
from havana.storage import (
    articles,
    assigning,
    audit,
    canned,
    contexts,
    counting,
    history,
    inbox,
    jobs,
    labels,
    mails,
    people,
    profiles,
    questions,
    searching,
    sites,
    sources,
    spending,
    staff,
    teams,
    vectors,
)
from havana.storage.database import Connection, Database
from havana.storage.inbox import Filter
from havana.storage.sources import Source
from havana.storage.teams import Chosen
from havana.visits import Visits

EMAIL, PASSWORD = "rosa@example.com", "correct horse battery"
ROSA = Agent("a-rosa", "Rosa", EMAIL)
ARTICLES = Path(__file__).resolve().parents[2] / "demo" / "articles"
QUESTION = "How much does welding cost?"
SITE = Site(id=new_id(), key="demo", name="Havana Tech", call_url="https://calendar.example.com/call")


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Office(msgspec.Struct):
    """Everything that reads and writes over one database, with nobody who works the jobs."""

    database: Database
    desk: Desk
    reading: Reading
    requests: Requests
    sessions: Sessions
    worker: Worker

    @classmethod
    def over(cls, database: Database) -> "Office":
        bus, limits = MemoryBus(), Limits(on=False)
        worker = Worker(database, now)
        desk = Desk(database, bus, worker, now)
        reading = Reading(database, desk, Drafts(), bus, limits)
        requests = Requests(desk, Duty(now), database, limits)
        return cls(database, desk, reading, requests, Sessions(database, limits, now), worker)


class Told:
    """A story of `tests.transcripts`, from a thread of its own: what it does happens at the desk."""

    def __init__(self, office: Office, visitor: Visitor) -> None:
        self.events: list[e.Event] = []
        self.draft = ""
        self.visitor = visitor
        self._office = office
        self._loop = asyncio.get_running_loop()
        self._fold: Fold | None = None

    @property
    def fold(self) -> Fold:
        assert self._fold is not None
        return self._fold

    def does(self, request: Ask) -> list[str]:
        return asyncio.run_coroutine_threadsafe(self._does(request), self._loop).result()

    def shows(self, words: str) -> None:
        self.draft += words
        conversation, answer, text = self.fold.id, self.fold.open_answer or "", self.draft
        saving = self._office.database.write(lambda conn: history.save_draft(conn, conversation, answer, text))
        assert asyncio.run_coroutine_threadsafe(saving, self._loop).result()

    def looks(self) -> None:
        asyncio.run_coroutine_threadsafe(reads(self._office, self.visitor, self.fold.id), self._loop).result()

    async def _does(self, request: Ask) -> list[str]:
        known, answer = len(self.events), self._fold and self._fold.open_answer
        desk = self._office.desk
        done = await (desk.perform(self._fold.id, request) if self._fold else desk.open(self.visitor, request))
        self._fold = done.fold
        if self._fold.open_answer != answer:
            self.draft = ""
        self.events = list(await self._office.database.read(lambda conn: history.all_events(conn, self.fold.id)))
        return [event.fact.kind for event in self.events[known:]]


async def fill(office: Office) -> None:
    """All of it. The articles are read from the demo."""
    await office.database.write(lambda conn: sites.store(conn, SITE, now()))
    await _hire(office)
    await office.database.write(_learn)
    for tell in (*STORIES.values(), held, streaming, blocked, unanswered):
        visitor = Visitor(new_id(), SITE.id, "Coral Heron")
        told = Told(office, visitor)
        # The stories are told of this one.
        with mock.patch.object(stories, "VISITOR", visitor):
            await asyncio.to_thread(tell, told)
        await reads(office, visitor, told.fold.id)
        if tell is blocked:
            await office.requests.block(ROSA, visitor.id)
    await office.database.write(_settle_questions)
    await office.database.write(_write_canned_answers)
    await _know_visitors(office)
    await office.database.write(_make_teams)
    await office.database.write(_set_sites)
    await office.database.write(_count)
    await office.database.write(_search)
    await _work_jobs(office)


def held(story: Told) -> None:
    story.does(lambda c: c.post(stories.VISITOR, "Is anybody there?", "key-0001"))
    story.does(lambda c: c.claim(ANA))
    story.does(lambda c: c.reply(ANA, "I am. \N{WAVING HAND SIGN}", "key-0002"))


def streaming(story: Told) -> None:
    story.does(lambda c: c.post(stories.VISITOR, "Tell me everything", "key-0001"))
    story.does(lambda c: c.note(BEN, stories.STAFF_ONLY))
    story.does(lambda c: c.start_answer("answer-1"))
    story.shows("Everything is a")
    story.shows(" lot")


def blocked(story: Told) -> None:
    story.does(lambda c: c.post(stories.VISITOR, "Buy now!", "key-0001"))


def unanswered(story: Told) -> None:
    for number, text in enumerate(("Do you sell pizza?", "And pasta?")):
        answer = f"unanswered-{number}"
        story.does(lambda c, text=text, number=number: c.post(stories.VISITOR, text, f"key-000{number}"))
        story.does(lambda c, answer=answer: c.start_answer(answer))
        story.does(lambda c, answer=answer: c.finish_answer(answer, "I have found no answer.", sureness=0.0))


async def reads(office: Office, visitor: Visitor, conversation: str) -> None:
    """Both sides look at the conversation, and at the lists that it is in, as far as it goes."""
    for who in (visitor, ROSA):
        followed = await office.reading.followed(who, conversation)
        await office.reading.followed(who, conversation, followed["log"], followed["top"] - 1)
        await office.reading.history(who, conversation, before=followed["top"])
        await office.reading.mark_read(who, conversation, followed["top"])
    await office.reading.current(visitor)
    await office.reading.inbox(ROSA, Filter())
    await office.reading.summaries(ROSA, [conversation], Filter())
    await office.reading.list_conversations(ROSA, Filter(control=("ai", "human"), agent=ANA.id, site=SITE.id))


async def _hire(office: Office) -> None:
    """Rosa comes in by password, by link and over the live channel; somebody else is taken off the team again."""
    database = office.database
    await asyncio.to_thread(Tokens.open, database, now)
    hashed = hash_password(PASSWORD)

    def add(conn: Connection) -> tuple[Agent, str]:
        gone = staff.add_agent(conn, "gone@example.com", "Gone", "admin", now=now())
        staff.remove_agent(conn, gone.id, now())
        agent = staff.add_agent(conn, EMAIL, "Rosa", "agent", password_hash=hashed, now=now())
        new_link(conn, agent.id, now())
        return agent, new_link(conn, agent.id, now())

    _, link = await database.write(add)
    by_link = await office.sessions.sign_in_by_link(link, "127.0.0.1")
    await office.sessions.sign_out(digest(by_link.token))
    opened = await office.sessions.sign_in(EMAIL, PASSWORD, "127.0.0.1")
    session = (await office.sessions.who(opened.token)).session
    await database.write(lambda conn: staff.extend_session(conn, session, now() + LIFE))
    token, _ = await office.sessions.live_token(session)
    await office.sessions.by_live_token(token)
    await office.sessions.live_token(session)
    await database.read(staff.team)
    await database.write(lambda conn: _choose(conn, session))
    await database.write(_invite)


def _choose(conn: Connection, session: str) -> None:
    """What Rosa says of herself, and a visit to the profile."""
    agent = staff.credentials(conn, EMAIL)
    assert agent
    rosa = agent.agent.id
    profiles.set_away(conn, rosa, now())
    profiles.away(conn)
    profiles.rename(conn, rosa, "Rosa M.")
    profiles.set_notifications(conn, rosa, Notifications(sound="bell"))
    profiles.change_password(conn, rosa, profiles.password_hash(conn, rosa), hash_password(PASSWORD), keep=session)
    profiles.profile(conn, rosa)
    new_link(conn, rosa, now())


def _invite(conn: Connection) -> None:
    """Somebody follows an invitation, is an admin for a while and is deactivated; somebody else has yet to come."""
    cleo = people.invite(conn, "cleo@example.com", "Cleo", "agent", now())
    audit.record(conn, cleo, changes.AgentInvited(cleo.id, cleo.name, "agent"), now())
    new_password_link(conn, cleo.id, now(), invited=True)
    token = new_password_link(conn, cleo.id, now(), invited=True)
    assert token
    people.behind_link(conn, digest(token), now())
    people.use_password_link(conn, digest(token), "hash", now())
    people.set_role(conn, cleo.id, "admin")
    people.set_capacity(conn, cleo.id, 6)
    staff.admins(conn, [cleo.id])
    staff.add_agent(conn, "boss@example.com", "Boss", "admin", now=now())
    people.deactivate(conn, cleo.id, now())
    people.reactivate(conn, cleo.id)
    people.deactivate(conn, cleo.id, now())
    eve, dan = (people.invite(conn, f"{name}@example.com", name, "agent", now()) for name in ("eve", "dan"))
    people.withdraw(conn, eve.id)
    new_password_link(conn, dan.id, now(), invited=True)
    people.everybody(conn, now())
    _write_letters(conn, dan)
    audit.page(conn, 10)
    audit.page(conn, 10, before=new_id())


def _write_letters(conn: Connection, dan: Agent) -> None:
    """One is sent, one fails, one waits, and others have become needless."""
    for by in ("Ana", "Ben"):
        people.mail_invitation(conn, dan, by, now())
    for name in ("sent", "failed", "needless"):
        mails.add(conn, name, f"{name}@example.com", {}, now(), agent=new_id(), key=name)
    for job in jobs.lease(conn, [mails.SEND], now(), now(), 10):
        mail = mails.waiting(conn, job.subject)
        if mail is None or mail.kind == people.INVITATION:
            continue
        mails.begin(conn, mail.id, now())
        if mail.kind == "sent":
            mails.sent(conn, mail.id, now())
        elif mail.kind == "failed":
            mails.failed(conn, mail.id, "no answer", now())
        else:
            mails.drop(conn, mail.id)
    mails.latest(conn, people.INVITATION, dan.id)
    mails.forget_old(conn, now())
    people.add_mailed_link(conn, "a-mailed-link", dan.id, now(), now() + dt.timedelta(hours=1))
    people.add_mailed_link(conn, "another-one", dan.id, now(), now() + dt.timedelta(hours=1))
    people.drop_link(conn, "another-one")


def _learn(conn: Connection) -> None:
    """Two articles, one of which is brought again with a change; a third one goes again."""
    for name in ("welding.md", "housing.md"):
        text = (ARTICLES / name).read_text(encoding="utf-8")
        ingest.put(conn, SITE.id, f"/articles/{name}", text)
    ingest.put(conn, SITE.id, "/articles/housing.md", text + "\n\nThere is a bicycle shed.\n")
    ingest.put(conn, SITE.id, "/articles/gone.md", "Nothing to keep.")
    articles.remove(conn, SITE.id, ["/articles/gone.md"])
    for place in ("/articles", "/elsewhere"):
        sources.remember(conn, SITE.id, Source(sources.FOLDER, place), now())
    sources.forget(conn, SITE.id, ["/elsewhere"])
    sources.of_site(conn, SITE.id)
    articles.listed(conn, SITE.id)
    articles.paths(conn, SITE.id)
    row, _ = vectors.missing(conn, "a model", 1)[0]
    vectors.store(conn, "a model", [(row, b"a vector")])
    vectors.of_site(conn, SITE.id, "a model")
    for _ in range(2):
        spending.add(conn, spending.Day(SITE.id, now().date(), 1, 1000, 200, 450, 30))
    spending.micros_of(conn, SITE.id, now().date())
    spending.since(conn, now().date())


def _write_canned_answers(conn: Connection) -> None:
    """One is changed, and another one deleted."""
    how = {"agent": ROSA.id, "now": now()}
    first = canned.save(conn, "hello", None, "Hello", "Hello {visitor}.", version=None, **how)
    canned.save(conn, "hello", SITE.id, "Hello", "Good day {visitor}.", version=first.version, **how)
    gone = canned.save(conn, "gone", None, "Gone", "Good bye.", version=None, **how)
    canned.remove(conn, "gone", gone.version)
    canned.every(conn)
    canned.every(conn, SITE.id)
    labels.in_use(conn)
    labels.in_use(conn, SITE.id)


async def _know_visitors(office: Office) -> None:
    """One is described twice and seen to leave; of what an agent wrote down, some is changed and some taken back."""
    visits = Visits(office.database, MemoryBus(), now)
    found = await office.reading.list_conversations(ROSA, Filter())
    first, other = [summary["visitor"]["id"] for summary in found["conversations"][:2]]
    for path in ("/prices", "/order"):
        said = description(Page(path, "Prices"), "https://example.com/", "en", "Europe/Berlin", "Chrome on Android")
        await visits.described(first, SITE.id, said)
    await visits.left(first)
    for field, value in (("name", "Ada"), ("name", "Ada L."), ("email", "ada@example.com"), ("plan", "Team")):
        known = {detail.field: detail.version for detail in (await visits.of(first)).details}
        await visits.write(ROSA, first, field, value, known.get(field))
    plan = (await visits.of(first)).details[-1]
    await visits.write(ROSA, first, "plan", "", plan.version)
    await visits.card(found["conversations"][0]["conversation"])
    await visits.described(other, SITE.id, description(None, "", "en", "", ""))
    await office.database.write(lambda conn: contexts.forget(conn, now() - dt.timedelta(days=30)))
    await office.reading.inbox(ROSA, Filter())


def _make_teams(conn: Connection) -> None:
    """One is changed, and another one deleted."""
    how = {"agent": ROSA.id, "now": now()}
    everybody = tuple(agent.id for agent in staff.team(conn))
    first = teams.save(conn, "sales", Chosen("Sales", everybody, "least_busy"), version=None, **how)
    teams.save(conn, "sales", Chosen("Sales and tours", everybody[:1]), version=first.version, **how)
    gone = teams.save(conn, "gone", Chosen("Gone"), version=None, **how)
    teams.remove(conn, "gone", gone.version)
    teams.every(conn)
    assigning.candidates(conn)
    assigning.assigned(conn, everybody[0], now())
    for fold in assigning.waiting(conn):
        assigning.hands(conn, fold.id)


def _set_sites(conn: Connection) -> None:
    """Another one is made, and its settings changed."""
    made = sites.add(conn, Site(new_id(), "second", "The Second"), agent=ROSA.id, now=now())
    assert made
    greeting = msgspec.structs.replace(made.site, greeting="Good day")
    sites.save(conn, greeting, agent=ROSA.id, now=now(), version=made.version)
    sites.settings(conn, "second")


def _count(conn: Connection) -> None:
    counting.store(conn, counting.after(conn, counting.upto(conn), 10_000), now())


def _search(conn: Connection) -> None:
    """Everything is put into the index, and something is looked for."""
    while left := searching.behind(conn):
        searching.index(conn, left)
    searching.find(conn, query_of(QUESTION), site=SITE.id, before=searching.NEWEST, most=10)


def _settle_questions(conn: Connection) -> None:
    """One is dismissed, and one is open again."""
    for question in questions.newest(conn, SITE.id, 300):
        questions.settle(conn, [question.id], "dismissed", ROSA.id, now())
    questions.reopen(conn, [question.id])
    questions.leading(conn, questions.of_conversation(conn, question.conversation))
    questions.count(conn)


async def _work_jobs(office: Office) -> None:
    """One is done, one comes later, one is held; and what a server looks at from time to time."""
    database = office.database
    later = now() + dt.timedelta(minutes=1)
    taken = await database.write(lambda conn: jobs.lease(conn, KINDS, now(), later, 3))
    await database.write(lambda conn: jobs.complete(conn, taken[0]))
    await database.write(lambda conn: jobs.postpone(conn, taken[1], later, 2))
    await database.write(lambda conn: jobs.renew(conn, [taken[2]], now(), later))
    await database.write(lambda conn: jobs.reap(conn, now()))
    await database.read(lambda conn: jobs.next_run_at(conn, KINDS))
    await database.read(lambda conn: inbox.changed_since(conn, now() - dt.timedelta(hours=1)))
    await database.read(inbox.holders)
    await database.read(lambda conn: inbox.held_by(conn, ANA.id))
    for question in (QUESTION, "wlding costs", "bicycle shed"):
        await Knowledge(database).search(SITE.id, question)
