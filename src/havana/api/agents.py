"""The team."""

from typing import Literal

import msgspec
from litestar import get

from havana.api.guards import BY_AGENT, AgentAsking, Provided
from havana.storage import staff


class Colleague(msgspec.Struct, frozen=True):
    id: str
    name: str
    role: Literal["admin", "agent"]
    on_duty: bool


class Team(msgspec.Struct, frozen=True):
    agents: list[Colleague]


@get("/api/agents", tags=["Agents"], security=BY_AGENT)
async def team(
    signed_in: AgentAsking,  # noqa: ARG001 - asking for it is what keeps everybody else out
    services: Provided,
) -> Team:
    """Everybody who may take conversations, and whether they are here."""
    found = await services.database.read(staff.team)
    return Team(
        [
            Colleague(agent.id, agent.name, "admin" if agent.admin else "agent", services.on_duty(agent.id))
            for agent in found
        ]
    )
