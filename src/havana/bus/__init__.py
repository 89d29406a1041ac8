"""The bus carries wake-ups and ephemera between connections and nodes. It may lose; it never holds truth.

Topics: `conversation_topic(id)` for what happens in one conversation, `visitor_topic(id)` for what concerns a
visitor and all their connections, `INBOX` for every change of a conversation, `PEOPLE` for sessions that end and for
agents who come, go or change, `SITES` for sites whose settings change.

Nodes of two releases may share a bus: a new field needs a default, and who does not know a message drops it.
"""

from collections.abc import Callable
from typing import Protocol

import msgspec

from havana.chat.events import Event
from havana.chat.fold import Fold
from havana.chat.people import Author, Looker

INBOX = "inbox"
PEOPLE = "people"
SITES = "sites"


def conversation_topic(conversation: str) -> str:
    return f"conversation:{conversation}"


def visitor_topic(visitor: str) -> str:
    return f"visitor:{visitor}"


class Appended(msgspec.Struct, frozen=True, tag=True):
    """Events were committed. `fold` is the conversation after the last of them."""

    fold: Fold
    events: tuple[Event, ...]


class Delta(msgspec.Struct, frozen=True, tag=True):
    """A piece of an open answer. `offset` counts code points from its start."""

    conversation: str
    answer: str
    offset: int
    text: str


class Typing(msgspec.Struct, frozen=True, tag=True):
    conversation: str
    author: Author


class Read(msgspec.Struct, frozen=True, tag=True):
    """A reader's mark moved. `reader` is the id of the visitor or agent; both counts of the same place.

    `furthest`: nobody of this role has read further, so that what colleagues see as read moves on;
    `furthest_public`: what the visitor sees as read moves on too, which a mark on a staff note does not.
    """

    conversation: str
    role: str
    reader: str
    seq: int
    public_seq: int
    furthest: bool = True
    furthest_public: bool = True


class Opened(msgspec.Struct, frozen=True, tag=True):
    """A visitor's conversation was created: all connections of that visitor follow it from its first event."""

    visitor: str
    conversation: str


class SessionsEnded(msgspec.Struct, frozen=True, tag=True):
    """An agent signed out (`session`), was deactivated (`agent`), or a visitor was blocked (`visitor`)."""

    session: str | None = None
    agent: str | None = None
    visitor: str | None = None


class DraftWanted(msgspec.Struct, frozen=True, tag=True):
    """Words of an open answer are missing here: whoever writes it sends them all once more, as a `Delta` from 0."""

    conversation: str
    answer: str


class Present(msgspec.Struct, frozen=True, tag=True):
    """Who has a console open on this node; all of them, in place of what it said before under a lower number."""

    node: str
    number: int
    agents: tuple[str, ...]


class Looked(msgspec.Struct, frozen=True, tag=True):
    """Who has the conversation on screen on this node: all of them, in place of what it said before.

    A lease: it is said again and again, and counts as gone when it is not.
    """

    conversation: str
    node: str
    agents: tuple[Looker, ...]


class LookersWanted(msgspec.Struct, frozen=True, tag=True):
    """Somebody has just come to this conversation: each node says once more who looks at it there."""

    conversation: str


class VisitorHere(msgspec.Struct, frozen=True, tag=True):
    """Whether the visitor has a page open on this node. A lease: it is said again for whoever asks."""

    visitor: str
    node: str
    here: bool


class VisitorWanted(msgspec.Struct, frozen=True, tag=True):
    """Somebody looks at a conversation of this visitor: each node where they have a page open says so."""

    visitor: str


class VisitorChanged(msgspec.Struct, frozen=True, tag=True):
    """What is stored of a visitor is another: whoever shows it reads it again.

    `conversations` are those whose rows in lists say something else now.
    """

    visitor: str
    conversations: tuple[str, ...] = ()


class AgentChanged(msgspec.Struct, frozen=True, tag=True):
    """An agent has another name or role, came, went, or is away or back, and is now as told here.

    `admin` is None where that is not spoken of.
    """

    agent: str
    name: str
    away: bool
    admin: bool | None = None


class SiteChanged(msgspec.Struct, frozen=True, tag=True):
    """The settings of a site are others now."""

    site: str


Message = (
    Appended
    | Delta
    | Typing
    | Read
    | Opened
    | SessionsEnded
    | DraftWanted
    | Present
    | Looked
    | LookersWanted
    | AgentChanged
    | VisitorHere
    | VisitorWanted
    | VisitorChanged
    | SiteChanged
)
Handler = Callable[[Message], None]
Unsubscribe = Callable[[], None]


class Bus(Protocol):
    @property
    def is_whole(self) -> bool:
        """False while something is known to get lost: whoever needs all of it then looks into the log more often."""

    def publish(self, topic: str, message: Message) -> None:
        """Hands the message to every subscriber of the topic, soon, in order per topic. Never fails."""

    def subscribe(self, topic: str, handler: Handler) -> Unsubscribe: ...

    async def start(self) -> None:
        """Before this, and after `close`, only this process is reached. Does not wait for anybody."""

    async def close(self) -> None: ...
