"""The figures of the reports are what a plain look at every log finds, on both databases."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from math import ceil
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from tests.storage.telling import Told, happen, tell

from havana.chat.people import Agent
from havana.chat.reporting import Handover, outcome_of
from havana.chat.site import Site
from havana.ids import first_id, new_id
from havana.reporting import Period, compared, days_and_hours, find, of_agent, of_site, period, reasons, satisfied
from havana.storage import counting, reports, sites, staff
from havana.storage.database import Connection, Database
from havana.storage.opening import open_database
from havana.storage.reports import Behind, Narrowed
from havana.storage.times import quarter

SITES = [Site(id=new_id(), key=key, name=key.title()) for key in ("shop", "help")]
BEGAN = dt.datetime(2026, 3, 20, tzinfo=dt.UTC)
# The clocks go forward on the 29th.
WEEK = Period(dt.date(2026, 3, 27), dt.date(2026, 4, 2), "Europe/Berlin")
LATER = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


class World(msgspec.Struct):
    database: Database
    agents: list[Agent]
    chance: random.Random
    told: list[Told] = []

    def tells(self, times: int) -> None:
        def work(conn: Connection) -> list[Told]:
            made = []
            for _ in range(times):
                site = SITES[self.chance.random() < 0.3]
                began = BEGAN + dt.timedelta(seconds=self.chance.uniform(0, 14 * 86400))
                made.append(tell(conn, self.chance, site, self.agents, began))
            return made

        self.told += self.database.write_now(work)

    def goes_on(self, one: Told, *, times: int = 5) -> None:
        at = one.events[-1].at + dt.timedelta(minutes=1)
        self.database.write_now(lambda conn: happen(conn, self.chance, one, self.agents, at, times))

    def counts(self, *, most: int = 100, now: dt.datetime = LATER) -> int:
        """As the server does; tells how many conversations were counted."""
        counted = 0

        def work(conn: Connection) -> counting.Portion:
            portion = counting.after(conn, last, most)
            counting.store(conn, portion, now)
            return portion

        last, more = self.database.read_now(counting.upto), True
        while more:
            portion = self.database.write_now(work)
            last, more = portion.last, portion.more
            counted += len(portion.outcomes)
        return counted


@pytest.fixture
def world(tmp_path: Path, database_url: str | None) -> Iterator[World]:
    database = open_database(tmp_path, database_url)

    def fill(conn: Connection) -> list[Agent]:
        for site in SITES:
            sites.store(conn, site, BEGAN)
        return [staff.add_agent(conn, f"{name}@example.com", name, "agent", now=BEGAN) for name in ("Ana", "Ben")]

    yield World(database, database.write_now(fill), random.Random(7))
    database.close_now()


def local(at: dt.datetime, of: Period) -> dt.datetime:
    return at.astimezone(ZoneInfo(of.zone))


def is_in(at: dt.datetime, of: Period) -> bool:
    return of.first <= local(at, of).date() <= of.last


def ranked(seconds: Iterable[int | None]) -> tuple[int, int | None, int | None]:
    """How many, the median and the ninth decile, by nearest rank."""
    known = sorted(one for one in seconds if one is not None)
    places = [ceil(len(known) * part) - 1 for part in (0.5, 0.9)]
    return (len(known), *(known[place] for place in places)) if known else (0, None, None)


def handovers(told: Sequence[Told], of: Period) -> list[tuple[Told, Handover]]:
    return [(one, wish) for one in told for wish in outcome_of(one.events).handovers if is_in(wish.at, of)]


def scores(told: Sequence[Told], of: Period) -> list[tuple[str | None, int]]:
    ratings = [rating for one in told if (rating := outcome_of(one.events).rating) and is_in(rating.at, of)]
    return [(rating.agent, rating.score) for rating in ratings]


def check_against_the_logs(world: World, of: Period, site: Site | None, agent: Agent | None) -> None:
    told = [one for one in world.told if site in (None, one.site)]
    taken = [one for one in told if agent is None or agent.id in {w.agent for w in outcome_of(one.events).handovers}]
    scope = of.scope(site=site and site.id, agent=agent and agent.id)
    found = world.database.read_now(lambda conn: find(conn, scope))

    for figures, at in zip(msgspec.structs.astuple(compared(found, scope)), (of, of.before), strict=True):
        wishes = [wish for _, wish in handovers(told, at) if agent is None or wish.agent == agent.id]
        came_out = Counter(outcome_of(one.events).came_out for one in taken if is_in(one.events[0].at, at))
        rated = [score for by, score in scores(told, at) if agent is None or by == agent.id]
        assert figures.conversations == came_out.total()
        assert {name: getattr(figures, name) for name in ("solved", "left", "open", "person")} == {
            name: came_out[name] for name in ("solved", "left", "open", "person")
        }
        assert figures.handovers == len(wishes)
        assert msgspec.structs.astuple(figures.claim) == ranked(wish.claim_s for wish in wishes)
        assert msgspec.structs.astuple(figures.words) == ranked(wish.words_s for wish in wishes)
        mean = round(sum(rated) / len(rated), 2) if rated else None
        assert msgspec.structs.astuple(figures.ratings) == (len(rated), mean)
    began = [local(one.events[0].at, of) for one in taken if is_in(one.events[0].at, of)]
    by_day, by_hour = Counter(at.date() for at in began), Counter(at.hour for at in began)
    days, hours = days_and_hours(found, scope, of)
    assert [(day.day, day.conversations) for day in days] == [(day, by_day[day]) for day in of.days]
    assert [(one.name, one.now) for one in hours] == [(str(hour), by_hour[hour]) for hour in range(24)]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "UTC"])
def test_the_figures_are_those_of_the_logs(world: World, zone: str):
    world.tells(120)
    world.counts()
    of = Period(WEEK.first, WEEK.last, zone)

    for site in (None, *SITES):
        for agent in (None, *world.agents):
            check_against_the_logs(world, of, site, agent)


def test_they_are_told_apart_by_site_agent_reason_and_who_answered(world: World):
    world.tells(120)
    world.counts()
    scope = WEEK.scope(site=None, agent=None)
    found = world.database.read_now(lambda conn: find(conn, scope))
    wishes = handovers(world.told, WEEK)
    rated = scores(world.told, WEEK)

    for site in SITES:
        alone = WEEK.scope(site=site.id, agent=None)
        of_it = world.database.read_now(lambda conn, alone=alone: find(conn, alone))
        assert of_site(found, scope, site.id) == compared(of_it, alone)
    for agent in world.agents:
        mine = [wish for _, wish in wishes if wish.agent == agent.id]
        told = of_agent(found, agent.id, agent.name)
        assert told.handovers == len(mine) > 0
        assert msgspec.structs.astuple(told.claim) == ranked(wish.claim_s for wish in mine)
        assert msgspec.structs.astuple(told.words) == ranked(wish.words_s for wish in mine)
        assert told.ratings.count == sum(by == agent.id for by, _ in rated)
    why = Counter(wish.reason for _, wish in wishes)
    assert {one.name: one.now for one in reasons(found) if one.now} == dict(why)
    assert satisfied(found).assistant.count == sum(by is None for by, _ in rated)
    assert satisfied(found).people.count == sum(by is not None for by, _ in rated)


def test_behind_each_figure_stand_as_many_conversations_as_it_counts(world: World):
    world.tells(120)
    world.counts()
    scope = WEEK.scope(site=SITES[0].id, agent=None)
    found = world.database.read_now(lambda conn: find(conn, scope))
    figures = compared(found, scope).now

    def behind(narrowed: Narrowed) -> list[Behind]:
        return world.database.read_now(lambda conn: reports.behind(conn, scope, narrowed, skip=0, most=1000))

    for figure in ("conversations", "solved", "left", "open", "person", "handovers", "unanswered"):
        assert len(behind(Narrowed(figure))) == getattr(figures, figure)
    assert len(behind(Narrowed("ratings"))) == figures.ratings.count
    alone = behind(Narrowed("ratings", assistant=True))
    assert len(alone) == satisfied(found).assistant.count
    for figure, wait in (("claims", figures.claim), ("words", figures.words)):
        seconds = [one.value for one in behind(Narrowed(figure))]
        assert len(seconds) == wait.count
        assert seconds == sorted(seconds, reverse=True)
    for one in reasons(found):
        assert len(behind(Narrowed("handovers", reason=one.name))) == one.now
    for one in days_and_hours(found, scope, WEEK)[1]:
        assert len(behind(Narrowed("conversations", quarters=WEEK.hours(int(one.name))))) == one.now


def test_what_was_counted_is_counted_again_only_when_it_goes_on(world: World):
    world.tells(30)

    assert world.counts(most=20) == 30
    assert world.counts() == 0
    world.goes_on(world.told[3])
    assert world.counts() == 1
    check_against_the_logs(world, WEEK, None, None)


def test_an_event_that_comes_late_is_counted_although_younger_ones_were_before(world: World):
    world.tells(5)
    now = dt.datetime.now(dt.UTC)

    world.counts(now=now)
    assert world.database.read_now(counting.upto) == first_id(now - counting.SETTLED)
    world.counts(now=LATER)
    assert world.database.read_now(counting.upto) == max(event.id for one in world.told for event in one.events)


def test_of_two_who_count_the_newer_count_stays(world: World):
    world.tells(1)
    early = world.database.read_now(lambda conn: counting.after(conn, "", 1000))
    while len(world.told[0].events) == early.outcomes[0][2].seq:
        world.goes_on(world.told[0])
    world.counts()

    world.database.write_now(lambda conn: counting.store(conn, early, LATER))
    assert world.counts() == 0
    check_against_the_logs(world, WEEK, None, None)


def test_a_day_has_as_many_hours_as_the_clocks_show(world: World):
    spring = period(dt.date(2026, 3, 29), dt.date(2026, 3, 29), "Europe/Berlin", BEGAN)
    scope = spring.scope(site=None, agent=None)

    assert (scope.end - scope.begin, scope.begin - scope.before) == (23 * 4, 24 * 4)
    assert spring.hours(2) == []
    assert spring.hours(3) == [
        quarter(dt.datetime(2026, 3, 29, 1, minute, tzinfo=dt.UTC)) for minute in (0, 15, 30, 45)
    ]


def test_without_days_it_is_the_last_seven_on_the_clocks_of_the_zone():
    late = dt.datetime(2026, 3, 20, 23, tzinfo=dt.UTC)

    here = period(None, None, "UTC", late)
    there = period(None, None, "Asia/Tokyo", late)
    assert (here.first, here.last) == (dt.date(2026, 3, 14), dt.date(2026, 3, 20))
    assert (there.first, there.last) == (dt.date(2026, 3, 15), dt.date(2026, 3, 21))
