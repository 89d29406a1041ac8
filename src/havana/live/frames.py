"""The frames of `chat.v1`: what passes over the live channel, in both directions.

The source of `web/protocol/src/frames.gen.ts` and of the tables in `docs/protocol.md` (see `typescript.py`).
What people ask of a conversation (`post`, `claim` …) is in `chat/commands.py`, what is said of it in `chat/wire.py`;
here is what only a connection needs.
"""

import datetime as dt
from typing import Annotated, Any, Literal

import msgspec

from havana.chat.commands import TEXT_LIMIT
from havana.chat.events import Source, snake_case
from havana.chat.people import Author, Looker, Person, Role, Writing
from havana.chat.wire import Place, WireError, shaped
from havana.live.kinds import Id, LiveCommand, Push
from havana.live.visiting_frames import ContextPush, Describe

SUBPROTOCOL = "chat.v1"
VERSION = 1
FRAME_IN = 64 * 1024
"""The largest frame that a client may send, in bytes."""
FRAME_OUT = 256 * 1024
"""Up to which size objects are joined into one frame, in bytes."""
PING_MS = 25_000
DEAD_AFTER_MS = 35_000
HELLO_WITHIN_MS = 10_000
TYPING_MS = 3_000
FOLLOWING_LIMIT = 100
PAGE_LIMIT = 100

Summaries = Annotated[Any, shaped("readonly Summary[]")]
ListName = Annotated[str, msgspec.Meta(max_length=20)]
LISTS_LIMIT = 8
"""Lists that a connection may follow at once."""


# From the client


class Position(msgspec.Struct, frozen=True, omit_defaults=True):
    """A conversation and what the client has of it: everything up to `seq` of the log with this id."""

    conversation: Id
    log: str | None = None
    seq: Place | None = None


class Hello(LiveCommand, frozen=True):
    v: int
    token: str
    client: Annotated[str, msgspec.Meta(max_length=200)] = ""
    following: Annotated[tuple[Position, ...], msgspec.Meta(max_length=FOLLOWING_LIMIT)] = ()


class Follow(LiveCommand, frozen=True):
    conversation: Id
    log: str | None = None
    seq: Place | None = None


class Unfollow(LiveCommand, frozen=True):
    conversation: Id


class History(LiveCommand, frozen=True):
    conversation: Id
    before: Place | None = None
    after: Place | None = None
    until: Place | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=PAGE_LIMIT)] = 50


class Typing(LiveCommand, frozen=True):
    conversation: Id


class Look(LiveCommand, frozen=True):
    """Tells colleagues that the agent has this conversation on screen, and what they write there, if they do."""

    who = ("agent",)
    conversation: Id
    writing: Writing | None = None


class LookAway(LiveCommand, frozen=True):
    """The conversation is not on screen any more."""

    who = ("agent",)
    conversation: Id


class Read(LiveCommand, frozen=True):
    conversation: Id
    seq: Place


class FollowInbox(LiveCommand, frozen=True):
    """Begins a list of conversations, by a name of one's own; it takes the place of the list of this name."""

    who = ("agent",)
    name: ListName = ""
    filter: dict[str, Any] | None = None


class MoreInbox(LiveCommand, frozen=True):
    """The next page of a list; `cursor` is the `next` of the page before. It is kept up to date, too."""

    who = ("agent",)
    cursor: Annotated[str, msgspec.Meta(max_length=100)]
    name: ListName = ""


class UnfollowInbox(LiveCommand, frozen=True):
    who = ("agent",)
    name: ListName = ""


class Suggest(LiveCommand, frozen=True):
    """Has the assistant write the reply that the agent could send; it comes as `suggestion` pushes."""

    who = ("agent",)
    conversation: Id


class Rewrite(LiveCommand, frozen=True):
    """Has the assistant say the agent's own words in another way; they come as `suggestion` pushes."""

    who = ("agent",)
    conversation: Id
    text: str
    how: Literal["shorter", "friendlier"]


class DropSuggestion(LiveCommand, frozen=True):
    """Ends what is being written for this conversation, if anything is."""

    who = ("agent",)
    conversation: Id


_LIVE_COMMANDS: tuple[type[LiveCommand], ...] = (
    Hello,
    Follow,
    Unfollow,
    History,
    Typing,
    Describe,
    Look,
    LookAway,
    Read,
    FollowInbox,
    MoreInbox,
    UnfollowInbox,
    Suggest,
    Rewrite,
    DropSuggestion,
)
LIVE_COMMANDS: dict[str, type[LiveCommand]] = {snake_case(kind.__name__): kind for kind in _LIVE_COMMANDS}
"""Every one of these by its wire name."""


# From the server: parts


class NotFollowed(msgspec.Struct, frozen=True):
    conversation: str
    error: WireError


class Limits(msgspec.Struct, frozen=True):
    """`text` in code points, `frame` in bytes, `typing_ms`: how often `typing` is passed on."""

    text: int = TEXT_LIMIT
    frame: int = FRAME_IN
    following: int = FOLLOWING_LIMIT
    page: int = PAGE_LIMIT
    typing_ms: int = TYPING_MS


# From the server: replies


class Welcome(msgspec.Struct, frozen=True):
    """`current` is the visitor's conversation: the one that the next message belongs to."""

    v: int
    session: str
    you: Author
    now: dt.datetime
    ping_ms: int
    limits: Limits
    current: Annotated[Any, shaped("Summary | null")]
    following: Annotated[Any, shaped("readonly Followed[]")]


class InboxPage(msgspec.Struct, frozen=True):
    revision: int
    conversations: Summaries
    next: str | None


# From the server: pushes


class EventPush(Push, frozen=True):
    conversation: str
    event: Annotated[Any, shaped("Event")]


class DeltaPush(Push, frozen=True):
    """Some more of an answer; `offset` counts code points."""

    conversation: str
    answer: str
    offset: int
    text: str


class DraftPush(Push, frozen=True):
    """All of an answer so far."""

    conversation: str
    answer: str
    text: str


class PositionPush(Push, frozen=True):
    conversation: str
    seq: int


class TypingPush(Push, frozen=True):
    conversation: str
    author: Author


class LookingPush(Push, frozen=True):
    """All agents who have the conversation on screen, whoever gets this among them."""

    conversation: str
    agents: tuple[Looker, ...]


class ReadPush(Push, frozen=True):
    conversation: str
    role: Role
    seq: int


class ColleaguePush(Push, frozen=True):
    """An agent has another name, or came, left, went away or came back, and is now as told here."""

    agent: Person
    away: bool


class TeamPush(Push, frozen=True):
    """Who of the team is here has changed: `GET /api/agents` knows it now."""


class InboxPush(Push, frozen=True):
    name: str
    revision: int
    changed: Summaries
    removed: list[str]


class SuggestionPush(Push, frozen=True):
    """Some more of what an agent asked for by the command with the id `request`; only that connection gets it.

    The last one is `done`: it has all of the text again, with its sources, or the error that ended it.
    """

    conversation: str
    request: int
    offset: int
    text: str
    done: bool
    sources: tuple[Source, ...]
    error: Annotated[Any, shaped("WireError | null")]


PUSHES = (
    EventPush,
    DeltaPush,
    DraftPush,
    PositionPush,
    TypingPush,
    LookingPush,
    ContextPush,
    ReadPush,
    ColleaguePush,
    TeamPush,
    InboxPush,
    SuggestionPush,
)
