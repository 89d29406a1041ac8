"""Visitors: their tokens, what the team knows of them, and shutting the door on one."""

from typing import Annotated

import msgspec
import structlog
from litestar import Response, get, post, put
from litestar.params import FromPath, JSONBody

from havana.accounts.identity import new_visitor
from havana.api.guards import BY_AGENT, AgentAsking, AnyRequest, Provided, address
from havana.api.versions import VERSION, unless_outdated
from havana.bus import PEOPLE, SessionsEnded
from havana.chat.errors import BadRequest, NotFound
from havana.chat.people import Person
from havana.chat.visiting import FIELD, Card

log = structlog.get_logger()


class Arrival(msgspec.Struct, frozen=True):
    """Either the key of a site, or a token that shall be renewed."""

    site: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    token: Annotated[str, msgspec.Meta(max_length=4096)] | None = None


class Welcome(msgspec.Struct, frozen=True):
    token: str
    visitor: Person


class DetailToWrite(msgspec.Struct, frozen=True):
    """`field` is name, email, notes, or a word of the team's own. An empty `value` takes it back.

    `version` is that of what was changed into this, and null if there was nothing.
    """

    field: Annotated[str, msgspec.Meta(max_length=FIELD)]
    value: Annotated[str, msgspec.Meta(max_length=4000)]
    version: Annotated[str, msgspec.Meta(max_length=VERSION)] | None = None


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


@get("/api/visitors/{visitor:str}", tags=["Visitors"], security=BY_AGENT)
async def known(
    visitor: FromPath[str],
    signed_in: AgentAsking,  # noqa: ARG001 - asking for it is what keeps everybody else out
    services: Provided,
) -> Card:
    """What the team knows of a visitor besides their words: where they were last, and what agents wrote down."""
    return await services.visits.of(visitor)


@put("/api/visitors/{visitor:str}/details", tags=["Visitors"], security=BY_AGENT)
async def write_down(
    visitor: FromPath[str], data: JSONBody[DetailToWrite], signed_in: AgentAsking, services: Provided
) -> Card:
    """Writes down one thing about a visitor, or takes it back. No visitor is told of it.

    If somebody else has changed it since the `version` that you say, nothing is stored, and the code is `stale`. Saying
    what is there already is never refused.
    """
    with unless_outdated("detail"):
        card = await services.visits.write(signed_in.agent, visitor, data.field, data.value, data.version)
    log.info("visitor described", visitor=visitor, agent=signed_in.agent.id)
    return card


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
