"""The model's server in its own process, and a proxy before it that may insist on a call."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Self

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-model" / "bin" / "python"
LOADS_WITHIN_S = 60
LONGEST_TEXT = 60


@asynccontextmanager
async def a_model() -> AsyncIterator[int]:
    """Its port."""
    assert PYTHON.exists(), "There is no model here: run it by `make soak`, or make .venv-model/.installed first."
    port = free_port()
    serve = Path(__file__).with_name("serve.py")
    process = await asyncio.create_subprocess_exec(
        PYTHON, serve, str(port), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    assert process.stdout
    try:
        async with asyncio.timeout(LOADS_WITHIN_S):
            while (line := await process.stdout.readline()) != b"listening\n":
                assert line, "The model's server ended before it could be asked."
        # Nobody would empty it, and a server whose pipe is full stands still.
        draining = asyncio.create_task(process.stdout.read())
        yield port
        draining.cancel()
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


class Proxy:
    """Passes everything on, and what comes back as it comes. `bodies` are the requests as Havana sent them.

    A model this small seldom calls a tool by itself. With `insist` its first reply to a visitor's message must be a
    call of that tool, by the server's `tool_choice`; what it calls it with, and how that is streamed, is the model's.
    It also knows no end, so its texts are limited by the schema that it is given, and not by a cut in the middle.
    """

    def __init__(self, port: int, insist: str | None = None) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.received = b""
        self._port = port
        self._insist = insist

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            start, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
            self.bodies.append(json.loads(await reader.readexactly(int(headers["content-length"]))))
            body = json.dumps(self._changed(self.bodies[-1])).encode()
            head = f"{start}\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\n"
            behind, ahead = await asyncio.open_connection("127.0.0.1", self._port)
            ahead.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            while piece := await behind.read(65536):
                self.received += piece
                writer.write(piece)
                await writer.drain()
            ahead.close()
        writer.close()

    def _changed(self, body: dict[str, Any]) -> dict[str, Any]:
        calm = body | {"temperature": 0}
        if self._insist is None:
            return calm
        tools = [tool for tool in body["tools"] if tool["function"]["name"] == self._insist]
        for field in tools[0]["function"]["parameters"]["properties"].values():
            if "enum" not in field:
                field["maxLength"] = LONGEST_TEXT
        # A second call in place of words would be as good, and would tell nothing new.
        choice = "required" if body["messages"][-1]["role"] == "user" else "none"
        return calm | {"tools": tools, "tool_choice": choice, "parallel_tool_calls": False}
