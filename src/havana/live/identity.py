"""Who is at the other end of a connection, and why somebody is not let in."""

from typing import ClassVar

import msgspec

from havana.chat.people import Agent, Visitor
from havana.live.closing import Close, Hangup

Who = Visitor | Agent


class Identity(msgspec.Struct, frozen=True):
    """Whom a token names. `session` is the agent's sign-in session, which ends the connection when it ends."""

    who: Who
    session: str | None = None

    @property
    def public(self) -> bool:
        """Whether this reader gets what visitors may see: public seqs, and no staff-only event."""
        return isinstance(self.who, Visitor)


class Denied(Hangup):
    """A hello that is refused by closing.

    Denied
    ├── BadToken      4500
    ├── ExpiredToken  4005  (get a fresh one, then come back)
    ├── Blocked       4503
    └── SiteDisabled  4506
    """

    close: ClassVar[Close]

    def __init__(self, reason: str = "") -> None:
        super().__init__(self.close, reason)


class BadToken(Denied):
    close = Close.BAD_TOKEN


class ExpiredToken(Denied):
    close = Close.TOKEN_EXPIRED


class Blocked(Denied):
    close = Close.BLOCKED


class SiteDisabled(Denied):
    close = Close.SITE_DISABLED
