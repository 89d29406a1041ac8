"""Who comes to the team and who leaves it: for admins."""

import datetime as dt
from typing import Annotated, Literal

import msgspec
import structlog
from litestar import Response, delete, get, post, put
from litestar.params import FromPath, JSONBody

from havana.accounts.sessions import CHOOSE_PASSWORD
from havana.api.guards import BY_AGENT, AdminAsking, Provided
from havana.api.profile import NAME_LIMIT, Name
from havana.chat.changes import Role
from havana.chat.commands import clean_email, clean_text
from havana.people import Link
from havana.storage import people as stored

log = structlog.get_logger()


class PersonToInvite(msgspec.Struct, frozen=True):
    email: Annotated[str, msgspec.Meta(max_length=320)]
    name: Name
    role: Role = "agent"


class NewRole(msgspec.Struct, frozen=True):
    role: Role


class NewCapacity(msgspec.Struct, frozen=True):
    """How many conversations at once are given to somebody by themselves; null: four, as to everybody."""

    capacity: Annotated[int, msgspec.Meta(ge=0, le=100)] | None


class Mailed(msgspec.Struct, frozen=True):
    """What became of a letter; `error` is why it has not been sent, so far or for good."""

    state: Literal["sending", "sent", "failed"]
    error: str | None


class Person(msgspec.Struct, frozen=True):
    """`link_until` is when a link ends that was made for them and not used yet. `mailed` is what became of the letter
    with an invitation; null if none was written. `capacity` is how many conversations at once are given to them by
    themselves, if it was said.
    """

    id: str
    name: str
    email: str
    role: Role
    state: Literal["active", "invited", "deactivated"]
    link_until: dt.datetime | None
    mailed: Mailed | None
    capacity: int | None


class Everybody(msgspec.Struct, frozen=True):
    """By their names."""

    people: list[Person]


class PersonWithLink(msgspec.Struct, frozen=True):
    """`link` is where on this server they choose a password, once, until the person's `link_until`. It is told once."""

    person: Person
    link: str


@get("/api/people", tags=["People"], security=BY_AGENT)
async def everybody(
    admin: AdminAsking,  # noqa: ARG001 - asking for it is what keeps everybody else out
    services: Provided,
) -> Everybody:
    """Who is on the team, invited or deactivated; for admins."""
    return Everybody([_person(one) for one in await services.people.everybody()])


@post("/api/people", tags=["People"], security=BY_AGENT)
async def invite(data: JSONBody[PersonToInvite], admin: AdminAsking, services: Provided) -> PersonWithLink:
    """Invites somebody, who is on the team when they have followed the link and chosen a password; for admins."""
    name = " ".join(clean_text(data.name, NAME_LIMIT).split())
    made = await services.people.invite(admin.agent, clean_email(data.email), name, data.role)
    log.info("agent invited", agent=made.person.agent.id, role=data.role, by=admin.agent.id)
    return _with_link(made)


@post("/api/people/{person:str}/link", tags=["People"], security=BY_AGENT)
async def link(person: FromPath[str], admin: AdminAsking, services: Provided) -> PersonWithLink:
    """A new link to choose a password by, for who forgot theirs or lost the invitation; for admins.

    Earlier links of theirs are good for nothing. What they have until they use it stays as it is.
    """
    made = await services.people.link(admin.agent, person)
    log.info("link made", agent=person, by=admin.agent.id)
    return _with_link(made)


@put("/api/people/{person:str}/role", tags=["People"], security=BY_AGENT)
async def role(person: FromPath[str], data: JSONBody[NewRole], admin: AdminAsking, services: Provided) -> Person:
    """Makes somebody an admin, or one no more; for admins. The last one stays one."""
    changed = await services.people.set_role(admin.agent, person, data.role)
    log.info("role changed", agent=person, role=data.role, by=admin.agent.id)
    return _person(changed)


@put("/api/people/{person:str}/capacity", tags=["People"], security=BY_AGENT)
async def capacity(
    person: FromPath[str], data: JSONBody[NewCapacity], admin: AdminAsking, services: Provided
) -> Person:
    """Says how many conversations at once are given to somebody, where they are given by themselves; for admins."""
    changed = await services.people.set_capacity(admin.agent, person, data.capacity)
    log.info("capacity changed", agent=person, capacity=data.capacity, by=admin.agent.id)
    return _person(changed)


@post("/api/people/{person:str}/deactivate", status_code=200, tags=["People"], security=BY_AGENT)
async def deactivate(person: FromPath[str], admin: AdminAsking, services: Provided) -> Person:
    """Signs somebody out everywhere, at once and until they are reactivated; for admins.

    Whoever waits for them goes back to the queue. What they wrote keeps their name.
    """
    changed = await services.people.deactivate(admin.agent, person)
    log.info("agent deactivated", agent=person, by=admin.agent.id)
    return _person(changed)


@post("/api/people/{person:str}/reactivate", status_code=200, tags=["People"], security=BY_AGENT)
async def reactivate(person: FromPath[str], admin: AdminAsking, services: Provided) -> Person:
    """Lets somebody sign in again; for admins."""
    changed = await services.people.reactivate(admin.agent, person)
    log.info("agent reactivated", agent=person, by=admin.agent.id)
    return _person(changed)


@delete("/api/people/{person:str}", status_code=204, tags=["People"], security=BY_AGENT)
async def withdraw(person: FromPath[str], admin: AdminAsking, services: Provided) -> Response[None]:
    """Takes an invitation back that was not followed yet; for admins."""
    await services.people.withdraw(admin.agent, person)
    log.info("invitation withdrawn", agent=person, by=admin.agent.id)
    return Response(None, status_code=204)


def _person(found: stored.Person) -> Person:
    agent = found.agent
    role: Role = "admin" if agent.admin else "agent"
    mailed = Mailed(found.mailed.state, found.mailed.error) if found.mailed else None
    return Person(agent.id, agent.name, agent.email, role, found.state, found.until, mailed, found.capacity)


def _with_link(made: Link) -> PersonWithLink:
    return PersonWithLink(_person(made.person), CHOOSE_PASSWORD + made.token)
