"""What agents say of themselves, and how they want to be told of visitors who wait."""

import datetime as dt
from typing import Annotated, Literal

import msgspec
import structlog
from litestar import get, put
from litestar.params import JSONBody

from havana.api.guards import BY_AGENT, AgentAsking, AnyRequest, Provided, address
from havana.bus import PEOPLE, SessionsEnded
from havana.chat import changes, notifications
from havana.chat.commands import clean_text
from havana.chat.errors import BadRequest, Unauthorised
from havana.chat.notifications import Notifications
from havana.storage import audit, profiles
from havana.storage.database import Connection

NAME_LIMIT = 200
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_LIMIT)]
Password = Annotated[str, msgspec.Meta(max_length=1024)]

log = structlog.get_logger()


class Profile(msgspec.Struct, frozen=True):
    """`has_password`: else they sign in by links only, and may set one without naming a current one."""

    id: str
    name: str
    email: str
    role: Literal["admin", "agent"]
    away: bool
    has_password: bool
    notifications: Notifications


class Renamed(msgspec.Struct, frozen=True):
    name: Name


class NewPassword(msgspec.Struct, frozen=True):
    new: Password
    current: Password = ""


@get("/api/profile", tags=["Profile"], security=BY_AGENT)
async def mine(signed_in: AgentAsking, services: Provided) -> Profile:
    """Of who asks."""
    found = await services.database.read(lambda conn: profiles.profile(conn, signed_in.agent.id))
    if found is None:
        raise Unauthorised("Please sign in again.")
    return _shown(found)


@put("/api/profile", tags=["Profile"], security=BY_AGENT)
async def rename(data: JSONBody[Renamed], signed_in: AgentAsking, services: Provided) -> Profile:
    """Gives who asks another name, from now on: what they wrote before keeps the one that it was written under."""
    name = " ".join(clean_text(data.name, NAME_LIMIT).split())
    agent = signed_in.agent.id

    def work(conn: Connection) -> None:
        before = profiles.rename(conn, agent, name)
        if before != name:
            audit.record(conn, signed_in.agent, changes.Renamed(before, name), dt.datetime.now(dt.UTC))

    changed = await services.availability.change(agent, work)
    log.info("agent renamed", agent=agent)
    return _shown(changed)


@put("/api/profile/password", status_code=204, tags=["Profile"], security=BY_AGENT)
async def change_password(
    data: JSONBody[NewPassword], signed_in: AgentAsking, request: AnyRequest, services: Provided
) -> None:
    """Changes the password of who asks. All their other sessions end."""
    if data.new == data.current:
        raise BadRequest("The new password is the current one.")
    ended = await services.sessions.change_password(signed_in, data.current, data.new, address(request))
    for session in ended:
        services.bus.publish(PEOPLE, SessionsEnded(session=session))
    log.info("password changed", agent=signed_in.agent.id, sessions_ended=len(ended))


@put("/api/profile/notifications", tags=["Profile"], security=BY_AGENT)
async def notify(data: JSONBody[Notifications], signed_in: AgentAsking, services: Provided) -> Notifications:
    """How who asks is told of visitors who wait. All of it, in place of what was chosen before."""
    chosen = notifications.check(data)
    await services.database.write(lambda conn: profiles.set_notifications(conn, signed_in.agent.id, chosen))
    return chosen


def _shown(found: profiles.Profile) -> Profile:
    agent = found.agent
    return Profile(
        id=agent.id,
        name=agent.name,
        email=agent.email,
        role="admin" if agent.admin else "agent",
        away=found.away,
        has_password=found.has_password,
        notifications=found.notifications,
    )
