"""What a screen writes down while it runs, in the order in which it happened."""

from typing import Any

import msgspec

Wire = dict[str, Any]


class Connected(msgspec.Struct, frozen=True):
    """A new connection said hello: what is pushed from here on must join what it answers."""


class Emptied(msgspec.Struct, frozen=True):
    """A snapshot takes the place of what was shown of this conversation; what follows begins anew."""

    conversation: str


class Shown(msgspec.Struct, frozen=True):
    """An event was put on the screen, below the ones before it."""

    conversation: str
    event: Wire


class Followed(msgspec.Struct, frozen=True):
    """The answer to a follow; its events were shown just before. `draft` is the answer of which words came along."""

    conversation: str
    top: int
    state: Wire
    draft: str | None


class Unfollowed(msgspec.Struct, frozen=True):
    conversation: str


class Pushed(msgspec.Struct, frozen=True):
    """An event arrived as a push, whether it was shown or not."""

    conversation: str
    event: Wire


class Words(msgspec.Struct, frozen=True):
    """A delta or a draft of an answer arrived."""

    conversation: str
    answer: str


class Acknowledged(msgspec.Struct, frozen=True):
    """A command was answered with `ok`. `text` is what was said, `key` null for a command without one."""

    do: str
    key: str | None
    text: str | None
    ok: Wire


class Denied(msgspec.Struct, frozen=True):
    """A command was refused, for good or for now."""

    do: str
    error: Wire


class Leaked(msgspec.Struct, frozen=True):
    """A frame held what this reader may not see."""

    what: str


class SentAway(msgspec.Struct, frozen=True):
    """The connection was closed with a code that says not to come back."""

    code: int
    reason: str


Record = (
    Connected | Emptied | Shown | Followed | Unfollowed | Pushed | Words | Acknowledged | Denied | Leaked | SentAway
)


class History(msgspec.Struct):
    """All that one screen saw and did. `who` is the id of the visitor or agent before it."""

    name: str
    role: str
    who: str
    records: list[Record] = []

    @property
    def public(self) -> bool:
        return self.role == "visitor"
