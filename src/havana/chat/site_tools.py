"""The tools that a site brings along: HTTP endpoints and MCP servers, and what each may do unasked.

Credentials are named, never held: `secret` is the name of an environment variable of the server.
"""

import ipaddress
import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Permission = Literal["read", "allowed", "ask"]
"""What a tool may do: it only reads; it changes something outside and may; somebody of the team is asked each time."""

BUILT_IN = frozenset({"escalate_to_human", "book_call", "search_knowledge", "leave_contact", "offer_human"})
IDENTITY = frozenset({"visitor", "visitor_id", "conversation", "conversation_id"})
"""Arguments by which a model could say who is speaking. That is said by us, in headers that no model writes."""
LONGEST_TIMEOUT_S = 30
"""A visitor waits meanwhile, and no longer than 40 s for a first word."""
SECRET_PREFIX = "TOOL_"  # noqa: S105 - how the names of secrets begin
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,47}")
_SECRET = re.compile(SECRET_PREFIX + r"[A-Z0-9_]+")


class HttpTool(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An endpoint of the site's. `parameters` is the JSON Schema of an object; with GET they go into the query."""

    name: str
    description: str
    url: str
    method: Method = "POST"
    parameters: dict[str, Any] = msgspec.field(default_factory=lambda: {"type": "object", "properties": {}})
    changes: bool = True
    """Whether it changes something outside. Then somebody of the team must allow each call, unless it is `allowed`."""
    allowed: bool = False
    secret: str | None = None
    timeout_s: float = 10

    @property
    def permission(self) -> Permission:
        if not self.changes:
            return "read"
        return "allowed" if self.allowed else "ask"


class McpServer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An MCP server over HTTP. Its own word on what its tools do counts for nothing: the site lists what it trusts."""

    name: str
    url: str
    reads: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    """Tools that the assistant does not get at all."""
    secret: str | None = None
    timeout_s: float = 10

    def permission(self, tool: str) -> Permission:
        """What nobody has listed is taken for dangerous."""
        if tool in self.reads:
            return "read"
        return "allowed" if tool in self.allowed else "ask"


def problem(tools: Sequence[HttpTool], servers: Sequence[McpServer]) -> str | None:
    """What is wrong with these settings, in a line that names the field."""
    return next(_problems(tools, servers), None)


def _problems(tools: Sequence[HttpTool], servers: Sequence[McpServer]) -> Iterator[str]:
    taken = set(BUILT_IN)
    named: list[tuple[str, HttpTool | McpServer]] = [(f"tools.{tool.name}", tool) for tool in tools]
    named += [(f"mcp.{server.name}", server) for server in servers]
    for where, one in named:
        if not _NAME.fullmatch(one.name):
            yield f"{where}: name must be a letter and up to 47 letters, digits, - or _, not {one.name!r}"
        if one.name in BUILT_IN:
            yield f"{where}: the assistant has a tool of that name already; choose another"
        if one.name in taken:
            yield f"{where}: there are two of that name"
        taken.add(one.name)
        if not _is_safe(one.url):
            yield f"{where}: url must begin with https:// (http:// only within your own network), not {one.url!r}"
        if one.secret is not None and not _SECRET.fullmatch(one.secret):
            yield f"{where}: secret must name an environment variable that begins with {SECRET_PREFIX}"
        if not 0 < one.timeout_s <= LONGEST_TIMEOUT_S:
            yield f"{where}: timeout_s must be over 0 and up to {LONGEST_TIMEOUT_S}, not {one.timeout_s:g}"
    for tool in tools:
        yield from _of_tool(tool)
    for server in servers:
        if twice := sorted({*server.reads} & {*server.allowed} | ({*server.reads, *server.allowed} & {*server.hidden})):
            yield f"mcp.{server.name}: {twice[0]} is in two of reads, allowed and hidden"


def _of_tool(tool: HttpTool) -> Iterator[str]:
    where = f"tools.{tool.name}"
    if not tool.description.strip():
        yield f"{where}: description is empty; the assistant decides by it when to call the tool"
    if tool.allowed and not tool.changes:
        yield f"{where}: allowed is for a tool that changes something; this one only reads"
    if named := sorted(IDENTITY & {*(tool.parameters.get("properties") or ())}):
        yield f"{where}: parameters must not have {named[0]}: who speaks is told in headers, never by the assistant"


def _is_safe(url: str) -> bool:
    """Over TLS, or within a network of one's own. Without a name and password, which would end up in logs."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or parts.username or parts.password or parts.fragment:
        return False
    if parts.scheme == "https":
        return True
    return parts.scheme == "http" and _is_own(host)


def _is_own(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        # A name without a dot is known in one network only, such as a container's.
        return "." not in host
