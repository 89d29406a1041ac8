"""The requests as they come over a wire: their names (`do`) and fields. Both WebSocket and REST decode these.

Limits are in code points, after trimming for what people type.
"""

import re
import unicodedata
from typing import Annotated, Any, ClassVar, Literal

import msgspec

from havana.chat.errors import BadRequest, TooLarge
from havana.chat.events import snake_case

TEXT_LIMIT = 8000
"""The longest message, in code points."""

Key = Annotated[str, msgspec.Meta(min_length=8, max_length=64, pattern="^[0-9A-Za-z_-]+$")]
Short = Annotated[str, msgspec.Meta(max_length=200)]
_PART = r"""[^@\s?&#%<>",;:()\[\]\\]+"""
# Nothing that would add a header to a `mailto:` link, or a second address.
EMAIL = re.compile(rf"{_PART}@{_PART}\.{_PART}")


class Command(msgspec.Struct, frozen=True, tag_field="do", tag=snake_case):
    """A request on the wire. `who` says who may send it; `opens` whether it may create the conversation."""

    who: ClassVar[tuple[Literal["visitor", "agent"], ...]] = ("agent",)
    opens: ClassVar[bool] = False


class Post(Command, frozen=True):
    """Says something. The first words of a visitor create the conversation."""

    who = ("visitor", "agent")
    opens = True
    key: Key
    text: str


class RequestHuman(Command, frozen=True):
    """Asks for a person of the team."""

    who = ("visitor",)
    opens = True
    key: Key | None = None


class WithdrawRequest(Command, frozen=True):
    """Goes back to the assistant before a person has come."""

    who = ("visitor",)
    key: Key | None = None


class OfferCall(Command, frozen=True):
    """Puts the site's booking link into the conversation."""

    who = ("visitor", "agent")
    opens = True
    key: Key | None = None


class LeaveContact(Command, frozen=True):
    """Leaves an e-mail address for an answer when nobody is here."""

    who = ("visitor",)
    opens = True
    name: Short
    email: Short
    key: Key | None = None


class Rate(Command, frozen=True):
    """Says how it was, from 1 (bad) to 5 (good)."""

    who = ("visitor",)
    score: Annotated[int, msgspec.Meta(ge=1, le=5)]
    text: str = ""


class Note(Command, frozen=True):
    """Writes something that only the team sees."""

    text: str
    key: Key | None = None


class Claim(Command, frozen=True):
    """Takes charge of the conversation."""


class Transfer(Command, frozen=True):
    """Puts a colleague in charge, by the colleague's id. `note` is for them: what they should know."""

    to: str
    note: str = ""


class Route(Command, frozen=True):
    """Has it wait for a team, by the team's id; null: for everybody. `note` is for them: what they should know."""

    team: str | None
    note: str = ""


class ReturnToQueue(Command, frozen=True):
    """Gives up charge; the visitor waits for somebody else."""


class HandBack(Command, frozen=True):
    """Gives charge back to the assistant."""


class Close(Command, frozen=True):
    """Ends the conversation."""

    who = ("visitor", "agent")


class Reopen(Command, frozen=True):
    """Takes up a conversation that is closed."""


class Label(Command, frozen=True):
    """Sets the labels of the conversation, in place of those it has."""

    labels: Annotated[
        tuple[Annotated[str, msgspec.Meta(min_length=1, max_length=40)], ...], msgspec.Meta(max_length=20)
    ]


class Allow(Command, frozen=True):
    """Lets the assistant make the call that waits for it, by the call's id."""

    call: str


class Refuse(Command, frozen=True):
    """Does not let the assistant make the call that waits for it."""

    call: str


class Redact(Command, frozen=True):
    """Empties an event of what was written in it, by the event's id."""

    event: str


AnyCommand = (
    Post
    | RequestHuman
    | WithdrawRequest
    | OfferCall
    | LeaveContact
    | Rate
    | Note
    | Claim
    | Transfer
    | Route
    | ReturnToQueue
    | HandBack
    | Close
    | Reopen
    | Label
    | Allow
    | Refuse
    | Redact
)


COMMANDS: dict[str, type[Any]] = {snake_case(kind.__name__): kind for kind in AnyCommand.__args__}
"""Every command by its wire name."""

# C0 and C1 controls other than tab and newline say nothing to a reader and break terminals and exports.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def clean_text(text: str, limit: int = TEXT_LIMIT) -> str:
    """What is stored of typed text: newlines normalised, control characters and lone surrogates removed, trimmed.

    Refuses with `bad_request` when nothing is left and with `too_large` over `limit` code points.
    """
    if not text.isprintable():
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        text = _CONTROLS.sub("", text).encode("utf-8", "ignore").decode("utf-8")
    text = text.strip()
    # What is all ASCII and not blank is seen; most messages need no closer look.
    if not text or not (text.isascii() or any(_is_seen(character) for character in text)):
        raise BadRequest("The message is empty. Write something first.")
    if len(text) > limit:
        raise TooLarge(f"The message has {len(text)} characters; {limit} are allowed. Split it in two.")
    return text


def _is_seen(character: str) -> bool:
    """Format characters (zero-width spaces, direction marks) and spaces show nothing by themselves."""
    return unicodedata.category(character) not in ("Cf", "Zs", "Zl", "Zp", "Cc")


def clean_labels(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Each on one line and once, whatever its capitals: the one that comes first stays as it is written."""
    lines = (" ".join(_CONTROLS.sub(" ", label).encode("utf-8", "ignore").decode("utf-8").split()) for label in labels)
    seen: dict[str, str] = {}
    for line in lines:
        if not any(_is_seen(character) for character in line):
            raise BadRequest("A label needs at least one letter, digit or sign.")
        seen.setdefault(line.casefold(), line)
    return tuple(seen.values())


def clean_email(email: str) -> str:
    email = email.strip()
    if not EMAIL.fullmatch(email) or any(unicodedata.category(character) in ("Cc", "Cf") for character in email):
        raise BadRequest("That is not an e-mail address. It looks like name@example.com.")
    return email
