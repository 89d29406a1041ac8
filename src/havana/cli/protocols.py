"""The server's protocols: uvicorn's, with an end to what a peer can leave unfinished."""

import asyncio
import contextlib
import socket
import struct
from http import HTTPStatus
from typing import Any, Generic, TypeVar, cast

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request
from websockets.protocol import State

from havana.live.socket import DIRECT

T = TypeVar("T")

REQUEST_WITHIN_S = 30.0
"""How long a request may take to arrive, with its body. No body is longer than 64 KiB."""
HEAD_LIMIT = 64 * 1024
"""Bytes that may have arrived of a head that is not complete."""
GONE_WITHIN_S = 12.0
"""How long a WebSocket may outlive the application's interest in it: uvicorn gives the peer ten seconds to answer
its close, and whoever reads slowly has as long to read what was said before it."""


class HttpProtocol(HttpToolsProtocol):
    """Takes whole requests. uvicorn (0.54) waits for the rest of one as long as the peer likes, and keeps it all.

    The clock runs from the first byte, or from the connection's beginning, and stands while a request is answered.
    """

    _end: asyncio.TimerHandle | None = None
    _head: int | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # uvicorn narrows it too
        super().connection_made(transport)
        self._begin()

    def data_received(self, data: bytes) -> None:
        idle = self.cycle is None or self.cycle.response_complete  # type: ignore[redundant-expr] # None at first
        if idle and self._end is None:
            self._begin()
        super().data_received(data)
        if self._head is not None and not self.transport.is_closing():
            self._head += len(data)
            if self._head > HEAD_LIMIT:
                self.send_400_response("The head of the request is too large.")

    def on_message_begin(self) -> None:
        self._head = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._head = None
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._stop()
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def _begin(self) -> None:
        self._end = self.loop.call_later(REQUEST_WITHIN_S, _reset, self.transport)

    def _stop(self) -> None:
        if self._end is not None:
            self._end.cancel()
            self._end = None


class Mailbox(Generic[T]):
    """What uvicorn uses of `asyncio.Queue`, for one reader; that one weighs two and a half KB even when it is empty."""

    def __init__(self) -> None:
        self._items: list[T] = []
        self._reader: asyncio.Future[None] | None = None

    def put_nowait(self, item: T) -> None:
        self._items.append(item)
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    async def get(self) -> T:
        while not self._items:
            self._reader = asyncio.get_running_loop().create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        return self._items.pop(0)

    def empty(self) -> bool:
        return not self._items


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """Writes frames that were made once for many readers as they are (`live.socket.Direct`), weighs little when idle,
    and ends connections.

    uvicorn (0.54) ends them with `close()`, which waits until all is written, and so for ever for a peer that does
    not read, or that reads just enough to be taken for alive.
    """

    _end: asyncio.TimerHandle | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.queue = Mailbox()  # type: ignore[assignment] # all of a Queue that uvicorn calls

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.response.status_code == HTTPStatus.SWITCHING_PROTOCOLS:
            # ASGI's types know of extensions that are dictionaries only.
            cast("dict[str, object]", self.scope["extensions"])[DIRECT] = self

    async def send(self, message: ASGISendEvent) -> None:
        await super().send(message)
        if message["type"] == "websocket.accept":
            # Of the handshake nobody needs anything any more; headers are most of it.
            self.scope["headers"] = []
            del self.request, self.response

    @property
    def takes_frames(self) -> bool:
        return (
            self.handshake_complete
            and not self.close_sent
            and not self.disconnected
            and self.writable.is_set()
            and self.conn.state is State.OPEN
            and not self.transport.is_closing()
        )

    def write_frames(self, frames: bytes) -> None:
        self.transport.write(frames)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self.handshake_initiated:
            # The head comes whole, and uvicorn leaves one that the library does not bear without an answer.
            self.transport.write(b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
            self.transport.close()

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        super().on_task_complete(task)
        if not self.disconnected:
            self._end = self.loop.call_later(GONE_WITHIN_S, _reset, self.transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._end is not None:
            self._end.cancel()
        super().connection_lost(exc)


def _reset(transport: asyncio.Transport) -> None:
    """Drops what was not read, in the kernel too, which would go on offering it to the peer."""
    with contextlib.suppress(OSError):
        peer = transport.get_extra_info("socket")
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
