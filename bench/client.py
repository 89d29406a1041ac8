"""A WebSocket client that costs as little as possible, so that a measurement measures the server.

By hand (RFC 6455, whole text frames only), for a library would need more processor time for a frame than the server
does; and without decoding what it gets: whoever takes the frames looks at their first bytes.
"""

import asyncio
import base64
import os
from collections.abc import Callable
from typing import Self, cast
from urllib.parse import urlsplit

TEXT, CLOSE, PING, PONG = 0x81, 0x88, 0x89, 0x8A
PONGS = {b"{}": b"{}", b"2": b"3"}
"""How a ping is answered, of Havana and of Engine.IO."""


class Client(asyncio.Protocol):
    """One connection, which answers pings. All else goes to `take`, line by line, for a frame may hold several.

    Until somebody sets that, it goes to whoever waits in `expect`.
    """

    def __init__(self) -> None:
        self.take: Callable[[bytes], None] = self._expected
        self.on_lost: Callable[[str], None] = lambda _: None
        self._prefix = b""
        self._answer: asyncio.Future[bytes] | None = None
        self._early: list[bytes] = []
        self._rest = b""
        self._open = False
        self.opened = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def connect(cls, url: str, path: str, subprotocol: str | None = None) -> Self:
        address = urlsplit(url)
        loop = asyncio.get_running_loop()
        _, client = await loop.create_connection(cls, str(address.hostname), int(address.port or 80))
        offered = f"Sec-WebSocket-Protocol: {subprotocol}\r\n" if subprotocol else ""
        client.write(
            f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\nSec-WebSocket-Version: 13\r\n"
            f"{offered}\r\n".encode()
        )
        await client.opened
        return client

    async def ask(self, payload: bytes, prefix: bytes) -> bytes:
        """Sends a frame; the next line that begins with `prefix`."""
        self._early.clear()
        self.send(payload)
        return await self.expect(prefix)

    def expect(self, prefix: bytes) -> asyncio.Future[bytes]:
        """The next line that begins with `prefix`; others are passed over."""
        self._prefix = prefix
        answer = self._answer = asyncio.get_running_loop().create_future()
        while self._early and not answer.done():
            self._expected(self._early.pop(0))
        return answer

    def send(self, payload: bytes) -> None:
        self.write(framed(payload))

    def write(self, data: bytes) -> None:
        assert self._transport is not None
        self._transport.write(data)

    def leave(self) -> None:
        self.on_lost = lambda _: None
        if self._transport is not None:
            self._transport.abort()

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are like asyncio's, but no subclass of theirs.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if self._rest:
            data = self._rest + data
        if not self._open:
            head, end, rest = data.partition(b"\r\n\r\n")
            if not end:
                self._rest = data
                return
            if not head.startswith(b"HTTP/1.1 101"):
                self.opened.set_exception(RuntimeError(head.decode()))
                return
            self._open = True
            self.opened.set_result(None)
            data = rest
        self._rest = self._frames(data)

    def connection_lost(self, exc: Exception | None) -> None:
        gone = exc or ConnectionResetError("the server closed the connection")
        for waiting in (self.opened, self._answer):
            if waiting is not None and not waiting.done():
                waiting.set_exception(gone)
        self.on_lost(str(gone))

    # Frames

    def _frames(self, data: bytes) -> bytes:
        """Takes every whole frame; what is left of the last one."""
        at, end = 0, len(data)
        while end - at >= 2:
            length, start = data[at + 1], at + 2
            if length == 126:
                length, start = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            elif length == 127:
                length, start = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            stop = start + length
            # A length that has not come whole reads as too small; its place then lies behind the end.
            if start > end or stop > end:
                break
            if data[at] == TEXT:
                for line in data[start:stop].split(b"\n"):
                    # To look a long line up would mean to hash all of it.
                    if len(line) <= 2 and line in PONGS:
                        self.send(PONGS[line])
                    else:
                        self.take(line)
            else:
                self._control(data[at], data[start:stop])
            at = stop
        return data[at:] if at else data

    def _control(self, kind: int, payload: bytes) -> None:
        if kind == PING:
            self.write(bytes([PONG, 0x80 | len(payload)]) + b"\0\0\0\0" + payload)
        elif kind == CLOSE:
            self.on_lost(f"closed by the server: {int.from_bytes(payload[:2], 'big')} {payload[2:].decode()}")

    def _expected(self, line: bytes) -> None:
        if self._answer is None or self._answer.done():
            self._early.append(line)
        elif line.startswith(self._prefix):
            self._answer.set_result(line)


def framed(payload: bytes) -> bytes:
    """As a text frame. Masked with zeros, which changes nothing and is allowed."""
    length = len(payload)
    if length < 126:
        return bytes((TEXT, 0x80 | length, 0, 0, 0, 0)) + payload
    return b"\x81\xfe" + length.to_bytes(2, "big") + b"\0\0\0\0" + payload
