"""Who speaks: visitors, agents, the assistant and the system."""

from typing import Literal

import msgspec

Role = Literal["visitor", "assistant", "agent", "system"]
Writing = Literal["reply", "note"]


class Person(msgspec.Struct, frozen=True, gc=False):
    """An agent as others see them; also inside events."""

    id: str
    name: str


class TeamName(msgspec.Struct, frozen=True, gc=False):
    """Some of the agents, under a name; also inside events, with the name that it had then."""

    id: str
    name: str


class Looker(msgspec.Struct, frozen=True, gc=False):
    """An agent who has a conversation on screen; and what they are writing there, if they are."""

    id: str
    name: str
    writing: Writing | None = None


class Author(msgspec.Struct, frozen=True, gc=False):
    """Who an event is from."""

    role: Role
    id: str
    name: str


class Visitor(msgspec.Struct, frozen=True, gc=False):
    """The person on the website, as their signed token names them. `site` is the site's id."""

    id: str
    site: str
    name: str

    @property
    def author(self) -> Author:
        return Author("visitor", self.id, self.name)


class Agent(msgspec.Struct, frozen=True, gc=False):
    """A human of the team. Admins may take, hand back and close what another agent holds."""

    id: str
    name: str
    email: str = ""
    admin: bool = False

    @property
    def person(self) -> Person:
        return Person(self.id, self.name)

    @property
    def author(self) -> Author:
        return Author("agent", self.id, self.name)
