"""Durable work about calls of tools: what was allowed is made, what nobody decides expires, what is lost is said."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from havana.assistant.tools.outcome import OnBehalf, Outcome
from havana.assistant.tools.site_tools import SiteTool, SiteTools
from havana.chat import calls
from havana.chat import events as e
from havana.chat.consequences import next_look
from havana.chat.fold import Fold, OpenCall
from havana.chat.site import Site
from havana.desk import Desk
from havana.duty import Duty
from havana.jobs import Worker
from havana.storage import history
from havana.storage.database import Database
from havana.storage.jobs import Job


class ToolJobs:
    def __init__(
        self,
        tools: SiteTools,
        desk: Desk,
        duty: Duty,
        worker: Worker,
        database: Database,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._tools = tools
        self._desk = desk
        self._duty = duty
        self._worker = worker
        self._database = database
        self._clock = clock

    def register(self) -> None:
        self._worker.register("tool_calls", self.make)
        self._worker.register("tool_watch", self.watch)

    async def make(self, job: Job) -> None:
        """Makes the calls that were allowed, one after the other."""
        fold = await self._desk.stored(job.subject)
        site = await self._desk.site(fold.site)
        for call in fold.calls:
            if call.step == "allowed":
                await self._make(fold, site, call)

    async def watch(self, job: Job) -> None:
        """Looks at what should have ended by now; comes back for what should later."""
        fold = await self._desk.stored(job.subject)
        for call in fold.calls:
            if call.until <= self._clock() and call.step in ("asked", "started"):
                await self._give_up(fold.id, call)
        await self._come_back(job.subject)

    async def _give_up(self, conversation: str, call: OpenCall) -> None:
        on_duty = self._duty.anybody()
        if call.step == "asked":
            await self._desk.perform(conversation, lambda c: calls.expire(c, call.id))
        else:
            await self._desk.perform(conversation, lambda c: calls.lose(c, call.id, on_duty=on_duty))

    async def _come_back(self, conversation: str) -> None:
        fold = await self._desk.stored(conversation)
        while (due := next_look(fold)) is not None:
            await self._worker.want("tool_watch", conversation, max((due - self._clock()).total_seconds(), 0))
            seen, fold = fold, await self._desk.stored(conversation)
            # Whoever has appended meanwhile has wanted it for their own time, which must not be lost.
            if seen.seq == fold.seq:
                return

    async def _make(self, fold: Fold, site: Site, call: OpenCall) -> None:
        found = [tool for tool in await self._tools.of(site) if tool.name == call.tool]
        tool = found[0] if found else _GONE
        # Read before the call is begun: a redaction that comes first refuses it, so that emptied ones never go out.
        arguments = await self._arguments(fold.id, call.id)
        if arguments is None:
            return
        until = self._tools.until(tool)
        done = await self._desk.perform(fold.id, lambda c: calls.start(c, call.id, until))
        if done.repeated:
            return
        await self._tools.make(tool, arguments, OnBehalf(site.key, fold.visitor.id, fold.id, call.id))

    async def _arguments(self, conversation: str, call: str) -> dict[str, Any] | None:
        """What an agent has read and allowed; None if it was redacted since, and the call refused with it."""
        requests = await self._database.read(lambda conn: history.of_kind(conn, conversation, "tool_requested"))
        for event in requests:
            if isinstance(event.fact, e.ToolRequested) and event.fact.call == call and not event.fact.redacted:
                return event.fact.arguments
        return None


async def _fail(_arguments: dict[str, Any], _on_behalf: OnBehalf) -> Outcome:
    return Outcome("failed", "Nothing was done: its server is away, or the site has no such tool any more.")


_GONE = SiteTool("", "", {}, "ask", 0, _fail)
