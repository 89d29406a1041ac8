"""Visitors: their tokens, and shutting the door on one."""

from typing import Annotated

import msgspec
import structlog
from litestar import Response, post
from litestar.params import FromPath, JSONBody

from havana.accounts.identity import new_visitor
from havana.api.guards import BY_AGENT, AgentAsking, AnyRequest, Provided, address
from havana.bus import PEOPLE, SessionsEnded
from havana.chat.errors import BadRequest, NotFound
from havana.chat.people import Person

log = structlog.get_logger()


class Arrival(msgspec.Struct, frozen=True):
    """Either the key of a site, or a token that shall be renewed."""

    site: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    token: Annotated[str, msgspec.Meta(max_length=4096)] | None = None


class Welcome(msgspec.Struct, frozen=True):
    token: str
    visitor: Person


@post("/api/visitors", status_code=200, tags=["Visitors"])
async def arrive(data: JSONBody[Arrival], request: AnyRequest, services: Provided) -> Welcome:
    """A token for a new visitor of a site, or a fresh one for the same visitor. Nothing is stored."""
    if data.token is not None:
        visitor = await services.identity.renewing(data.token)
    elif data.site is not None:
        services.limits.check_new_visitor(address(request))
        made = await new_visitor(services.database, services.tokens, data.site)
        if made is None:
            raise NotFound("There is no site with this key.")
        visitor = made
    else:
        raise BadRequest("Give the key of a site, or your old token.")
    return Welcome(services.tokens.for_visitor(visitor), Person(visitor.id, visitor.name))


@post("/api/visitors/{visitor:str}/block", status_code=204, tags=["Visitors"], security=BY_AGENT)
async def block(visitor: FromPath[str], signed_in: AgentAsking, services: Provided) -> Response[None]:
    """The visitor can neither write nor read any more, and live connections end."""
    await services.requests.block(signed_in.agent, visitor)
    log.info("visitor blocked", visitor=visitor, agent=signed_in.agent.id)
    services.bus.publish(PEOPLE, SessionsEnded(visitor=visitor))
    return Response(None, status_code=204)


@post("/api/visitors/{visitor:str}/unblock", status_code=204, tags=["Visitors"], security=BY_AGENT)
async def unblock(visitor: FromPath[str], signed_in: AgentAsking, services: Provided) -> Response[None]:
    """The visitor may come back."""
    await services.requests.unblock(visitor)
    log.info("visitor unblocked", visitor=visitor, agent=signed_in.agent.id)
    return Response(None, status_code=204)
