"""A client of the live channel that costs as little as possible, so that a measurement measures the server.

It speaks WebSocket by hand (RFC 6455, text frames only): a client library would need more processor time for a
frame than the server does.
"""

import asyncio
import base64
import os
from collections.abc import Callable
from typing import Any, Self, cast
from urllib.parse import urlsplit

import msgspec

from havana.ids import new_id

Frame = dict[str, Any]
TEXT = 0x1


class Client(asyncio.Protocol):
    """One connection. `pushed` is called with each push as it came; replies go to whoever asked."""

    def __init__(self, pushed: Callable[[Frame], None] | None = None) -> None:
        self._pushed = pushed
        self._ids = 0
        self._waiting: dict[int, asyncio.Future[Frame]] = {}
        self._buffer = b""
        self._open = False
        self._opened = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def hello(cls, url: str, token: str, pushed: Callable[[Frame], None] | None = None) -> Self:
        """A client that has connected and said hello."""
        address = urlsplit(url)
        loop = asyncio.get_running_loop()
        _, client = await loop.create_connection(lambda: cls(pushed), address.hostname, address.port)
        await client.greet(address.netloc, token)
        return client

    async def greet(self, host: str, token: str) -> None:
        self._write(
            f"GET /live HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: chat.v1\r\n\r\n".encode()
        )
        await self._opened
        await self.do("hello", v=1, token=token, client="bench/1")

    async def do(self, command: str, **fields: Any) -> Frame:
        """Sends a command and answers with its `ok`."""
        self._ids += 1
        waiting = self._waiting[self._ids] = asyncio.get_running_loop().create_future()
        self._send(msgspec.json.encode({"id": self._ids, "do": command, **fields}))
        reply = await waiting
        if "ok" not in reply:
            raise RuntimeError(f"{command}: {reply['error']}")
        ok: Frame = reply["ok"]
        return ok

    async def post(self, conversation: str | None, text: str) -> Frame:
        named = {"conversation": conversation} if conversation else {}
        return await self.do("post", key=new_id(), text=text, **named)

    def leave(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are like asyncio's, but no subclass of theirs.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        data = self._buffer + data
        if not self._open:
            head, end, data = data.partition(b"\r\n\r\n")
            if not end:
                self._buffer = head
                return
            self._open = True
            if head.startswith(b"HTTP/1.1 101"):
                self._opened.set_result(None)
            else:
                self._opened.set_exception(RuntimeError(head.decode()))
        self._buffer = self._frames(data)

    def connection_lost(self, exc: Exception | None) -> None:
        gone = exc or ConnectionResetError("the server closed the connection")
        for waiting in (self._opened, *self._waiting.values()):
            if not waiting.done():
                waiting.set_exception(gone)

    # Frames

    def _frames(self, data: bytes) -> bytes:
        """Takes every whole frame; what is left of the last one."""
        at = 0
        while len(data) - at >= 2:
            length, start = data[at + 1], at + 2
            if length == 126:
                length, start = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            elif length == 127:
                length, start = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            if start > len(data) or start + length > len(data):
                break
            if data[at] & 0xF == TEXT:
                for line in data[start : start + length].split(b"\n"):
                    self._take(line)
            at = start + length
        return data[at:]

    def _take(self, line: bytes) -> None:
        if line == b"{}":
            self._send(line)
        elif line.startswith(b'{"id":'):
            reply = msgspec.json.decode(line)
            self._waiting.pop(reply["id"]).set_result(reply)
        elif self._pushed is not None:
            self._pushed(msgspec.json.decode(line))

    def _send(self, payload: bytes) -> None:
        # Masked with zeros, which changes nothing and is allowed.
        length = len(payload)
        head = bytes([0x80 | TEXT, 0x80 | length]) if length < 126 else bytes([0x81, 0xFE]) + length.to_bytes(2, "big")
        self._write(head + b"\0\0\0\0" + payload)

    def _write(self, data: bytes) -> None:
        assert self._transport is not None
        self._transport.write(data)
