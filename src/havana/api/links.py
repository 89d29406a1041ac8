"""Links by which somebody chooses a password: invitations, and for who forgot theirs, by an admin or by mail."""

from typing import Annotated

import msgspec
import structlog
from litestar import Response, post
from litestar.params import JSONBody

from havana.api.guards import AnyRequest, Provided, address, refuse_foreign
from havana.api.session import Password, Session, Short, cookie, session_of
from havana.bus import PEOPLE, AgentChanged, SessionsEnded
from havana.chat.commands import clean_email
from havana.storage.staff import folded

Token = Annotated[str, msgspec.Meta(max_length=320)]

log = structlog.get_logger()


class LinkToRead(msgspec.Struct, frozen=True):
    """The token after `#password=`. In the body, so that no log has it."""

    link: Token


class LinkToFollow(LinkToRead, frozen=True):
    password: Password


class Forgotten(msgspec.Struct, frozen=True):
    email: Short


class BehindLink(msgspec.Struct, frozen=True):
    """Whose link it is. `invited`: they are on the team when they have followed it."""

    name: str
    email: Short
    invited: bool


@post("/api/links", status_code=200, tags=["Signing in"])
async def read(data: JSONBody[LinkToRead], request: AnyRequest, services: Provided) -> BehindLink:
    """Whom a link is for. It is not used by that."""
    refuse_foreign(request, services, strict=False)
    person = await services.sessions.behind_link(data.link, address(request))
    return BehindLink(person.agent.name, person.agent.email, invited=person.state == "invited")


@post("/api/links/forgotten", status_code=204, tags=["Signing in"])
async def forgotten(data: JSONBody[Forgotten], request: AnyRequest, services: Provided) -> Response[None]:
    """Writes a letter with a link that is good for an hour to whoever on the team has this e-mail.

    The answer is the same whether or not somebody has. `GET /api/mail` tells whether letters can be sent.
    """
    refuse_foreign(request, services, strict=False)
    email = folded(clean_email(data.email))
    services.limits.check_forgotten(address(request), email)
    await services.people.forgot(email)
    return Response(None, status_code=204)


@post("/api/links/follow", status_code=200, tags=["Signing in"])
async def follow(data: JSONBody[LinkToFollow], request: AnyRequest, services: Provided) -> Response[Session]:
    """Sets the password that was chosen, signs in and sets the cookie. All other sessions of theirs end."""
    refuse_foreign(request, services, strict=False)
    welcomed = await services.sessions.set_password_by_link(data.link, data.password, address(request))
    used = welcomed.used
    for session in used.ended:
        services.bus.publish(PEOPLE, SessionsEnded(session=session))
    if used.joined:
        services.bus.publish(PEOPLE, AgentChanged(used.agent.id, used.agent.name, used.away))
    log.info("link followed", agent=used.agent.id, joined=used.joined, sessions_ended=len(used.ended))
    return Response(session_of(used.agent), cookies=[cookie(welcomed.opened, request, services)])
