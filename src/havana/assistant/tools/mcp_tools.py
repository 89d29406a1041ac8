"""Talks to a site's MCP servers over HTTP by the protocol's own library, which is imported when it is needed.

Each listing and each call is a connection of its own, so that nothing of one visitor's is there for another.
"""

import asyncio
import importlib.util
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from havana.assistant.tools.http_tools import open_client
from havana.assistant.tools.outcome import LARGEST_ANSWER, OnBehalf, Outcome, Secrets, Unprepared, credentials, kept
from havana.chat.site_tools import McpServer

if TYPE_CHECKING:
    import httpx2
    from mcp.client.client import Client
    from mcp_types import CallToolResult

LARGEST_LISTING = 512 * 1024
MOST_TOOLS = 100
# Errors that a server answers with before it has done anything: not JSON, no request, no such method, wrong arguments.
_NOT_DONE = (-32700, -32600, -32601, -32602)


class Listed(msgspec.Struct, frozen=True):
    """A tool as its server describes it."""

    name: str
    description: str
    schema: dict[str, Any]


class NotListed(Exception):
    """A server does not say which tools it has. The message names no secret."""


class Redirected(Exception):
    """A server answers with a redirect, which is not followed."""


class McpTools:
    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    async def listed(self, server: McpServer) -> list[Listed]:
        """The server's tools. Raises `NotListed`."""
        try:
            headers, _ = credentials(server.secret, self._secrets)
            async with asyncio.timeout(server.timeout_s), _connected(server, headers, LARGEST_LISTING) as client:
                return await _list(client)
        except Unprepared as error:
            raise NotListed(str(error)) from None
        except TimeoutError:
            raise NotListed(f"no answer within {server.timeout_s:g} s") from None
        except Exception as error:  # noqa: BLE001 - the library lets through whatever its parts raise
            raise NotListed(type(_first(error)).__name__) from None

    async def call(
        self, server: McpServer, tool: str, arguments: dict[str, Any], on_behalf: OnBehalf, *, changes: bool
    ) -> Outcome:
        """Never raises for what the other side does."""
        asked, outcome = False, None
        try:
            headers, secret = credentials(server.secret, self._secrets)
            headers |= on_behalf.headers
            async with asyncio.timeout(server.timeout_s), _connected(server, headers, 2 * LARGEST_ANSWER) as client:
                asked = True
                outcome = _outcome(await client.call_tool(tool, arguments), secret)
        except Unprepared as error:
            outcome = Outcome("failed", str(error))
        except TimeoutError:
            late = f"Its server did not answer within {server.timeout_s:g} s."
            outcome = outcome or Outcome.unclear(late, changes=changes)
        except Exception as error:  # noqa: BLE001 - the library lets through whatever its parts raise
            # What broke while the connection was being closed takes back nothing.
            outcome = outcome or _broken(_first(error), asked=asked, changes=changes)
        return outcome


def is_installed() -> bool:
    return importlib.util.find_spec("mcp") is not None


@asynccontextmanager
async def _connected(server: McpServer, headers: Mapping[str, str], limit: int) -> AsyncIterator["Client"]:
    if not is_installed():
        raise Unprepared("The server lacks a package: pip install 'havana[mcp]'.")
    # On a thread, because it takes two seconds that the event loop cannot spare.
    connect = await asyncio.to_thread(_library)
    http = await asyncio.to_thread(_client, limit)
    http.headers.update(headers)
    async with http, connect(server, http) as client:
        yield client


def _library() -> Any:
    from mcp.client.client import Client
    from mcp.client.streamable_http import streamable_http_client
    from mcp_types import Implementation

    def connect(server: McpServer, http: "httpx2.AsyncClient") -> Client:
        return Client(
            streamable_http_client(server.url, http_client=http, max_sse_event_size=LARGEST_LISTING),
            client_info=Implementation(name="havana", version="1"),
            read_timeout_seconds=server.timeout_s,
            # A server that wants to know more must ask in its answer: a call is made once.
            input_required_max_rounds=0,
            cache=None,
        )

    return connect


def _client(limit: int) -> "httpx2.AsyncClient":
    import httpx2

    class Bounded(httpx2.AsyncHTTPTransport):
        """Lets through so many bytes, and no redirect: the library would follow some."""

        left = limit

        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            response = await super().handle_async_request(request)
            if response.is_redirect:
                await response.aclose()
                raise Redirected
            response.stream = Counted(response.stream, self)
            return response

    class Counted(httpx2.AsyncByteStream):
        def __init__(self, stream: Any, transport: Bounded) -> None:
            self._stream = stream
            self._transport = transport

        async def __aiter__(self) -> AsyncIterator[bytes]:
            async for piece in self._stream:
                self._transport.left -= len(piece)
                if self._transport.left < 0:
                    raise httpx2.RemoteProtocolError("an answer that is too large")
                yield piece

        async def aclose(self) -> None:
            await self._stream.aclose()

    return open_client(Bounded())


async def _list(client: "Client") -> list[Listed]:
    found: list[Listed] = []
    cursor = None
    while len(found) < MOST_TOOLS:
        page = await client.list_tools(cursor=cursor)
        found += [Listed(tool.name, tool.description or "", dict(tool.input_schema)) for tool in page.tools]
        cursor = page.next_cursor
        if cursor is None:
            break
    return found[:MOST_TOOLS]


def _outcome(result: "CallToolResult", secret: str) -> Outcome:
    """What it says in text; pictures and links to resources are named, not fetched."""
    parts = [part.text if part.type == "text" else f"({part.type})" for part in result.content]
    structured = result.structured_content
    text = msgspec.json.encode(structured).decode() if structured is not None else "\n".join(parts)
    return Outcome("failed" if result.is_error else "done", kept(text, secret))


def _broken(error: BaseException, *, asked: bool, changes: bool) -> Outcome:
    if isinstance(error, Redirected):
        said = "Its server answered with a redirect, which is not followed."
        return Outcome.unclear(said, changes=changes and asked)
    if not asked:
        return Outcome("failed", "Its server could not be reached.")
    if getattr(error, "code", None) in _NOT_DONE:
        return Outcome("failed", "Its server refused it: it does not know such a call.")
    return Outcome.unclear("Its server gave no answer that could be used.", changes=changes)


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup) and error.exceptions:
        error = error.exceptions[0]
    return error
