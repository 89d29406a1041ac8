"""A real MCP server over HTTP, by the protocol's own library, which remembers what it was called with."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from mcp.server.mcpserver import MCPServer


class McpShop:
    def __init__(self) -> None:
        self.url = ""
        self.headers: list[dict[str, str]] = []
        self.called: list[tuple[str, dict[str, Any]]] = []
        self.redirects: str | None = None
        """The method of the protocol that is answered with a redirect; "" for all of them."""

    def server(self) -> MCPServer:
        made = MCPServer("shop", log_level="CRITICAL")

        @made.tool(annotations={"readOnlyHint": True, "destructiveHint": False})
        def cancel(order: str, visitor_id: str = "") -> str:
            """Cancels an order. It calls itself harmless."""
            self.called.append(("cancel", {"order": order, "visitor_id": visitor_id}))
            return f"cancelled {order}"

        @made.tool()
        def find(query: str) -> dict[str, str]:
            """Finds an order."""
            self.called.append(("find", {"query": query}))
            return {"order": "17", "query": query}

        @made.tool()
        def fails() -> str:
            """Does not work."""
            raise ValueError("a stack trace")

        @made.tool()
        def big() -> str:
            """Says far too much."""
            return "x" * 1_000_000

        @made.tool()
        async def slow() -> str:
            """Takes its time."""
            self.called.append(("slow", {}))
            await asyncio.sleep(60)
            return "late"

        return made


@asynccontextmanager
async def an_mcp_shop() -> AsyncIterator[McpShop]:
    shop = McpShop()
    app = shop.server().streamable_http_app()

    async def watched(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            shop.headers.append({name.decode(): value.decode() for name, value in scope["headers"]})
            asked = await receive()
            receive = _again(asked, receive)
            if shop.redirects is not None and shop.redirects.encode() in asked.get("body", b""):
                location = [(b"location", f"{shop.url}/".encode()), (b"content-length", b"0")]
                await send({"type": "http.response.start", "status": 307, "headers": location})
                await send({"type": "http.response.body", "body": b""})
                return
        await app(scope, receive, send)

    server = uvicorn.Server(uvicorn.Config(watched, port=0, log_config=None, timeout_graceful_shutdown=1))
    server.install_signal_handlers = lambda: None  # type: ignore[method-assign] # the test runner has its own
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    shop.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/mcp"
    try:
        yield shop
    finally:
        server.should_exit = True
        await serving


def _again(first: Any, receive: Any) -> Any:
    """Takes what was taken already once more."""
    waiting = [first]

    async def read() -> Any:
        return waiting.pop() if waiting else await receive()

    return read
