"""What is stored of visitors besides their words: for how long, for which sites, and who may write over what."""

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from tests.storage.work import ROSA, SITE, Office

from havana.bus import INBOX, Message, VisitorChanged, visitor_topic
from havana.bus.memory import MemoryBus
from havana.chat.errors import LimitReached, NotFound
from havana.chat.people import Agent, Visitor
from havana.chat.visiting import Context, Description, Page, description
from havana.duty import Duty
from havana.storage import details, jobs, sites, staff
from havana.storage.contexts import FORGETTING
from havana.storage.database import Connection
from havana.storage.inbox import Filter
from havana.storage.opening import open_database
from havana.storage.tables import visitors
from havana.storage.versions import Outdated
from havana.storage.visitor_tables import visitor_contexts, visitor_details
from havana.timers import Timers
from havana.visits import Visits

VERA, STRANGER = Visitor("v-vera", SITE.id, "Coral Heron"), Visitor("v-else", SITE.id, "Amber Fox")
NOON = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
PRICES = description(Page("/prices", "Prices"), "https://search.example/", "en", "Europe/Berlin", "Chrome on Android")


class Desk:
    """A database with Vera's conversation, what is known of her, and a clock that stands until it is moved."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.now = NOON
        self.bus = MemoryBus()
        self.visits = Visits(office.database, self.bus, lambda: self.now)
        self.rosa = ROSA
        self.conversation = ""
        self.heard: list[Message] = []

    async def says(self, said: Description = PRICES, *, after: dt.timedelta = dt.timedelta()) -> Context | None:
        self.now += after
        assert await self.visits.described(VERA.id, SITE.id, said)
        return (await self.visits.of(VERA.id)).context

    async def writes(self, field: str, value: str, version: str | None = None, agent: Agent | None = None) -> str:
        """The version of what is there then."""
        card = await self.visits.write(agent or self.rosa, VERA.id, field, value, version)
        return next((detail.version for detail in card.details if detail.field == field), "")

    async def shown(self) -> list[tuple[str, str, str | None]]:
        return [(one.field, one.value, one.by) for one in (await self.visits.of(VERA.id)).details]


@pytest.fixture
async def desk(tmp_path: Path, database_url: str | None) -> AsyncIterator[Desk]:
    database = open_database(tmp_path, database_url)
    desk = Desk(Office.over(database))

    def fill(conn: Connection) -> Agent:
        sites.store(conn, SITE, NOON)
        return staff.add_agent(conn, "rosa@example.com", "Rosa", "agent", now=NOON)

    desk.rosa = await database.write(fill)
    done = await desk.office.desk.open(VERA, lambda chat: chat.post(VERA, "Hello", "key-0001"))
    desk.conversation = done.fold.id
    yield desk
    await database.close()


async def test_the_latest_page_is_known_and_since_when(desk: Desk):
    first = await desk.says()
    again = await desk.says(after=MINUTE)
    order = await desk.says(description(Page("/order"), "", "en", "Europe/Berlin", ""), after=MINUTE)

    assert first == Context(PRICES.page, *msgspec.structs.astuple(PRICES)[1:], since=NOON, seen_at=NOON)
    assert again == msgspec.structs.replace(first, seen_at=NOON + MINUTE)
    later = NOON + 2 * MINUTE
    assert order == Context(Page("/order"), "https://search.example/", "en", "Europe/Berlin", "", later, later)


async def test_who_comes_back_another_day_has_not_come_from_there_again(desk: Desk):
    await desk.says()
    back = await desk.says(msgspec.structs.replace(PRICES, referrer=""), after=DAY)

    assert back
    assert (back.referrer, back.since) == ("", NOON + DAY)


async def test_of_somebody_who_has_not_written_nothing_is_stored(desk: Desk):
    assert not await desk.visits.described(STRANGER.id, SITE.id, PRICES)
    with pytest.raises(NotFound):
        await desk.visits.of(STRANGER.id)


async def test_a_site_that_does_not_ask_for_the_page_does_not_get_it(desk: Desk):
    closed = msgspec.structs.replace(SITE, tells_page=False)
    await desk.office.database.write(lambda conn: sites.store(conn, closed, NOON))

    assert await desk.says() == Context(None, "", "en", "Europe/Berlin", "Chrome on Android", NOON, NOON)


async def test_it_is_told_when_somebody_was_last_seen(desk: Desk):
    first = await desk.says()
    desk.now += MINUTE
    await desk.visits.left(VERA.id)

    assert first
    card = await desk.visits.card(desk.conversation)
    assert card
    assert card.context == msgspec.structs.replace(first, seen_at=NOON + MINUTE)
    assert await desk.visits.card("nowhere") is None


async def test_after_a_month_it_is_neither_shown_nor_kept(desk: Desk):
    office = desk.office
    await desk.says()
    await desk.says(after=MINUTE)
    duty = Duty(lambda: desk.now)
    timers = Timers(office.desk, duty, office.worker, office.database, desk.bus, lambda: desk.now)

    async def passes(time: dt.timedelta) -> tuple[int, bool]:
        """How many are kept, and whether somebody looks again."""
        desk.now += time
        [job] = await office.database.write(lambda conn: jobs.lease(conn, ["forget"], desk.now, desk.now + MINUTE, 9))
        await timers.forget(job)
        await office.database.write(lambda conn: jobs.complete(conn, job))
        kept = await office.database.read(lambda conn: len(conn.execute(sa.select(visitor_contexts)).all()))
        return kept, await office.database.read(lambda conn: jobs.is_wanted(conn, *FORGETTING))

    office.worker._clock = lambda: desk.now
    assert await passes(29 * DAY) == (1, True)
    desk.now += 2 * DAY
    assert (await desk.visits.of(VERA.id)).context is None
    assert await passes(DAY) == (0, False)


async def test_all_of_it_goes_with_the_visitor(desk: Desk):
    await desk.says()
    await desk.writes("name", "Ada")

    def remove(conn: Connection) -> list[int]:
        # Somebody without a conversation; there is no other way to remove a visitor yet.
        conn.execute(visitors.insert().values(id="v-gone", site_id=SITE.id, name="Gone", created_at=NOON))
        for table in (visitor_contexts, visitor_details):
            conn.execute(table.update().values(visitor_id="v-gone"))
        conn.execute(visitors.delete().where(visitors.c.id == "v-gone"))
        return [len(conn.execute(sa.select(table)).all()) for table in (visitor_contexts, visitor_details)]

    assert await desk.office.database.write(remove) == [0, 0]


async def test_details_stand_in_the_order_in_which_they_were_begun(desk: Desk):
    first = await desk.writes("plan", "Team")
    desk.now += MINUTE
    await desk.writes("name", "Ada\n")
    desk.now += MINUTE
    await desk.writes("plan", "Company", first)

    assert await desk.shown() == [("plan", "Company", "Rosa"), ("name", "Ada", "Rosa")]


async def test_nobody_writes_over_what_they_have_not_seen(desk: Desk):
    first = await desk.writes("name", "Ada")
    second = await desk.writes("name", "Ada Lovelace", first)
    for version in (None, first):
        with pytest.raises(Outdated) as outdated:
            await desk.writes("name", "Grace", version)
        assert outdated.value.newest
        assert outdated.value.newest.version == second
    with pytest.raises(Outdated):
        await desk.writes("name", "", first)

    assert await desk.writes("name", "Ada Lovelace", first) == second, "saying the same is never too late"
    assert await desk.writes("email", "ada@example.com"), "another detail is nobody else's"
    assert await desk.writes("name", "", second) == ""
    assert await desk.shown() == [("email", "ada@example.com", "Rosa")]


async def test_what_was_taken_back_is_not_changed_but_written_anew(desk: Desk):
    first = await desk.writes("name", "Ada")
    await desk.writes("name", "", first)
    with pytest.raises(Outdated) as outdated:
        await desk.writes("name", "Ada L.", first)

    assert outdated.value.newest is None
    assert await desk.writes("name", "", first) == ""
    assert await desk.writes("name", "Ada L.")


async def test_a_visitor_has_so_many_details_of_the_teams_own(desk: Desk):
    for number in range(20):
        await desk.writes(f"field {number}", "x")
    with pytest.raises(LimitReached):
        await desk.writes("one more", "x")

    assert await desk.writes("name", "Ada")


async def test_lists_show_the_name_that_the_team_gave_and_hear_of_it(desk: Desk):
    desk.bus.subscribe(INBOX, desk.heard.append)
    desk.bus.subscribe(visitor_topic(VERA.id), desk.heard.append)
    await desk.writes("email", "ada@example.com")
    version = await desk.writes("name", "Ada")
    reading, database = desk.office.reading, desk.office.database
    [shown] = (await reading.inbox(desk.rosa, Filter()))["conversations"]

    assert shown["visitor"] == {"id": VERA.id, "name": "Ada"}
    assert await database.read(lambda conn: details.name_of(conn, VERA.id)) == "Ada"
    assert (await reading.current(VERA) or {})["visitor"]["name"] == "Coral Heron"
    named = VisitorChanged(VERA.id, (desk.conversation,))
    assert desk.heard == [VisitorChanged(VERA.id), named, named]
    await desk.writes("name", "", version)
    [shown] = (await reading.inbox(desk.rosa, Filter()))["conversations"]
    assert shown["visitor"]["name"] == "Coral Heron"
