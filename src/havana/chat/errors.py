"""Refusals: what can be wrong with a request, each with its code on the wire.

Refusal
├── BadRequest          bad_request
│   └── Misfilled                         (several fields, each with what is wrong in it)
├── TooLarge            too_large
├── Unauthorised        unauthorised      (REST only: no or wrong credentials)
├── Forbidden           forbidden
├── NotFound            not_found         (unknown, and somebody else's: both alike)
├── AlreadyClaimed      already_claimed   (the holder is in `state.agent`)
├── Stale               stale
├── ConversationClosed  closed
├── LimitReached        limit
├── RateLimited         rate              (with retry_ms)
├── Busy                busy              (with retry_ms)
│   └── WrittenByNewer                    (what is there is beyond this release)
├── UnknownCommand      unknown_command
└── Internal            internal
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

import msgspec

if TYPE_CHECKING:
    from havana.chat.fold import Fold


class Refusal(Exception):
    """A request that is not carried out. `message` is one sentence that says what is wrong and what to do."""

    code: ClassVar[str] = "internal"

    def __init__(self, message: str, *, retry_ms: int | None = None, fold: "Fold | None" = None) -> None:
        super().__init__(message)
        self.message = message
        self.retry_ms = retry_ms
        self.fold = fold


class BadRequest(Refusal):
    code = "bad_request"


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with a field: `message` goes on after its name: "must not be empty"."""

    field: str
    message: str

    @property
    def said(self) -> str:
        return f"{self.field} {self.message}"


class Misfilled(BadRequest):
    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{'; '.join(problem.said for problem in problems)}.")
        self.problems = tuple(problems)


class TooLarge(Refusal):
    code = "too_large"


class Unauthorised(Refusal):
    code = "unauthorised"


class Forbidden(Refusal):
    code = "forbidden"


class NotFound(Refusal):
    code = "not_found"


class AlreadyClaimed(Refusal):
    code = "already_claimed"


class Stale(Refusal):
    code = "stale"


class ConversationClosed(Refusal):
    code = "closed"


class LimitReached(Refusal):
    code = "limit"


class RateLimited(Refusal):
    code = "rate"


class Busy(Refusal):
    code = "busy"


class WrittenByNewer(Busy):
    """A newer release, which takes this one's place, has left something that would have to be understood for this."""

    def __init__(self) -> None:
        super().__init__(
            "This server has to be upgraded before it can do that in this conversation. Please try again in a moment.",
            retry_ms=5000,
        )


class UnknownCommand(Refusal):
    code = "unknown_command"


class Internal(Refusal):
    code = "internal"
