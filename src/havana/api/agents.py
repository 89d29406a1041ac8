"""The team."""

from typing import Literal

import msgspec
import structlog
from litestar import get, put
from litestar.params import FromPath, JSONBody

from havana.api.guards import BY_AGENT, AgentAsking, Provided
from havana.chat.errors import Forbidden
from havana.storage import profiles, staff
from havana.storage.database import Connection

log = structlog.get_logger()


class Colleague(msgspec.Struct, frozen=True):
    """`here`: a console of theirs is connected. `away`: somebody has said so. `on_duty`: here and not away."""

    id: str
    name: str
    role: Literal["admin", "agent"]
    on_duty: bool
    here: bool
    away: bool


class Team(msgspec.Struct, frozen=True):
    agents: list[Colleague]


class OnDuty(msgspec.Struct, frozen=True):
    on_duty: bool


class Away(msgspec.Struct, frozen=True):
    away: bool


@get("/api/agents", tags=["Agents"], security=BY_AGENT)
async def team(
    signed_in: AgentAsking,  # noqa: ARG001 - asking for it is what keeps everybody else out
    services: Provided,
) -> Team:
    """Everybody who may take conversations, and whether they are here and on duty."""

    def read(conn: Connection) -> list[Colleague]:
        away = profiles.away(conn)
        return [
            Colleague(
                agent.id,
                agent.name,
                "admin" if agent.admin else "agent",
                on_duty=services.is_here(agent.id) and agent.id not in away,
                here=services.is_here(agent.id),
                away=agent.id in away,
            )
            for agent in staff.team(conn)
        ]

    return Team(await services.database.read(read))


@put("/api/agents/{agent:str}/duty", tags=["Agents"], security=BY_AGENT)
async def duty(agent: FromPath[str], data: JSONBody[OnDuty], signed_in: AgentAsking, services: Provided) -> Away:
    """Says that somebody is on duty when here, or away: each for themselves, admins for others too."""
    if agent != signed_in.agent.id and not signed_in.agent.admin:
        raise Forbidden("Only an admin can say that somebody else is away.")
    changed = await services.availability.set(agent, away=not data.on_duty, by=signed_in.agent)
    log.info("duty changed", agent=agent, away=changed.away, by=signed_in.agent.id)
    return Away(changed.away)
