"""A site's tools in the world outside, which outlives every node and counts what was done in it."""

import asyncio
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

from havana.assistant.tools.outcome import OnBehalf, Outcome
from havana.assistant.tools.site_tools import SiteTool, SiteTools
from havana.chat import events as e
from havana.chat.site import Site
from havana.chat.site_tools import HttpTool, Permission
from havana.storage import history
from havana.storage.database import Connection

from .model import STAFF
from .store import Store

ORDER = {"type": "object", "properties": {"order": {"type": "string"}}}
TOOLS: dict[str, Permission] = {"cancel": "ask", "send": "allowed", "look": "read"}
SET = (HttpTool("cancel", "Any of them.", "https://shop.example.com/"),)
"""What the site's settings say, for it to have tools at all; which ones is said above."""


class Outside:
    def __init__(self, store: Store) -> None:
        self.done: Counter[str] = Counter()
        self.broken: list[str] = []
        """What a promise was broken with. Whoever makes a call would take an exception for the tool's own."""
        self._store = store

    def happens(self, tool: str, on_behalf: OnBehalf) -> None:
        """Something is changed: with leave, if it needs that, and once."""
        self.done[on_behalf.call] += 1
        about = self._store.now(lambda conn: _facts(conn, on_behalf))
        if self.done[on_behalf.call] > 1:
            self.broken.append(f"{on_behalf} was made {self.done[on_behalf.call]} times")
        if e.ToolStarted not in about or e.ToolFinished in about:
            self.broken.append(f"{on_behalf} was made, and of it stands {about}")
        if TOOLS[tool] == "ask" and (e.ToolAllowed not in about or e.ToolRefused in about):
            self.broken.append(f"{on_behalf} was made without leave")


class Tools(SiteTools):
    """Those of one node."""

    def __init__(self, outside: Outside, think: Callable[[], "asyncio.Future[None]"], random: Random, *parts: Any):
        super().__init__(*parts, {}.get)
        self._outside = outside
        self._think = think
        self._random = random

    async def of(self, site: Site) -> list[SiteTool]:
        return [self._tool(name, permission) for name, permission in TOOLS.items()]

    def _tool(self, name: str, permission: Permission) -> SiteTool:
        async def make(arguments: dict[str, Any], on_behalf: OnBehalf) -> Outcome:
            if permission != "read":
                self._outside.happens(name, on_behalf)
            await self._think()
            outcome = self._random.choice(("done", "done", "failed", "unknown"))
            return Outcome(outcome, f"{STAFF} came of it")

        return SiteTool(name, "Does it.", ORDER, permission, 5, make)


def _facts(conn: Connection, on_behalf: OnBehalf) -> set[type[e.Fact]]:
    """What the log tells of the call."""
    told = [event.fact for event in history.all_events(conn, on_behalf.conversation)]
    return {type(fact) for fact in told if getattr(fact, "call", None) == on_behalf.call}
