"""Requests that never end, and heads that nobody needs: bytes on a bare socket, and the server's own protocols."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from tests.hostile.watched import a_watched_house, nothing_goes_wrong
from tests.live.world import PATIENCE_S
from websockets.asyncio.client import connect

from havana.cli.protocols import HEAD_LIMIT, REQUEST_WITHIN_S
from havana.cli.serve import server_config

DOCS = Path(__file__).parent.parent.parent / "docs"
WITHIN_S = 0.3
"""In place of half a minute."""
DRIP_S = WITHIN_S / 20
HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n"
UPGRADE = (
    HEAD + b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


class Server(uvicorn.Server):
    """Answers requests with what they said, once `go_on` is set, and lets WebSockets be."""

    def __init__(self) -> None:
        config = server_config(self.app)
        config.port, config.lifespan, config.interface = 0, "off", "asgi3"
        super().__init__(config)
        self.guests: list[Bare] = []
        self.go_on = asyncio.Event()
        self.is_up = asyncio.Event()
        self.go_on.set()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.is_up.set()

    @property
    def address(self) -> tuple[str, int]:
        host, port = self.servers[0].sockets[0].getsockname()
        return host, port

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            while (message := await receive())["type"] == "websocket.receive":
                await send({"type": "websocket.send", "text": message["text"]})
            return
        body = b""
        while (message := await receive())["type"] == "http.request":
            body += message["body"]
            if not message["more_body"]:
                await self.go_on.wait()
                await send(
                    {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]}
                )
                await send({"type": "http.response.body", "body": body})
                return


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    monkeypatch.setattr("havana.cli.protocols.REQUEST_WITHIN_S", WITHIN_S)
    server = Server()
    with nothing_goes_wrong():
        running = asyncio.create_task(server.serve())
        await server.is_up.wait()
        yield server
        for guest in server.guests:
            guest.leaves()
        server.should_exit = True
        await running


class Bare:
    """A connection without manners."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.got = b""

    @classmethod
    async def to(cls, server: Server) -> "Bare":
        server.guests.append(guest := cls(*await asyncio.open_connection(*server.address)))
        return guest

    def says(self, data: bytes) -> None:
        self._writer.write(data)

    async def reads(self, wanted: bytes) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while wanted not in self.got:
                data = await self._reader.read(1000)
                assert data, self.got
                self.got += data

    async def is_ended(self, *, drip: bytes = b"") -> bool:
        """Whether the server ends it, while it goes on saying `drip`."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not self._reader.at_eof():
                    self.says(drip)
                    self.got += await _within(DRIP_S if drip else None, self._reader.read(1000))
        except ConnectionError:
            return True
        except TimeoutError:
            return False
        finally:
            self.leaves()
        return True

    def leaves(self) -> None:
        self._writer.close()


async def _within(seconds: float | None, reading: Any) -> bytes:
    try:
        async with asyncio.timeout(seconds):
            data: bytes = await reading
            return data
    except TimeoutError:
        return b""


@pytest.mark.parametrize("drip", [b"", b"x"], ids=["silent", "dripping"])
@pytest.mark.parametrize(
    "begun",
    [b"", b"GET", HEAD, HEAD + b"X-Long: ", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\nsome"],
    ids=["nothing", "a verb", "half a head", "half a header", "half a body"],
)
async def test_a_request_that_does_not_end_ends_its_connection(server: Server, begun: bytes, drip: bytes):
    bare = await Bare.to(server)
    bare.says(begun)

    assert await bare.is_ended(drip=drip)
    assert b"200 OK" not in bare.got


async def test_the_product_takes_it_calmly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("havana.cli.protocols.REQUEST_WITHIN_S", WITHIN_S)
    async with a_watched_house(tmp_path) as watched:
        with nothing_goes_wrong():
            host, port = watched.house.url.removeprefix("http://").split(":")
            bare = Bare(*await asyncio.open_connection(host, port))
            bare.says(b"POST /api/visitors HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n{")

            assert await bare.is_ended()
            await watched.serves()
            await watched.settles()


@pytest.mark.parametrize("noise", [b"\r\n", b"GET / HTTP/1.1\r\nX-More: "], ids=["empty lines", "half a head"])
async def test_nor_does_a_good_request_before_it_help(server: Server, noise: bytes):
    bare = await Bare.to(server)
    bare.says(HEAD + b"\r\n")
    await bare.reads(b"200 OK")
    bare.says(noise)

    assert await bare.is_ended(drip=b"\r\n" if noise == b"\r\n" else b"x")
    assert bare.got.count(b"200 OK") == 1


async def test_a_head_without_end_is_refused_before_it_costs_memory(server: Server, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("havana.cli.protocols.REQUEST_WITHIN_S", 60)
    bare = await Bare.to(server)
    bare.says(HEAD + b"X-Long: ")

    assert await bare.is_ended(drip=b"x" * (HEAD_LIMIT // 8))
    assert bare.got.startswith(b"HTTP/1.1 400 ") or not bare.got


async def test_a_large_head_that_ends_is_none_of_them(server: Server, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("havana.cli.protocols.REQUEST_WITHIN_S", 60)
    bare = await Bare.to(server)
    bare.says(HEAD + b"Cookie: " + b"x" * (HEAD_LIMIT - 1000) + b"\r\n\r\n")

    await bare.reads(b"200 OK")


async def test_an_answer_may_take_longer_than_a_request(server: Server):
    server.go_on.clear()
    bare = await Bare.to(server)
    bare.says(HEAD + b"\r\n")
    other = await Bare.to(server)
    assert await other.is_ended()
    server.go_on.set()

    await bare.reads(b"200 OK")
    bare.says(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nagain")
    await bare.reads(b"again")


async def test_a_websocket_is_no_unfinished_request(server: Server):
    host, port = server.address
    async with connect(f"ws://{host}:{port}/") as client:
        other = await Bare.to(server)
        assert await other.is_ended()
        await client.send("still here")

        assert await client.recv() == "still here"


@pytest.mark.parametrize(
    "head",
    [UPGRADE + b"X-Long: " + b"x" * 10_000 + b"\r\n\r\n", UPGRADE + b"X-Many: x\r\n" * 200 + b"\r\n"],
    ids=["a long header", "many headers"],
)
async def test_a_head_that_cannot_become_a_websocket_is_refused(server: Server, head: bytes):
    bare = await Bare.to(server)
    bare.says(head)

    assert await bare.is_ended()
    assert bare.got.startswith(b"HTTP/1.1 400 ")


def test_the_docs_name_the_limits():
    limits = " ".join((DOCS / "configuration.md").read_text().split())

    assert HEAD_LIMIT == 64 * 1024
    assert "a head that is not complete yet at most 64 KiB" in limits
    assert f"A request must have arrived within {REQUEST_WITHIN_S:.0f} seconds." in limits
