"""The tools of sites: finds out which there are, and makes calls that are written down before and after.

A call that changes something outside is made at most once: it is `started` in the log before, under compare-and-swap,
and whoever finds it started and not finished makes it no second time.
"""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import structlog

from havana.assistant.tools.http_tools import HttpTools
from havana.assistant.tools.mcp_tools import Listed, McpTools, NotListed
from havana.assistant.tools.outcome import OnBehalf, Outcome, Secrets
from havana.assistant.tools.schemas import declared, schema_problem
from havana.chat import calls
from havana.chat.site import Site
from havana.chat.site_tools import BUILT_IN, IDENTITY, HttpTool, McpServer, Permission
from havana.desk import Desk
from havana.duty import Duty
from havana.storage.trouble import patiently

LISTED_FOR_S = 300.0
LISTING_S = 5.0
"""A visitor waits meanwhile."""
ASK_AGAIN_S = 30.0
"""How long a server that did not say which tools it has is left alone."""
GRACE_S = 15
"""What it may take beside the call itself until its end is written down."""
ENDING_S = 5.0
LONGEST_DESCRIPTION = 1000
LONGEST_NAME = 64

log = structlog.get_logger()


class SiteTool(msgspec.Struct, frozen=True):
    """A tool as the assistant gets it, wherever it is. `make` calls it."""

    name: str
    description: str
    parameters: dict[str, Any]
    permission: Permission
    timeout_s: float
    make: Callable[[dict[str, Any], OnBehalf], Awaitable[Outcome]]


class SiteTools:
    """`secrets` has the values that sites' settings name."""

    def __init__(self, desk: Desk, duty: Duty, clock: Callable[[], dt.datetime], secrets: Secrets) -> None:
        self._desk = desk
        self._duty = duty
        self._clock = clock
        self._http = HttpTools(secrets)
        self._mcp = McpTools(secrets)
        self._listed: dict[McpServer, tuple[float, list[Listed]]] = {}
        self._listing: dict[McpServer, asyncio.Lock] = {}
        self._making: set[asyncio.Task[Outcome]] = set()

    async def of(self, site: Site) -> list[SiteTool]:
        """All that the site has. A server that does not answer has none for a while."""
        found = [self._of_http(tool) for tool in site.tools]
        for server, listed in zip(site.mcp, await asyncio.gather(*map(self._tools_of, site.mcp)), strict=True):
            found += [made for one in listed if (made := self._of_mcp(server, one)) is not None]
        by_name: dict[str, SiteTool] = {}
        for tool in found:
            if by_name.setdefault(tool.name, tool) is not tool:
                log.warning("tool is left out", tool=tool.name, problem="another one has the same name")
        return list(by_name.values())

    def expires_at(self, site: Site) -> dt.datetime:
        """Until when the team may allow a call that is asked for now."""
        return self._clock() + dt.timedelta(seconds=site.approval_s)

    def until(self, tool: SiteTool) -> dt.datetime:
        """When a call that begins now is over, or lost."""
        return self._clock() + dt.timedelta(seconds=tool.timeout_s + GRACE_S)

    async def make(self, tool: SiteTool, arguments: dict[str, Any], on_behalf: OnBehalf) -> Outcome:
        """Makes a call that is `started`, and writes down what came of it, also when nobody waits for it any more."""
        task = asyncio.create_task(self._made(tool, arguments, on_behalf))
        self._making.add(task)
        task.add_done_callback(self._making.discard)
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Lets calls come to their end, for a moment: what is cut off here is one of which nobody knows."""
        if self._making:
            await asyncio.wait(self._making, timeout=ENDING_S)
        for task in self._making:
            task.cancel()
        await asyncio.gather(*self._making, return_exceptions=True)
        await self._http.close()

    async def _made(self, tool: SiteTool, arguments: dict[str, Any], on_behalf: OnBehalf) -> Outcome:
        try:
            outcome = await tool.make(arguments, on_behalf)
        except Exception:
            log.exception("tool failed", tool=tool.name, conversation=on_behalf.conversation)
            outcome = Outcome("unknown", "Something unexpected went wrong; the server's log has it.")
        await patiently(lambda: self._finish(on_behalf, outcome))
        return outcome

    async def _finish(self, on_behalf: OnBehalf, outcome: Outcome) -> None:
        on_duty = self._duty.anybody()
        await self._desk.perform(
            on_behalf.conversation,
            lambda c: calls.finish(c, on_behalf.call, outcome.outcome, outcome.text, on_duty=on_duty),
        )

    def _of_http(self, tool: HttpTool) -> SiteTool:
        async def make(arguments: dict[str, Any], on_behalf: OnBehalf) -> Outcome:
            return await self._http.call(tool, declared(tool.parameters, arguments), on_behalf)

        return SiteTool(tool.name, tool.description, tool.parameters, tool.permission, tool.timeout_s, make)

    def _of_mcp(self, server: McpServer, listed: Listed) -> SiteTool | None:
        """None for one that is hidden, or that no model could call."""
        name = f"{server.name}_{listed.name}"
        if listed.name in server.hidden or not _is_callable(name, listed):
            return None
        parameters, permission = _without_identity(listed.schema), server.permission(listed.name)

        async def make(arguments: dict[str, Any], on_behalf: OnBehalf) -> Outcome:
            sent = declared(parameters, arguments)
            return await self._mcp.call(server, listed.name, sent, on_behalf, changes=permission != "read")

        description = listed.description.strip()[:LONGEST_DESCRIPTION]
        return SiteTool(name, description, parameters, permission, server.timeout_s, make)

    async def _tools_of(self, server: McpServer) -> list[Listed]:
        async with self._listing.setdefault(server, asyncio.Lock()):
            now = asyncio.get_running_loop().time()
            good_until, known = self._listed.get(server, (0.0, []))
            if now < good_until:
                return known
            try:
                async with asyncio.timeout(LISTING_S):
                    found, again_s = await self._mcp.listed(server), LISTED_FOR_S
            except (NotListed, TimeoutError) as error:
                # What it had a while ago is a better guess than nothing.
                found, again_s = known, ASK_AGAIN_S
                log.warning("tools of a server are not known", server=server.name, error=str(error))
            self._listed[server] = (asyncio.get_running_loop().time() + again_s, found)
            return found


def _is_callable(name: str, listed: Listed) -> bool:
    problem = schema_problem(listed.schema)
    if name in BUILT_IN or len(name) > LONGEST_NAME or not name.replace("-", "_").replace("_", "").isalnum():
        problem = "its name is too long, or has other signs than letters, digits, - and _"
    if problem:
        log.warning("tool is left out", tool=name[:200], problem=problem[:200])
    return problem is None


def _without_identity(schema: dict[str, Any]) -> dict[str, Any]:
    """No model says who is speaking."""
    properties = {name: rule for name, rule in schema.get("properties", {}).items() if name not in IDENTITY}
    required = [name for name in schema.get("required", []) if name in properties]
    return {**schema, "properties": properties, "required": required}
