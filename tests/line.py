"""A way to a server that can be cut, or be so quiet that nobody knows: what networks do. Encrypted if one wants."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from havana.storage.aside import Aside

ASKS_FOR_TLS = bytes.fromhex("0000000804d2162f")
"""How a client of PostgreSQL begins."""


class Line:
    """It has a thread of its own, since who opens a database may keep the test's."""

    def __init__(self, port: int, tls: ssl.SSLContext | None = None, *, asked_first: bool = False) -> None:
        self._to = port
        self._tls = tls
        self._asked_first = asked_first
        self.port = 0
        self._aside = Aside()
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None] | None] = set()
        self._flows = asyncio.Event()
        self._flows.set()
        self.cut_after: tuple[bytes, ...] = ()
        """The line is cut when one connection has passed on all of these to the server, and before its answer."""

    def open(self) -> None:
        self._aside.run(self._open())

    def cut(self) -> None:
        """Whoever is connected is not, and nobody gets through any more."""
        self._aside.run(self._cut())

    def freeze(self) -> None:
        """Nothing gets through, and nobody is told."""
        self._aside.run(self._flow(on=False))

    def thaw(self) -> None:
        self._aside.run(self._flow(on=True))

    def close(self) -> None:
        self.thaw()
        self.cut()
        self._aside.run(self._ended())
        self._aside.close()

    async def _open(self) -> None:
        tls = None if self._asked_first else self._tls
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _cut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in self._writers:
            writer.transport.abort()

    async def _flow(self, *, on: bool) -> None:
        if on:
            self._flows.set()
        else:
            self._flows.clear()

    async def _ended(self) -> None:
        await asyncio.gather(*(task for task in self._serving if task is not None), return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._serving.add(asyncio.current_task())
        try:
            if self._tls is not None and self._asked_first:
                await _encrypt_if_asked(reader, writer, self._tls)
            to_reader, to_writer = await asyncio.open_connection("127.0.0.1", self._to)
        except (OSError, asyncio.IncompleteReadError):
            # Where nobody listens nobody is kept waiting.
            writer.transport.abort()
            return
        both = {writer, to_writer}
        self._writers |= both
        try:
            await asyncio.gather(self._pass_on(reader, to_writer, asked=True), self._pass_on(to_reader, writer))
        except OSError:
            pass
        finally:
            for one in both:
                one.transport.abort()
            self._writers -= both

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, asked: bool = False
    ) -> None:
        passed = 0
        while data := await reader.read(65536):
            await self._flows.wait()
            writer.write(data)
            await writer.drain()
            while asked and passed < len(self.cut_after) and self.cut_after[passed] in data:
                passed += 1
                if passed == len(self.cut_after):
                    self.cut_after = ()
                    await self._cut()
        raise ConnectionResetError


async def _encrypt_if_asked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tls: ssl.SSLContext) -> None:
    if await reader.readexactly(len(ASKS_FOR_TLS)) != ASKS_FOR_TLS:
        raise ConnectionResetError
    writer.write(b"S")
    await writer.start_tls(tls)


@contextmanager
def line_to(url: str, tls: ssl.SSLContext | None = None) -> Iterator[tuple[Line, str]]:
    """A line to the server of this address, and the address at its near end. With `tls`, nobody gets in without."""
    parts = urlsplit(url)
    assert parts.port is not None
    line = Line(parts.port, tls, asked_first=parts.scheme == "postgresql")
    line.open()
    try:
        yield line, url.replace(f":{parts.port}/", f":{line.port}/")
    finally:
        line.close()
