"""The reports: figures of some days, compared with the days before, and the conversations behind each of them."""

import datetime as dt
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import FromQuery, QueryParameter

from havana.api.guards import BY_AGENT, AgentAsking, Provided
from havana.api.unanswered import site_of
from havana.chat.errors import Forbidden
from havana.chat.people import Agent
from havana.chat.site import Site
from havana.reporting import (
    Compared,
    Counted,
    Day,
    Found,
    OfAgent,
    OfSite,
    Satisfied,
    agents_in,
    compared,
    days_and_hours,
    find,
    of_agent,
    of_site,
    period,
    reasons,
    satisfied,
)
from havana.storage import reports, sites, staff
from havana.storage.database import Connection
from havana.storage.reports import Behind, Figure, Narrowed
from havana.storage.times import of_quarter

PAGE = 50
"""Conversations of one answer."""

First = Annotated[
    dt.date | None,
    QueryParameter(name="from", description="The first day, on the clocks of the zone; six before the last"),
]
Last = Annotated[dt.date | None, QueryParameter(name="to", description="The last day; today")]
Zone = Annotated[str, QueryParameter(max_length=64, description="Of the IANA list: Europe/Berlin")]
SiteKey = Annotated[str | None, QueryParameter(max_length=64)]
AgentId = Annotated[str | None, QueryParameter(max_length=64, description="What they have claimed")]


class Report(msgspec.Struct, frozen=True):
    """`sites` are those with anything in the period or the one before; `agents` those with anything in the period, for
    whoever may see them. `counted_until` is null unless there is so much to count that it was not done in time: then
    what came after that is missing.
    """

    counted_until: dt.datetime | None
    compared_from: dt.date
    compared_to: dt.date
    figures: Compared
    days: list[Day]
    hours: list[Counted]
    reasons: list[Counted]
    satisfaction: Satisfied
    sites: list[OfSite]
    agents: list[OfAgent]


class Listed(msgspec.Struct, frozen=True):
    """`at` is the quarter of an hour in which it counts. `value` are the seconds somebody waited, or the score."""

    conversation: str
    visitor: str
    preview: str
    control: str
    site: str
    at: dt.datetime
    value: int | None


class ListedPage(msgspec.Struct, frozen=True):
    """`next` is the `skip` of the page after this one."""

    conversations: list[Listed]
    next: int | None


@get("/api/reports", tags=["Reports"], security=BY_AGENT)
async def report(
    *,
    signed_in: AgentAsking,
    services: Provided,
    first: First = None,
    last: Last = None,
    zone: Zone = "UTC",
    site: SiteKey = None,
    agent: AgentId = None,
) -> Report:
    """The figures of these days. Those of one agent are for this agent and for admins."""
    of = period(first, last, zone, dt.datetime.now(dt.UTC))
    _check(signed_in.agent, agent)
    until = await services.counting.catch_up()

    def work(conn: Connection) -> Report:
        every = sites.every(conn)
        scope = of.scope(site=_id(every, site), agent=agent)
        found = find(conn, scope)
        days, hours = days_and_hours(found, scope, of)
        seen = None if signed_in.agent.admin else signed_in.agent.id
        return Report(
            counted_until=until,
            compared_from=of.before.first,
            compared_to=of.before.last,
            figures=compared(found, scope),
            days=days,
            hours=hours,
            reasons=reasons(found),
            satisfaction=satisfied(found),
            sites=[
                OfSite(one.key, one.name, of_site(found, scope, one.id)) for one in every if site in (None, one.key)
            ],
            agents=_agents(found, staff.names(conn), seen),
        )

    return await services.database.read(work)


@get("/api/reports/conversations", tags=["Reports"], security=BY_AGENT)
async def behind_a_figure(
    *,
    signed_in: AgentAsking,
    services: Provided,
    first: First = None,
    last: Last = None,
    figure: FromQuery[Figure] = "conversations",
    zone: Zone = "UTC",
    site: SiteKey = None,
    agent: AgentId = None,
    reason: Annotated[str | None, QueryParameter(max_length=16, description="Of a hand-over")] = None,
    hour: Annotated[int | None, QueryParameter(ge=0, le=23, description="In which they began, on any day")] = None,
    assistant: Annotated[bool, QueryParameter(description="Only those that nobody but the assistant answered")] = False,
    skip: Annotated[int, QueryParameter(ge=0, le=1_000_000)] = 0,
) -> ListedPage:
    """The conversations behind a figure: the newest first; the longest waits and the worst ratings first."""
    of = period(first, last, zone, dt.datetime.now(dt.UTC))
    _check(signed_in.agent, agent)
    await services.counting.catch_up()
    narrowed = Narrowed(figure, reason, None if hour is None else of.hours(hour), assistant)

    def work(conn: Connection) -> ListedPage:
        every = sites.every(conn)
        scope = of.scope(site=_id(every, site), agent=agent)
        found = reports.behind(conn, scope, narrowed, skip=skip, most=PAGE + 1)
        keys = {one.id: one.key for one in every}
        return ListedPage([_listed(one, keys) for one in found[:PAGE]], skip + PAGE if len(found) > PAGE else None)

    return await services.database.read(work)


def _check(asking: Agent, agent: str | None) -> None:
    if agent is not None and agent != asking.id and not asking.admin:
        raise Forbidden("Only an admin may see the figures of another agent.")


def _agents(found: Found, names: dict[str, str], seen: str | None) -> list[OfAgent]:
    """Of everybody, or of the one whom somebody may see."""
    some = [agent for agent in agents_in(found) if seen in (None, agent) and agent in names]
    return sorted((of_agent(found, agent, names[agent]) for agent in some), key=lambda one: one.name.casefold())


def _id(every: list[Site], key: str | None) -> str | None:
    return None if key is None else site_of(every, key).id


def _listed(one: Behind, keys: dict[str, str]) -> Listed:
    at = of_quarter(one.quarter)
    return Listed(one.conversation, one.visitor, one.preview, one.control, keys[one.site], at, one.value)
