"""The figures of the reports, and the conversations behind each: all of it in SQL, over what `counting.py` keeps.

Two periods are counted at once, one after the other, each from a quarter of an hour to before another one.
"""

from collections.abc import Sequence
from typing import Any, Literal

import msgspec
import sqlalchemy as sa

from havana.storage.report_tables import handovers, outcomes
from havana.storage.tables import conversations, questions
from havana.storage.times import of_quarter

Figure = Literal[
    "conversations", "solved", "left", "open", "person", "handovers", "claims", "words", "ratings", "unanswered"
]
Which = Literal["site", "agent"]
NOW = "is_now"


class Scope(msgspec.Struct, frozen=True):
    """What is counted: [`begin`, `end`) and, to compare, [`before`, `begin`), in quarters of an hour.

    `site` and `agent` are ids. Of an agent counts what they have claimed.
    """

    before: int
    begin: int
    end: int
    site: str | None = None
    agent: str | None = None


class Begun(msgspec.Struct, frozen=True, gc=False):
    """How many conversations of a site have begun in a quarter of an hour and come out so."""

    quarter: int
    site: str
    came_out: str
    count: int


class Wanted(msgspec.Struct, frozen=True, gc=False):
    """How many hand-overs there were; `now` is false for the period before. `agent` is null if nobody claimed them."""

    now: bool
    site: str
    agent: str | None
    reason: str
    count: int


class Waited(msgspec.Struct, frozen=True, gc=False):
    """How long visitors waited, in seconds: the times at the middle and at nine tenths of so many, sorted."""

    now: bool
    group: str | None
    count: int
    median: int
    p90: int


class Rated(msgspec.Struct, frozen=True, gc=False):
    """How many ratings (1 to 5) there were, and their sum. `agent` is null for the assistant."""

    now: bool
    site: str
    agent: str | None
    count: int
    total: int


class Unanswered(msgspec.Struct, frozen=True, gc=False):
    now: bool
    site: str
    count: int


class Behind(msgspec.Struct, frozen=True, gc=False):
    """A conversation behind a figure. `quarter` is when it counts; `value` the seconds, or the score, if it has one."""

    conversation: str
    visitor: str
    preview: str
    control: str
    site: str
    quarter: int
    value: int | None


def begun(conn: sa.Connection, scope: Scope) -> list[Begun]:
    o = outcomes.c
    found = sa.select(o.quarter, o.site_id, o.came_out, sa.func.count()).where(*_of_outcomes(scope, scope.before))
    return [Begun(*row) for row in conn.execute(found.group_by(o.quarter, o.site_id, o.came_out))]


def wanted(conn: sa.Connection, scope: Scope) -> list[Wanted]:
    h, now = handovers.c, _now(handovers.c.quarter, scope)
    found = sa.select(now, h.site_id, h.agent_id, h.reason, sa.func.count()).where(*_of_handovers(scope, scope.before))
    return [
        Wanted(bool(row[0]), *row[1:]) for row in conn.execute(found.group_by(NOW, h.site_id, h.agent_id, h.reason))
    ]


def waited(
    conn: sa.Connection, scope: Scope, what: Literal["claims", "words"], by: Which | None = None
) -> list[Waited]:
    """By nearest rank. One for each period with any, and of each group if they are told apart `by` something.

    First how often each time occurs, then these summed up in their order: there are few different ones to sort.
    """
    seconds, now = _SECONDS[what], _now(handovers.c.quarter, scope)
    group: sa.ColumnElement[Any] = sa.null() if by is None else handovers.c[f"{by}_id"]
    times = (
        sa.select(now, group.label("of"), seconds.label("seconds"), sa.func.count().label("times"))
        .where(*_of_handovers(scope, scope.before), seconds.is_not(None))
        .group_by(NOW, "of", "seconds")
        .subquery()
    )
    t = times.c
    apart = [t[NOW], t.of]
    count = sa.func.sum(t.times).over(partition_by=apart)
    place = sa.func.sum(t.times).over(partition_by=apart, order_by=t.seconds)
    ranked = sa.select(t[NOW], t.of, t.seconds, count.label("count"), place.label("place")).subquery()
    r = ranked.c

    def at(percent: int) -> sa.ColumnElement[int]:
        return sa.func.min(sa.case((r.place * 100 >= r.count * percent, r.seconds)))

    found = sa.select(r[NOW], r.of, r.count, at(50), at(90)).group_by(r[NOW], r.of, r.count)
    # PostgreSQL sums whole numbers to decimals.
    return [Waited(bool(now), of, int(count), *ranks) for now, of, count, *ranks in conn.execute(found)]


def rated(conn: sa.Connection, scope: Scope) -> list[Rated]:
    o, now = outcomes.c, _now(outcomes.c.rated, scope)
    sums = sa.select(now, o.site_id, o.rated_agent, sa.func.count(), sa.func.sum(o.score))
    found = sums.where(*_of_ratings(scope, scope.before)).group_by(NOW, o.site_id, o.rated_agent)
    return [Rated(bool(row[0]), *row[1:]) for row in conn.execute(found)]


def unanswered(conn: sa.Connection, scope: Scope) -> list[Unanswered]:
    """Nobody asks the assistant through an agent: of one there are none."""
    if scope.agent is not None:
        return []
    q, begins = questions.c, of_quarter(scope.begin)
    now = sa.case((questions.c.asked_at >= begins, 1), else_=0).label(NOW)
    found = sa.select(now, q.site_id, sa.func.count()).where(*_of_questions(scope, scope.before))
    return [Unanswered(bool(row[0]), *row[1:]) for row in conn.execute(found.group_by(NOW, q.site_id))]


class Narrowed(msgspec.Struct, frozen=True):
    """Which of those behind a figure. `quarters` are the ones that count, if not all do; `assistant`: rated alone."""

    figure: Figure
    reason: str | None = None
    quarters: Sequence[int] | None = None
    assistant: bool = False


def behind(conn: sa.Connection, scope: Scope, of: Narrowed, *, skip: int, most: int) -> list[Behind]:
    """The newest first; of times the longest, and of ratings the worst."""
    listed, order = _listed(scope, of)
    found = listed.order_by(*order, conversations.c.id.desc()).offset(skip).limit(most)
    return [Behind(*row) for row in conn.execute(found)]


_SECONDS = {"claims": handovers.c.claim_s, "words": handovers.c.words_s}


def _listed(scope: Scope, of: Narrowed) -> tuple[sa.Select[Any], list[Any]]:
    o, h = outcomes.c, handovers.c
    match of.figure:
        case "unanswered":
            # When it was asked is read from the question itself, by whoever opens it.
            asked = _select(questions, o.quarter, sa.null()).join(outcomes, o.conversation_id == conversations.c.id)
            return asked.where(*_of_questions(scope, scope.begin)).distinct(), [o.quarter.desc()]
        case "ratings":
            alone = [o.rated_agent.is_(None)] if of.assistant else []
            rated = _select(outcomes, o.rated, o.score).where(*_of_ratings(scope, scope.begin), *alone)
            return rated, [o.score, o.rated.desc()]
        case "handovers" | "claims" | "words":
            seconds = _SECONDS.get(of.figure)
            some = [h.reason == of.reason] if of.reason else []
            some += [] if seconds is None else [seconds.is_not(None)]
            found = _select(handovers, h.quarter, sa.null() if seconds is None else seconds)
            order = [h.quarter.desc()] if seconds is None else [seconds.desc(), h.quarter.desc()]
            return found.where(*_of_handovers(scope, scope.begin), *some), order
        case _:
            some = [] if of.figure == "conversations" else [o.came_out == of.figure]
            some += [] if of.quarters is None else [o.quarter.in_(of.quarters)]
            found = _select(outcomes, o.quarter, sa.null())
            return found.where(*_of_outcomes(scope, scope.begin), *some), [o.quarter.desc()]


def _select(table: sa.Table, quarter: sa.ColumnElement[Any], value: sa.ColumnElement[Any]) -> sa.Select[Any]:
    c = conversations.c
    columns = (c.id, c.visitor_name, c.preview, c.control, c.site_id, quarter.label("quarter"), value.label("value"))
    return sa.select(*columns).select_from(table.join(conversations, table.c.conversation_id == c.id))


def _of_outcomes(scope: Scope, begin: int) -> list[sa.ColumnElement[bool]]:
    o = outcomes.c
    where = [o.quarter >= begin, o.quarter < scope.end]
    if scope.site is not None:
        where.append(o.site_id == scope.site)
    if scope.agent is not None:
        taken = sa.select(handovers.c.conversation_id).where(handovers.c.agent_id == scope.agent)
        where.append(o.conversation_id.in_(taken))
    return where


def _of_handovers(scope: Scope, begin: int) -> list[sa.ColumnElement[bool]]:
    h = handovers.c
    where = [h.quarter >= begin, h.quarter < scope.end]
    if scope.site is not None:
        where.append(h.site_id == scope.site)
    if scope.agent is not None:
        where.append(h.agent_id == scope.agent)
    return where


def _of_ratings(scope: Scope, begin: int) -> list[sa.ColumnElement[bool]]:
    o = outcomes.c
    where = [o.rated >= begin, o.rated < scope.end]
    if scope.site is not None:
        where.append(o.site_id == scope.site)
    if scope.agent is not None:
        where.append(o.rated_agent == scope.agent)
    return where


def _of_questions(scope: Scope, begin: int) -> list[sa.ColumnElement[bool]]:
    q = questions.c
    where = [q.asked_at >= of_quarter(begin), q.asked_at < of_quarter(scope.end)]
    if scope.site is not None:
        where.append(q.site_id == scope.site)
    if scope.agent is not None:
        where.append(sa.false())
    return where


def _now(quarter: sa.ColumnElement[Any], scope: Scope) -> sa.Label[int]:
    """1 for the period itself, 0 for the one before. Grouped by its name: its values are bound anew each time."""
    return sa.case((quarter >= scope.begin, 1), else_=0).label(NOW)
