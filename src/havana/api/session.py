"""Signing in and out, and the token for the live channel."""

import datetime as dt
from typing import Annotated, Literal

import msgspec
from litestar import Response, delete, get, post
from litestar.datastructures import Cookie
from litestar.params import JSONBody

from havana.accounts.sessions import COOKIE, LIFE, NewSession
from havana.api.guards import BY_AGENT, AgentAsking, AnyRequest, Provided, address, refuse_foreign
from havana.api.services import Services
from havana.bus import PEOPLE, SessionsEnded
from havana.chat.errors import BadRequest
from havana.chat.people import Agent

Short = Annotated[str, msgspec.Meta(max_length=320)]
Password = Annotated[str, msgspec.Meta(max_length=1024)]


class SignIn(msgspec.Struct, frozen=True):
    """Either e-mail and password, or the token of a one-time link."""

    email: Short | None = None
    password: Password | None = None
    link: Short | None = None


class Me(msgspec.Struct, frozen=True):
    id: str
    name: str
    email: str
    role: Literal["admin", "agent"]


class Session(msgspec.Struct, frozen=True):
    agent: Me


class LiveToken(msgspec.Struct, frozen=True):
    token: str
    expires_at: dt.datetime


@post("/api/session", status_code=200, tags=["Signing in"])
async def sign_in(data: JSONBody[SignIn], request: AnyRequest, services: Provided) -> Response[Session]:
    """Signs an agent in and sets the cookie."""
    refuse_foreign(request, services, strict=False)
    if data.link is not None:
        opened = await services.sessions.sign_in_by_link(data.link, address(request))
    elif data.email is not None and data.password is not None:
        opened = await services.sessions.sign_in(data.email, data.password, address(request))
    else:
        raise BadRequest("Give an e-mail and a password, or the link you were sent.")
    return Response(session_of(opened.agent), cookies=[cookie(opened, request, services)])


@get("/api/session", tags=["Signing in"], security=BY_AGENT)
async def who_am_i(signed_in: AgentAsking) -> Session:
    """Who is signed in."""
    return session_of(signed_in.agent)


@delete("/api/session", status_code=204, tags=["Signing in"], security=BY_AGENT)
async def sign_out(signed_in: AgentAsking, services: Provided) -> Response[None]:
    """Ends the session, and the live connections that came through it."""
    await services.sessions.sign_out(signed_in.session)
    services.bus.publish(PEOPLE, SessionsEnded(session=signed_in.session))
    response: Response[None] = Response(None, status_code=204)
    response.delete_cookie(COOKIE)
    return response


@post("/api/live-token", status_code=200, tags=["Signing in"], security=BY_AGENT)
async def live_token(signed_in: AgentAsking, services: Provided) -> LiveToken:
    """A token for the next hello on the live channel. It is good for one, within a minute."""
    return LiveToken(*await services.sessions.live_token(signed_in.session))


def session_of(agent: Agent) -> Session:
    return Session(Me(agent.id, agent.name, agent.email, "admin" if agent.admin else "agent"))


def cookie(opened: NewSession, request: AnyRequest, services: Services) -> Cookie:
    return Cookie(
        COOKIE,
        value=opened.token,
        max_age=int(LIFE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=(services.public_url or str(request.url)).startswith("https:"),
    )
