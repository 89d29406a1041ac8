"""What is said about conversations, over REST and over the live channel alike: states, summaries, replies, errors.

Together with `chat/events.py` and `chat/commands.py` the source of `/api/docs`, and with `live/frames.py` that of
the generated client. The values are made in `chat/views.py`; these are their shapes.
"""

import datetime as dt
from typing import Annotated, Any, Literal

import msgspec

from havana.chat.control import Control
from havana.chat.events import Source
from havana.chat.people import Author, Person, TeamName


def shaped(typescript: str, schema: dict[str, Any] | None = None) -> msgspec.Meta:
    """What a field holds that comes ready-made: in the words of the generated client, and as JSON Schema."""
    return msgspec.Meta(extra={"typescript": typescript}, extra_json_schema=schema)


Events = Annotated[Any, shaped("readonly Event[]", {"type": "array", "items": {"$ref": "#/components/schemas/Event"}})]
LARGEST_PLACE = 2**53
"""Up to here a client that counts in floats counts right."""
Place = Annotated[int, msgspec.Meta(ge=0, le=LARGEST_PLACE)]
ErrorCode = Literal[
    "bad_request",
    "too_large",
    "unauthorised",
    "forbidden",
    "not_found",
    "already_claimed",
    "stale",
    "closed",
    "limit",
    "rate",
    "busy",
    "unknown_command",
    "internal",
]


class Envelope(msgspec.Struct, frozen=True, omit_defaults=True):
    """`key` is there on events whose request had one: for visitors on their own, for staff on all."""

    seq: int
    id: str
    at: dt.datetime
    author: Author
    key: str | None = None


class State(msgspec.Struct, frozen=True):
    """Who is in charge. `since` is the seq of the change of control that led here."""

    control: Control
    agent: Person | None
    since: int
    open_answer: str | None


class Summary(msgspec.Struct, frozen=True):
    """A conversation in one line. `approval_until`, for staff: until when a call of a tool waits to be allowed.

    `labels` and `site` (an id) are the staff's, too, and left out for a visitor, as are the `team` that it
    waits for, and until when whoever was put in charge by itself has to answer (`answer_until`).
    """

    conversation: str
    visitor: Person
    state: State
    preview: str
    at: dt.datetime | None
    seq: int
    unread: int
    waiting_since: dt.datetime | None
    approval_until: dt.datetime | None
    labels: tuple[str, ...] | None = None
    team: TeamName | None = None
    site: str | None = None
    answer_until: dt.datetime | None = None


class Draft(msgspec.Struct, frozen=True):
    answer: str
    text: str


class ReadMark(msgspec.Struct, frozen=True):
    """How far the visitor, or the staff, has read."""

    role: Literal["visitor", "agent"]
    seq: int


class WireError(msgspec.Struct, frozen=True):
    code: ErrorCode
    message: str
    retry_ms: int | None
    state: State | None


class FollowedConversation(msgspec.Struct, frozen=True):
    """What the client lacks (`tail`), or what replaces its view (`snapshot`). Older events stand before `before`."""

    conversation: str
    log: str
    mode: Literal["tail", "snapshot"]
    state: State
    events: Events
    top: int
    before: int | None
    draft: Draft | None
    read: tuple[ReadMark, ...]


class Posted(msgspec.Struct, frozen=True):
    conversation: str
    log: str
    seq: int
    at: dt.datetime
    repeated: bool


class Changed(msgspec.Struct, frozen=True):
    """What a control command answers with. `conversation` and `log` tell which one it created or changed."""

    conversation: str
    log: str
    seq: int
    at: dt.datetime
    state: State
    repeated: bool


class Suggested(msgspec.Struct, frozen=True):
    """All of what was written for an agent. It cites by numbers from 1 on, in the order of its `sources`."""

    text: str
    sources: tuple[Source, ...] = ()


class HistoryPage(msgspec.Struct, frozen=True):
    events: Events
    before: int | None
