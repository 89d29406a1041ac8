"""The facts that a conversation is made of, and their place in its log.

A `Fact` is what happened; an `Event` is a fact with its place (seq), its time and its author; a `Proposed`
is what a request answers with, before the log has given it a place.

Shapes live for ever: a new field needs a default, a new shape a new name (`storage/history.py` upcasts). Which changes
the release before can bear beside it is in `CONTRIBUTING.md`; what it then reads, in `chat/encoding.py`.
"""

import datetime as dt
from typing import Any, Literal

import msgspec

from havana.chat.people import Author, Person, TeamName

Outcome = Literal["complete", "interrupted", "superseded", "failed"]
Reason = Literal["asked", "cannot_answer", "frustrated", "policy", "tool_failure", "model_failure"]
ReturnReason = Literal["returned", "agent_gone", "not_answered"]
How = Literal["round_robin", "least_busy"]
CloseReason = Literal["closed", "idle", "blocked"]
NotAllowed = Literal["refused", "expired", "closed", "redacted"]
ToolOutcome = Literal["done", "failed", "unknown"]
"""`unknown`: it was asked for, and nobody can tell whether it was done. Such a call is never made again by itself."""
Mood = Literal["calm", "annoyed", "angry"]
Offer = Literal["leave_contact", "withdraw_request", "request_human", "keep_going"]


def snake_case(name: str) -> str:
    """The wire's word for a fact: `MessagePosted` -> `message_posted`."""
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in name).lstrip("_")


class Fact(msgspec.Struct, frozen=True, tag_field="kind", tag=snake_case, omit_defaults=False, gc=False):
    """A past-tense fact. Nothing in it leads back to it, so the garbage collector need not look (`gc=False`)."""

    @property
    def kind(self) -> str:
        return str(self.__struct_config__.tag)


class Source(msgspec.Struct, frozen=True, gc=False):
    """Where an answer's words come from; `url` is null for an article without a page of its own.

    `heading` is the part of the article, "" if it has no parts.
    """

    title: str
    url: str | None
    quote: str
    heading: str = ""


class MessagePosted(Fact, frozen=True):
    """Somebody said something. System words may come with `offers` that the visitor's page shows as actions."""

    text: str
    offers: tuple[Offer, ...] = ()
    redacted: bool = False


class AnswerStarted(Fact, frozen=True):
    answer: str


class AnswerFinished(Fact, frozen=True):
    """`sureness` is 0…1, how well what the answer cites answers the question; null where nothing was looked up."""

    answer: str
    outcome: Outcome
    text: str
    sources: tuple[Source, ...] = ()
    redacted: bool = False
    sureness: float | None = None


class HumanRequested(Fact, frozen=True):
    by: Literal["visitor", "assistant", "system"]


class HandoverNoted(Fact, frozen=True):
    reason: Reason
    summary: str
    redacted: bool = False


class Summarised(Fact, frozen=True):
    """What whoever takes over should know at a glance, made by a machine.

    It belongs to the hand-over at seq `handover`. `language` is a BCP 47 tag; what is not known is "".
    """

    handover: int
    who: str
    wants: str
    tried: str
    open: str
    mood: Mood
    language: str
    by: Literal["model", "extracted"]
    redacted: bool = False


class RequestWithdrawn(Fact, frozen=True):
    pass


class Assignment(msgspec.Struct, frozen=True, gc=False):
    """Somebody was put in charge by itself, who has so many seconds to answer. `team` is whom it waited for."""

    how: How
    within_s: int
    team: TeamName | None = None


class Claimed(Fact, frozen=True):
    agent: Person
    assigned: Assignment | None = None


class Transferred(Fact, frozen=True, rename={"origin": "from"}):
    origin: Person
    to: Person


class ReturnedToQueue(Fact, frozen=True):
    reason: ReturnReason


class Routed(Fact, frozen=True):
    """It waits for this team from now on; null: for everybody again. Anybody may still claim it."""

    team: TeamName | None


class HandedBack(Fact, frozen=True):
    pass


class Closed(Fact, frozen=True):
    reason: CloseReason = "closed"


class Reopened(Fact, frozen=True):
    pass


class CallOffered(Fact, frozen=True):
    url: str


class ContactLeft(Fact, frozen=True):
    name: str
    email: str
    redacted: bool = False


class Rated(Fact, frozen=True):
    score: int
    text: str = ""
    redacted: bool = False


class NotePosted(Fact, frozen=True):
    text: str
    redacted: bool = False


class Labelled(Fact, frozen=True):
    labels: tuple[str, ...]


class ToolRequested(Fact, frozen=True):
    """The assistant wants a tool called that changes something: somebody of the team must allow it in time.

    `call` is the id of the call, `answer` that of the answer that asks for it.
    """

    call: str
    answer: str
    tool: str
    arguments: dict[str, Any]
    expires_at: dt.datetime
    redacted: bool = False


class ToolAllowed(Fact, frozen=True):
    """The author has allowed the call."""

    call: str
    tool: str


class ToolRefused(Fact, frozen=True):
    """The call is not made: an agent said so, or nobody said anything, or the conversation was closed."""

    call: str
    tool: str
    reason: NotAllowed


class ToolStarted(Fact, frozen=True):
    """A call that changes something is about to be made; by `until` it is over. `answer` is null for one that had to be
    allowed, whose arguments are in `tool_requested`.
    """

    call: str
    tool: str
    until: dt.datetime
    answer: str | None = None
    arguments: dict[str, Any] = {}
    redacted: bool = False


class ToolFinished(Fact, frozen=True):
    """What came of a call. Of one that only reads, this is the only fact."""

    call: str
    tool: str
    outcome: ToolOutcome
    result: str
    arguments: dict[str, Any] = {}
    redacted: bool = False


class Redacted(Fact, frozen=True):
    """The event with id `event` was emptied. Who may see the target may see this: `public` remembers it."""

    event: str
    public: bool = True


class Unknown(Fact, frozen=True):
    """Something of a newer release, which this one cannot read. It has its place, so that nobody misses an event."""


AnyFact = (
    MessagePosted
    | AnswerStarted
    | AnswerFinished
    | HumanRequested
    | HandoverNoted
    | Summarised
    | RequestWithdrawn
    | Claimed
    | Transferred
    | ReturnedToQueue
    | Routed
    | HandedBack
    | Closed
    | Reopened
    | CallOffered
    | ContactLeft
    | Rated
    | NotePosted
    | Labelled
    | ToolRequested
    | ToolAllowed
    | ToolRefused
    | ToolStarted
    | ToolFinished
    | Redacted
    | Unknown
)


class Proposed(msgspec.Struct, frozen=True, gc=False):
    """A fact that a request wants in the log. At most one of a request's carries the request's key."""

    fact: AnyFact
    author: Author
    key: str | None = None


class Event(msgspec.Struct, frozen=True, gc=False):
    """A fact in its place. `public_seq` is null for what only staff may see."""

    seq: int
    public_seq: int | None
    id: str
    at: dt.datetime
    author: Author
    key: str | None
    fact: AnyFact


def wire_fields(fact: AnyFact) -> dict[str, Any]:
    """A fact as the fields that an EVENT on the wire carries, `kind` included; `redacted` only where it is true."""
    fields: dict[str, Any] = msgspec.to_builtins(fact)
    if fields.get("redacted") is False:
        del fields["redacted"]
    return fields
