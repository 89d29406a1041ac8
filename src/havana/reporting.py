"""The reports as a team lead reads them: of some days on the clocks of a time zone, each compared with those before."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from zoneinfo import ZoneInfo

import msgspec

from havana.chat.errors import BadRequest
from havana.storage import reports
from havana.storage.database import Connection
from havana.storage.reports import Rated, Scope, Waited, Wanted
from havana.storage.times import QUARTER_S, of_quarter, quarter

LONGEST = 366
"""Days of a report."""
EARLIEST = dt.date(2000, 1, 1)
DAY = dt.timedelta(days=1)
QUARTERS = 96
"""Of an hour, in a day."""
EPOCH = dt.date(1970, 1, 1)


class Period(msgspec.Struct, frozen=True):
    """Whole days, the first and the last one included, on the clocks of `zone`, an IANA name."""

    first: dt.date
    last: dt.date
    zone: str

    @property
    def days(self) -> list[dt.date]:
        return [self.first + DAY * number for number in range((self.last - self.first).days + 1)]

    @property
    def before(self) -> "Period":
        """As many days."""
        return Period(self.first - DAY * len(self.days), self.first - DAY, self.zone)

    def scope(self, *, site: str | None, agent: str | None) -> Scope:
        before, begin, end = map(self._midnight, (self.before.first, self.first, self.last + DAY))
        return Scope(before, begin, end, site, agent)

    def hours(self, hour: int) -> list[int]:
        """The quarters in which it is this hour, on any of the days."""
        local = _clock(self.zone)
        begin, end = self._midnight(self.first), self._midnight(self.last + DAY)
        return [place for place in range(begin, end) if local(place) % QUARTERS // 4 == hour]

    def _midnight(self, day: dt.date) -> int:
        return quarter(dt.datetime.combine(day, dt.time(), ZoneInfo(self.zone)))


class Wait(msgspec.Struct, frozen=True):
    """How long visitors waited, in seconds; null where nobody did."""

    count: int = 0
    median_s: int | None = None
    p90_s: int | None = None


class Score(msgspec.Struct, frozen=True):
    """The ratings, 1 to 5; `mean` is null where there are none."""

    count: int = 0
    mean: float | None = None


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """`conversations` have begun. Of these `solved` were closed after an answer of the assistant, with no person wanted
    or taking part, and `left` closed without such an answer; in `person` a person was wanted or took part; `open` are
    still with the assistant. `handovers`: how often a person was wanted or stepped in. `unanswered`: questions without
    an article.
    """

    conversations: int = 0
    solved: int = 0
    left: int = 0
    open: int = 0
    person: int = 0
    handovers: int = 0
    claim: Wait = Wait()
    words: Wait = Wait()
    ratings: Score = Score()
    unanswered: int = 0


class Compared(msgspec.Struct, frozen=True):
    now: Figures
    before: Figures


class OfSite(msgspec.Struct, frozen=True):
    """`site` is a key."""

    site: str
    name: str
    figures: Compared


class OfAgent(msgspec.Struct, frozen=True):
    """What an agent has claimed, and how those rated who had them last."""

    agent: str
    name: str
    handovers: int
    claim: Wait
    words: Wait
    ratings: Score


class Day(msgspec.Struct, frozen=True):
    day: dt.date
    conversations: int
    solved: int
    person: int


class Counted(msgspec.Struct, frozen=True):
    """How often; `name` is a reason or an hour."""

    name: str
    now: int
    before: int


class Satisfied(msgspec.Struct, frozen=True):
    """By who answered: the assistant alone, or people."""

    assistant: Score
    people: Score


class Found(msgspec.Struct, frozen=True):
    """All that the database says for a report."""

    begun: Sequence[reports.Begun]
    wanted: Sequence[Wanted]
    claims: Sequence[Waited]
    words: Sequence[Waited]
    claims_by_site: Sequence[Waited]
    words_by_site: Sequence[Waited]
    claims_by_agent: Sequence[Waited]
    words_by_agent: Sequence[Waited]
    rated: Sequence[Rated]
    unanswered: Sequence[reports.Unanswered]


def find(conn: Connection, scope: Scope) -> Found:
    return Found(
        begun=reports.begun(conn, scope),
        wanted=reports.wanted(conn, scope),
        claims=reports.waited(conn, scope, "claims"),
        words=reports.waited(conn, scope, "words"),
        claims_by_site=reports.waited(conn, scope, "claims", "site"),
        words_by_site=reports.waited(conn, scope, "words", "site"),
        claims_by_agent=reports.waited(conn, scope, "claims", "agent"),
        words_by_agent=reports.waited(conn, scope, "words", "agent"),
        rated=reports.rated(conn, scope),
        unanswered=reports.unanswered(conn, scope),
    )


def period(first: dt.date | None, last: dt.date | None, zone: str, now: dt.datetime) -> Period:
    """The seven days that end with `last`, if there is no `first`; today, if there is no `last`.

    Raises `BadRequest` if there is no such period.
    """
    try:
        today = now.astimezone(ZoneInfo(zone)).date()
    except (ValueError, OSError, LookupError):
        raise BadRequest(f"There is no time zone {zone[:64]!r}. One is Europe/Berlin.") from None
    last = last or today
    first = first or max(last, EARLIEST + 6 * DAY) - 6 * DAY
    if not EARLIEST <= first <= last or last.year > dt.MAXYEAR - 1:
        raise BadRequest(f"`from` must not be after `to`, nor before {EARLIEST}.")
    if (last - first).days >= LONGEST:
        raise BadRequest(f"A report covers at most {LONGEST} days.")
    return Period(first, last, zone)


def compared(found: Found, scope: Scope) -> Compared:
    """Of all sites together."""
    return Compared(*(_figures(found, scope, now, found.claims, found.words, None) for now in (True, False)))


def of_site(found: Found, scope: Scope, site: str) -> Compared:
    """`site` is an id."""
    claims = [one for one in found.claims_by_site if one.group == site]
    words = [one for one in found.words_by_site if one.group == site]
    return Compared(*(_figures(found, scope, now, claims, words, site) for now in (True, False)))


def of_agent(found: Found, agent: str, name: str) -> OfAgent:
    """In the period itself."""
    return OfAgent(
        agent,
        name,
        sum(one.count for one in found.wanted if one.now and one.agent == agent),
        _wait(one for one in found.claims_by_agent if one.now and one.group == agent),
        _wait(one for one in found.words_by_agent if one.now and one.group == agent),
        _score(one for one in found.rated if one.now and one.agent == agent),
    )


def agents_in(found: Found) -> set[str]:
    """Who has done anything in the period."""
    taken = {one.agent for one in found.wanted if one.now}
    return {agent for agent in taken | {one.agent for one in found.rated if one.now} if agent is not None}


def days_and_hours(found: Found, scope: Scope, of: Period) -> tuple[list[Day], list[Counted]]:
    """Each day of the period; and the 24 hours of a day, with all that begins in them on any of the days."""
    local = _clock(of.zone)
    by_day: dict[int, Counter[str]] = defaultdict(Counter)
    now, before = Counter[int](), Counter[int]()
    for one in found.begun:
        day, rest = divmod(local(one.quarter), QUARTERS)
        if one.quarter >= scope.begin:
            by_day[day][one.came_out] += one.count
            now[rest // 4] += one.count
        else:
            before[rest // 4] += one.count
    counted = [(day, by_day[(day - EPOCH).days]) for day in of.days]
    days = [Day(day, came_out.total(), came_out["solved"], came_out["person"]) for day, came_out in counted]
    return days, [Counted(str(hour), now[hour], before[hour]) for hour in range(24)]


def _clock(zone: str) -> Callable[[int], int]:
    """Turns a quarter of an hour since 1970 in UTC into one since 1970 on the clocks of the zone."""
    there = ZoneInfo(zone)

    def ahead(place: int) -> int:
        offset = of_quarter(place).astimezone(there).utcoffset()
        return int((offset or dt.timedelta()).total_seconds()) // QUARTER_S

    @cache
    def ahead_all_day(day: int) -> int | None:
        # On almost every day, and a report has many quarters.
        first, last = ahead(day * QUARTERS), ahead(day * QUARTERS + QUARTERS - 1)
        return first if first == last else None

    def local(place: int) -> int:
        known = ahead_all_day(place // QUARTERS)
        return place + (ahead(place) if known is None else known)

    return local


def reasons(found: Found) -> list[Counted]:
    """The most frequent first."""
    now, before = Counter[str](), Counter[str]()
    for one in found.wanted:
        (now if one.now else before)[one.reason] += one.count
    counted = [Counted(reason, now[reason], before[reason]) for reason in now | before]
    return sorted(counted, key=lambda one: (-one.now, -one.before, one.name))


def satisfied(found: Found) -> Satisfied:
    now = [one for one in found.rated if one.now]
    return Satisfied(
        _score(one for one in now if one.agent is None), _score(one for one in now if one.agent is not None)
    )


def _figures(
    found: Found, scope: Scope, now: bool, claims: Iterable[Waited], words: Iterable[Waited], site: str | None
) -> Figures:
    outcomes = Counter[str]()
    for one in found.begun:
        if (one.quarter >= scope.begin) == now and site in (None, one.site):
            outcomes[one.came_out] += one.count
    return Figures(
        conversations=outcomes.total(),
        solved=outcomes["solved"],
        left=outcomes["left"],
        open=outcomes["open"],
        person=outcomes["person"],
        handovers=sum(one.count for one in found.wanted if one.now == now and site in (None, one.site)),
        claim=_wait(one for one in claims if one.now == now),
        words=_wait(one for one in words if one.now == now),
        ratings=_score(one for one in found.rated if one.now == now and site in (None, one.site)),
        unanswered=sum(one.count for one in found.unanswered if one.now == now and site in (None, one.site)),
    )


def _wait(some: Iterable[Waited]) -> Wait:
    """There is one at most."""
    return next((Wait(one.count, one.median, one.p90) for one in some), Wait())


def _score(some: Iterable[Rated]) -> Score:
    rated = list(some)
    count = sum(one.count for one in rated)
    return Score(count, round(sum(one.total for one in rated) / count, 2)) if count else Score()
