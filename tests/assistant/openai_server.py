"""A server that speaks OpenAI's wire over real HTTP and follows a script: the replies and faults of a test.

    async with OpenAIServer(reply(*says("Hello", " there"), *ends())) as server:
        ... base_url=server.url ...
    server.requests[0].body["messages"]

Each request takes the next reply; when they have run out, the last one serves again. Where there is a reply `aside`,
that is for every request that offers no tools, such as a summary's, which may come at any moment.
"""

import asyncio
import json
from collections.abc import AsyncIterable, Iterable
from contextlib import suppress
from enum import Enum
from types import TracebackType
from typing import Any, Self

import msgspec


class Fault(Enum):
    STALL = "say nothing until the client is gone"
    COMMENTS = "send keep-alive comments until the client is gone"
    CUT = "drop the connection in the middle of the stream"


Step = bytes | Fault | asyncio.Event  # bytes to send, a fault, or an event to wait for before going on


class Reply(msgspec.Struct, frozen=True):
    steps: Iterable[Step] | AsyncIterable[Step]
    status: int = 200
    headers: dict[str, str] = {}


class Request(msgspec.Struct):
    """One request as it arrived. `left` is set when the client closes before the reply is complete."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    left: asyncio.Event = msgspec.field(default_factory=asyncio.Event)
    steps_sent: int = 0


def reply(*steps: Step, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    return Reply(steps, status, headers or {})


def refuses(status: int, error: dict[str, Any] | None = None, **headers: str) -> Reply:
    body = json.dumps({"error": error or {"message": f"status {status}"}}).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply([body], status, {"content-type": "application/json", **named})


def sse(data: object, event: str | None = None) -> bytes:
    name = f"event: {event}\n" if event else ""
    return f"{name}data: {data if isinstance(data, str) else json.dumps(data)}\n\n".encode()


def chunk(delta: dict[str, Any] | None, finish: str | None = None, **more: Any) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return sse(
        {
            "id": "c1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "m",
            "choices": [choice],
            **more,
        }
    )


def says(*pieces: str) -> list[bytes]:
    return [chunk({"content": piece}) for piece in pieces]


def fragment(arguments: object = None, **fields: Any) -> bytes:
    """One fragment of a tool call: `name` and `arguments`, and whatever else of index, id is given."""
    function = {"name": fields.pop("name", None), "arguments": arguments}
    present = {key: value for key, value in function.items() if value is not None}
    return chunk({"tool_calls": [{"type": "function", **fields, "function": present}]})


def calls(name: str, *arguments: str, index: int = 0, call_id: str = "call_1") -> list[bytes]:
    """A call with its arguments cut into these pieces, as OpenAI sends it."""
    return [
        fragment("", index=index, id=call_id, name=name),
        *[fragment(piece, index=index) for piece in arguments],
    ]


def ends(finish: str = "stop") -> list[bytes]:
    return [chunk({}, finish), sse("[DONE]")]


class OpenAIServer:
    """Serves on a free port of this machine between `async with` and its end."""

    def __init__(self, *replies: Reply, aside: Reply | None = None) -> None:
        self.requests: list[Request] = []
        self._replies = list(replies)
        self._aside = aside
        self._arrived = asyncio.Condition()
        self._serving: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"http://{host}:{port}/v1"

    def script(self, *replies: Reply) -> None:
        """Replaces what is still to come."""
        self._replies = list(replies)

    async def request(self, number: int) -> Request:
        """The request of that number (from 0), as soon as it is here."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: len(self.requests) > number)
        return self.requests[number]

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await _read(reader)
            answer = self._next(request)
            async with self._arrived:
                self.requests.append(request)
                self._arrived.notify_all()
            watching = asyncio.create_task(_watch(reader, request))
            try:
                await _send(answer, request, writer)
            except ConnectionError:
                # Who writes may hear of it before who reads.
                request.left.set()
            finally:
                watching.cancel()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client left, which `left` tells
        finally:
            writer.close()

    def _next(self, request: Request) -> Reply:
        if self._aside is not None and not request.body.get("tools"):
            return self._aside
        return self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]


async def _read(reader: asyncio.StreamReader) -> Request:
    start, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(start.split()[1], headers, json.loads(body) if body else {})


async def _watch(reader: asyncio.StreamReader, request: Request) -> None:
    with suppress(ConnectionError):  # a reset is a way of leaving as well
        await reader.read()
    request.left.set()


async def _send(answer: Reply, request: Request, writer: asyncio.StreamWriter) -> None:
    headers = {"content-type": "text/event-stream", **answer.headers}
    lines = [f"{name}: {value}" for name, value in headers.items()]
    head = [f"HTTP/1.1 {answer.status} X", *lines, "connection: close", "transfer-encoding: chunked", "", ""]
    writer.write("\r\n".join(head).encode())
    async for step in _each(answer.steps):
        if request.left.is_set():
            return
        match step:
            case Fault.CUT:
                writer.transport.abort()
                return
            case Fault.STALL:
                await request.left.wait()
                return
            case Fault.COMMENTS:
                await _comment(request, writer)
                return
            case asyncio.Event():
                await _either(step, request.left)
            case bytes():
                await _write(step, writer)
                request.steps_sent += 1
    writer.write(b"0\r\n\r\n")
    await writer.drain()


async def _comment(request: Request, writer: asyncio.StreamWriter) -> None:
    while not request.left.is_set():
        await _write(b": keep-alive\n\n", writer)
        await asyncio.sleep(0.01)


async def _write(data: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"%x\r\n%s\r\n" % (len(data), data))
    await writer.drain()


async def _either(*events: asyncio.Event) -> None:
    waits = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()


async def _each(steps: Iterable[Step] | AsyncIterable[Step]) -> AsyncIterable[Step]:
    if isinstance(steps, AsyncIterable):
        async for step in steps:
            yield step
    else:
        for step in steps:
            yield step
