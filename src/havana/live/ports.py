"""What the live channel needs of the rest: the real things, or small ones in memory for its tests."""

import datetime as dt
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Iterable
from typing import Any, Literal, Protocol

from havana.bus import Read
from havana.chat.commands import AnyCommand
from havana.chat.people import Agent, Visitor
from havana.chat.visiting import Card, Description
from havana.chat.wire import Suggested
from havana.live.identity import Identity, Who
from havana.storage.inbox import Filter, Top

Wire = dict[str, Any]

Words = AsyncGenerator[str | Suggested, None]
"""Pieces of a text as it is written, and at last all of it. Raises a `Refusal` where that cannot be had."""

Authenticate = Callable[[str], Awaitable[Identity]]
"""Whom a token names. Raises a `Denied`."""


class Requests(Protocol):
    async def perform(self, who: Who, conversation: str | None, command: AnyCommand) -> Wire: ...


class Reading(Protocol):
    def check(self, who: Who) -> None: ...

    async def followed(self, who: Who, conversation: str, log: str | None = None, seq: int | None = None) -> Wire: ...

    async def history(
        self,
        who: Who,
        conversation: str,
        *,
        before: int | None = None,
        after: int | None = None,
        until: int | None = None,
        limit: int = 50,
    ) -> Wire: ...

    async def current(self, visitor: Visitor) -> Wire | None: ...

    async def inbox(self, agent: Agent, filter: Filter) -> Wire: ...

    async def list_conversations(self, agent: Agent, filter: Filter, *, cursor: str | None = None) -> Wire: ...

    async def summaries(self, agent: Agent, conversations: Iterable[str], filter: Filter) -> list[Wire]: ...

    async def changed_since(self, at: dt.datetime) -> list[Top]: ...

    async def ended(self, sessions: Collection[str]) -> Collection[str]: ...

    async def admins(self, agents: Collection[str]) -> Collection[str]: ...

    async def blocked(self, visitors: Collection[str]) -> Collection[str]: ...

    async def marks(self, conversations: Collection[str]) -> list[Read]: ...

    async def mark_read(self, who: Who, conversation: str, seq: int) -> None: ...


class Visits(Protocol):
    async def described(self, visitor: str, site: str, said: Description) -> bool: ...

    async def left(self, visitor: str) -> None: ...

    async def card(self, conversation: str) -> Card | None: ...


class Copilot(Protocol):
    async def suggest(self, agent: Agent, conversation: str) -> Words: ...

    async def rewrite(
        self, agent: Agent, conversation: str, text: str, how: Literal["shorter", "friendlier"]
    ) -> Words: ...


class Duty(Protocol):
    on_change: Callable[[], None]
    """What is called whenever somebody is here who was not, or no more."""

    def arrived(self, agent: str) -> None: ...

    def left(self, agent: str) -> None: ...
