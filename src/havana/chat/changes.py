"""What people change in the settings, as the list of changes tells it. A closed set; none of them holds a secret, or an
address: whoever is removed is known by name only from then on.

Names are those of the moment of the change. A kind lives for ever: it is stored, and a new field needs a default.
"""

from typing import Any, Literal

import msgspec

from havana.chat.events import snake_case

Role = Literal["admin", "agent"]


class Change(msgspec.Struct, frozen=True, tag_field="kind", tag=snake_case):
    @property
    def kind(self) -> str:
        return snake_case(type(self).__name__)

    @property
    def details(self) -> dict[str, Any]:
        """All of it but its kind, ready for JSON."""
        return msgspec.structs.asdict(self)


class ArticleSaved(Change, frozen=True):
    """`site` is a name."""

    title: str
    site: str


class ArticleDeleted(Change, frozen=True):
    title: str


class CannedSaved(Change, frozen=True):
    name: str


class CannedDeleted(Change, frozen=True):
    name: str


class TeamSaved(Change, frozen=True):
    name: str


class TeamDeleted(Change, frozen=True):
    name: str


class QuestionsDismissed(Change, frozen=True):
    count: int


class QuestionsReopened(Change, frozen=True):
    count: int


class SiteApplied(Change, frozen=True):
    """By a command, from a file."""

    site: str


class SiteAdded(Change, frozen=True):
    """In the console."""

    site: str


class SiteSaved(Change, frozen=True):
    """In the console. `fields` are the names of the settings that are others now."""

    site: str
    fields: tuple[str, ...]


class Renamed(Change, frozen=True):
    """An agent, by themselves."""

    before: str
    after: str


class PasswordChanged(Change, frozen=True):
    """By an agent who was signed in, for themselves."""


class _OfAgent(Change, frozen=True):
    """What happened to `agent` (an id), who is called `name`."""

    agent: str
    name: str


class SetAway(_OfAgent, frozen=True):
    """By somebody else."""


class SetOnDuty(_OfAgent, frozen=True):
    """By somebody else."""


class AgentAdded(_OfAgent, frozen=True):
    """By a command."""

    role: Role


class AgentRemoved(_OfAgent, frozen=True):
    """By a command."""


class LinkMade(_OfAgent, frozen=True):
    """A way in, for somebody else."""


class AgentInvited(_OfAgent, frozen=True):
    role: Role


class InvitationWithdrawn(_OfAgent, frozen=True):
    pass


class InvitationFollowed(Change, frozen=True):
    """The invited one is in the team from now on."""


class PasswordReset(Change, frozen=True):
    """By a link that an admin had made."""


class RoleChanged(_OfAgent, frozen=True):
    role: Role


class CapacityChanged(_OfAgent, frozen=True):
    """How many conversations at once are given to them by themselves."""

    capacity: int


class AgentDeactivated(_OfAgent, frozen=True):
    pass


class AgentReactivated(_OfAgent, frozen=True):
    pass
