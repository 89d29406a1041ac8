"""What comes of a call of a site's tool, and for whom it is made."""

from collections.abc import Callable, Mapping

import msgspec

from havana.chat.events import ToolOutcome

LONGEST_RESULT = 4000
"""Characters that are kept of a result, for the assistant and for the team alike."""
LARGEST_ANSWER = 64 * 1024
"""Bytes; whatever sends more is not read to its end."""

Secrets = Callable[[str], str | None]
"""The value of an environment variable that a site's settings name."""


class Outcome(msgspec.Struct, frozen=True):
    """`unknown`: it may have been done or not. `text` is what the tool said, or what is wrong in a sentence."""

    outcome: ToolOutcome
    text: str

    @classmethod
    def unclear(cls, text: str, *, changes: bool) -> "Outcome":
        """No answer came. What only reads has failed; of everything else nobody knows whether it was done."""
        return cls("unknown" if changes else "failed", text)


class OnBehalf(msgspec.Struct, frozen=True):
    """Whose wish a call is, from the visitor's signed token and never from the assistant. `call` is its id."""

    site: str
    visitor: str
    conversation: str
    call: str

    @property
    def headers(self) -> Mapping[str, str]:
        return {
            "X-Havana-Site": self.site,
            "X-Havana-Visitor": self.visitor,
            "X-Havana-Conversation": self.conversation,
            "Idempotency-Key": self.call,
        }


class Unprepared(Exception):
    """A call that cannot even be tried. The message may be read by the assistant, so it names no secret."""


def credentials(secret: str | None, secrets: Secrets) -> tuple[dict[str, str], str]:
    """The header for a secret by its name, and its value, which must not get anywhere else."""
    if secret is None:
        return {}, ""
    value = secrets(secret)
    if not value:
        raise Unprepared("Its credentials are not set on the server.")
    return {"Authorization": f"Bearer {value}"}, value


def kept(text: str, secret: str) -> str:
    """What is kept of a result: cut, and without the secret, should the other side repeat it."""
    text = text.replace("\0", "")
    if secret:
        text = text.replace(secret, "[secret]")
    return text if len(text) <= LONGEST_RESULT else text[:LONGEST_RESULT].rstrip() + " … (cut)"
