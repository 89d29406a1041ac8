"""Teams: agents under a name, made by admins."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import msgspec
import structlog
from litestar import Response, delete, get, put
from litestar.params import FromPath, JSONBody, QueryParameter

from havana.api.guards import BY_AGENT, AdminAsking, AgentAsking, Provided
from havana.api.versions import VERSION, check_id, unless_outdated
from havana.chat.assigning import Assign
from havana.chat.changes import TeamDeleted, TeamSaved
from havana.chat.commands import clean_text
from havana.chat.errors import BadRequest, NotFound
from havana.storage import audit
from havana.storage import teams as stored
from havana.storage.database import Connection
from havana.storage.teams import NameTaken, NotOnTheTeam

NAME = 60
MEMBERS = 500

Member = Annotated[str, msgspec.Meta(min_length=1, max_length=36)]

log = structlog.get_logger()


class TeamToSave(msgspec.Struct, frozen=True):
    """`members` are ids of agents. `assign` says how what waits for the team is given to one of them by itself; they
    have `answer_within_s` seconds to answer before it goes to the next. `version` is that of the team that was changed
    into this, and null for a new one.
    """

    name: Annotated[str, msgspec.Meta(max_length=NAME)]
    members: Annotated[tuple[Member, ...], msgspec.Meta(max_length=MEMBERS)] = ()
    assign: Assign = "off"
    answer_within_s: Annotated[int, msgspec.Meta(ge=30, le=3600)] = 180
    version: Annotated[str, msgspec.Meta(max_length=VERSION)] | None = None


class NamedTeam(msgspec.Struct, frozen=True):
    """`members` are ids of agents, by their names. `by` is the name of the admin who made the last change."""

    id: str
    name: str
    members: tuple[str, ...]
    assign: Assign
    answer_within_s: int
    version: str
    updated_at: dt.datetime
    by: str | None


class NamedTeams(msgspec.Struct, frozen=True):
    """In the order of their names."""

    teams: list[NamedTeam]


@get("/api/teams", tags=["Teams"], security=BY_AGENT)
async def teams(
    signed_in: AgentAsking,  # noqa: ARG001 - asking for it is what keeps everybody else out
    services: Provided,
) -> NamedTeams:
    """All teams, and who is in them."""
    return NamedTeams([_named(one) for one in await services.database.read(stored.every)])


@put("/api/teams/{team:str}", status_code=200, tags=["Teams"], security=BY_AGENT)
async def save_team(
    team: FromPath[str], data: JSONBody[TeamToSave], admin: AdminAsking, services: Provided
) -> NamedTeam:
    """Stores a team; for admins. The id is yours to choose, so that asking twice makes one; a known one is replaced.

    If somebody else has changed or deleted it since the `version` that you say, nothing is stored, and the code is
    `stale`. Saving what it says already is never refused.
    """
    check_id(team, "a team")
    name, now = _cleaned(data.name), dt.datetime.now(dt.UTC)
    chosen = stored.Chosen(name, data.members, data.assign, data.answer_within_s)

    def work(conn: Connection) -> stored.Team:
        before = stored.find(conn, team)
        with unless_outdated("team"), _unless_impossible():
            saved = stored.save(conn, team, chosen, agent=admin.agent.id, now=now, version=data.version)
        if before is None or before.version != saved.version:
            audit.record(conn, admin.agent, TeamSaved(name), now)
        return saved

    saved = await services.database.write(work)
    log.info("team written", team=team, by=admin.agent.id)
    return _named(saved)


@delete("/api/teams/{team:str}", status_code=204, tags=["Teams"], security=BY_AGENT)
async def remove_team(
    *,
    team: FromPath[str],
    admin: AdminAsking,
    services: Provided,
    version: Annotated[str, QueryParameter(max_length=VERSION)] = "",
) -> Response[None]:
    """There is no such team any more; for admins. If it is not of this `version` now, it stays: the code is `stale`."""

    def work(conn: Connection) -> None:
        known = stored.find(conn, team)
        if known is None:
            raise NotFound("There is no such team.")
        with unless_outdated("team"):
            stored.remove(conn, team, version)
        audit.record(conn, admin.agent, TeamDeleted(known.name), dt.datetime.now(dt.UTC))

    await services.database.write(work)
    log.info("team removed", team=team, by=admin.agent.id)
    return Response(None, status_code=204)


def _cleaned(name: str) -> str:
    try:
        return " ".join(clean_text(name, NAME).split())
    except BadRequest:
        raise BadRequest("The name is empty.") from None


@contextmanager
def _unless_impossible() -> Iterator[None]:
    try:
        yield
    except NameTaken:
        raise BadRequest("There is a team of this name already.") from None
    except NotOnTheTeam:
        raise BadRequest("Somebody of these is not an agent any more. Choose again who is in the team.") from None


def _named(team: stored.Team) -> NamedTeam:
    return NamedTeam(**msgspec.structs.asdict(team))
