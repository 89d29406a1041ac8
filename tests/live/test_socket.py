"""The endpoint behind a real server, spoken to by a real WebSocket client."""

import asyncio
import json
import logging
import socket as sockets
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn
from tests.chat.story import ANA, VISITOR
from tests.live.world import PATIENCE_S, World
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from havana.live.outbox import CAP
from havana.live.socket import LiveEndpoint

FOLLOW = {"conversation": "c1"}


class Server(uvicorn.Server):
    """A server on a port of the system's choice."""

    def __init__(self, endpoint: LiveEndpoint) -> None:
        config = uvicorn.Config(
            endpoint,
            port=0,
            lifespan="off",
            log_level="error",
            ws="websockets-sansio",
            ws_max_size=64 * 1024,
            ws_per_message_deflate=False,
            ws_ping_interval=None,
        )
        super().__init__(config)
        self.endpoint = endpoint
        self.is_up = asyncio.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.is_up.set()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]}"

    def connects(self, **options: Any) -> Any:
        defaults = {"subprotocols": ["chat.v1"], "compression": None, "max_size": None}
        return connect(f"ws://{self.host}/live", **defaults | options)

    async def greeted(self, token: str, *following: dict[str, Any], **options: Any) -> ClientConnection:
        client = await self.connects(**options)
        await asks(client, "hello", v=1, token=token, following=list(following))
        return client


async def serving(world: World, **options: Any) -> AsyncIterator[Server]:
    endpoint = LiveEndpoint(
        hub=world.hub,
        requests=world,
        reading=world,
        duty=world,
        authenticate=world.authenticate,
        clock=world.services.clock,
        copilot=world,
        **options,
    )
    server = Server(endpoint)
    running = asyncio.create_task(server.serve())
    await server.is_up.wait()
    yield server
    server.should_exit = True
    await running


@pytest.fixture
async def server(world):
    async for server in serving(world):
        yield server


@pytest.fixture
def hurried(monkeypatch):
    """Ten seconds are a tenth of one."""
    monkeypatch.setattr("havana.live.socket.TICK_S", 0.02)
    monkeypatch.setattr("havana.live.socket.STUCK_S", 0.1)
    monkeypatch.setattr("havana.live.frames.HELLO_WITHIN_MS", 100)
    monkeypatch.setattr("havana.live.frames.PING_MS", 200)
    monkeypatch.setattr("havana.live.frames.DEAD_AFTER_MS", 350)


async def asks(client: ClientConnection, do: str, **fields: Any) -> dict[str, Any]:
    await client.send(json.dumps({"id": 1, "do": do} | fields))
    return await gets(client, lambda frame: "id" in frame)


async def gets(client: ClientConnection, wanted: Any) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            for line in str(await client.recv()).split("\n"):
                if wanted(frame := json.loads(line)):
                    return frame


async def close_code(client: ClientConnection) -> int | None:
    async with asyncio.timeout(PATIENCE_S):
        await client.wait_closed()
    return client.close_code


def posts(text: str, number: int = 2) -> Any:
    return lambda chat: chat.post(VISITOR, text, f"key-{number:04}")


class TestOpening:
    async def test_without_the_subprotocol_it_is_http_400(self, server):
        with pytest.raises(InvalidStatus) as refused:
            await server.connects(subprotocols=None)

        assert refused.value.response.status_code == 400

    @pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://{host}", "http://{host}.evil.example"])
    async def test_from_another_page_it_is_http_403(self, server, origin):
        with pytest.raises(InvalidStatus) as refused:
            await server.connects(origin=origin.format(host=server.host))

        assert refused.value.response.status_code == 403

    async def test_a_refusal_is_nothing_for_the_servers_log(self, server, caplog):
        logging.getLogger("uvicorn.error").addHandler(caplog.handler)
        for wrong in ({"subprotocols": None}, {"origin": "http://evil.example"}):
            with pytest.raises(InvalidStatus):
                await server.connects(**wrong)
        await asyncio.gather(*server.server_state.tasks)
        logging.getLogger("uvicorn.error").removeHandler(caplog.handler)

        assert caplog.messages == []

    async def test_from_our_own_page_or_from_no_page_at_all_it_opens(self, server):
        async with server.connects(origin=f"http://{server.host}") as own, server.connects() as program:
            assert own.subprotocol == program.subprotocol == "chat.v1"

    async def test_the_public_url_is_the_origin_where_it_is_set(self, world):
        async for server in serving(world, public_url="https://chat.example.com"):
            async with server.connects(origin="https://chat.example.com"):
                pass
            with pytest.raises(InvalidStatus):
                await server.connects(origin=f"http://{server.host}")

    async def test_a_plain_request_is_told_what_this_is(self, server):
        reader, writer = await asyncio.open_connection(*server.host.split(":"))
        writer.write(b"GET /live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = await reader.read()
        writer.close()

        assert answer.startswith(b"HTTP/1.1 426 ")


class TestFrames:
    async def test_a_visitor_speaks_and_both_sides_read_it(self, server, world):
        visitor = await server.greeted("visitor")
        await visitor.send('{"id":2,"do":"post","key":"key-0001","text":"Hello"}')
        push = await gets(visitor, lambda frame: frame.get("push") == "event")
        ana = await server.greeted("ana", {"conversation": "c1"})
        await ana.send('{"id":2,"do":"post","conversation":"c1","key":"key-0002","text":"Hi, I am Ana"}')
        answer = await gets(visitor, lambda frame: frame.get("event", {}).get("text") == "Hi, I am Ana")

        assert push["event"]["seq"] == 1
        assert answer["event"]["author"] == {"role": "agent", "id": "a1", "name": "Ana"}
        await visitor.close()
        await ana.close()

    @pytest.mark.parametrize(
        ("frame", "code"),
        [
            ("nonsense", 4501),
            (b'{"id":1,"do":"hello"}', 4501),
            ('{"do":"hello"}', 4501),
            ("[" * 60_000, 4501),
            ('{"id":1,"do":"post","key":"key-0001","text":"Hello"}', 4502),
            ('{"id":1,"do":"hello","v":2,"token":"visitor"}', 4505),
            ('{"id":1,"do":"hello","v":1,"token":"bad"}', 4500),
            ('{"id":1,"do":"hello","v":1,"token":"expired"}', 4005),
            ('{"id":1,"do":"hello","v":1,"token":"%s"}' % ("x" * 70_000), 1009),
            ('{"id":1,"do":"hello","v":1,"token":"%s"}' % ("é" * 40_000), 1009),
        ],
    )
    async def test_what_is_wrong_closes_with_its_own_code(self, server, frame, code):
        client = await server.connects()
        await client.send(frame)

        assert await close_code(client) == code

    async def test_somebody_elses_bad_frame_is_nobody_elses_business(self, server, world):
        world.has()
        fine, bad = await server.greeted("visitor", FOLLOW), await server.greeted("ben", FOLLOW)
        await bad.send("nonsense")
        await close_code(bad)
        world.does(posts("still here"))

        assert (await gets(fine, lambda frame: "push" in frame))["event"]["text"] == "still here"
        await fine.close()


@pytest.mark.usefixtures("hurried")
class TestLife:
    async def test_without_a_hello_it_ends_with_4502(self, server):
        client = await server.connects()

        assert await close_code(client) == 4502

    async def test_pongs_are_no_hello(self, server):
        client = await server.connects()
        await client.send("{}")

        assert await close_code(client) == 4502

    async def test_nor_is_a_hello_that_was_refused(self, server):
        client = await server.connects()
        refused = await asks(client, "hello", v=1)

        assert refused["error"]["code"] == "bad_request"
        assert await close_code(client) == 4502

    async def test_a_right_hello_may_take_the_server_longer(self, server, world, monkeypatch):
        go_on, authenticate = asyncio.Event(), world.authenticate

        async def slowly(token):
            await go_on.wait()
            return await authenticate(token)

        monkeypatch.setattr("havana.live.frames.DEAD_AFTER_MS", 60_000)
        monkeypatch.setattr("havana.live.frames.PING_MS", 60)
        object.__setattr__(server.endpoint._services, "authenticate", slowly)
        client = await server.connects()
        await client.send('{"id":1,"do":"hello","v":1,"token":"visitor"}')
        for _ in range(3):
            assert await client.recv() == "{}"
        go_on.set()

        assert "ok" in await gets(client, lambda frame: "id" in frame)
        await client.close()

    async def test_who_answers_pings_stays_and_learns_positions(self, server, world, monkeypatch):
        monkeypatch.setattr("havana.live.frames.DEAD_AFTER_MS", 1000)
        world.has()
        client = await server.greeted("visitor", FOLLOW)
        for _ in range(8):
            await gets(client, lambda frame: frame == {})
            await client.send("{}")
        position = await gets(client, lambda frame: frame.get("push") == "position")

        assert position == {"push": "position", "conversation": "c1", "seq": 1}
        await client.close()

    async def test_who_does_not_is_closed_with_4004(self, server):
        client = await server.greeted("visitor")

        assert await close_code(client) == 4004

    async def test_a_dead_reader_among_the_followers_delays_nobody_and_is_let_go(self, server, world, monkeypatch):
        monkeypatch.setattr("havana.live.frames.DEAD_AFTER_MS", 60_000)
        world.has()
        narrow = sockets.socket()
        narrow.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
        narrow.connect(("127.0.0.1", int(server.host.split(":")[1])))
        dead = await server.greeted("visitor", FOLLOW, sock=narrow)
        dead.transport.pause_reading()
        quick = await server.greeted("ben", FOLLOW)
        number, text = 2, "x" * 8000
        while len(server.endpoint._sockets) == 2:
            world.does(posts(text, number))
            await gets(quick, lambda frame: frame.get("event", {}).get("seq") == number)  # noqa: B023 - awaited here
            number += 1

        assert number > CAP / len(text)
        dead.transport.abort()
        await quick.close()


class TestShutdown:
    async def test_draining_closes_everybody_with_4000_and_a_time_to_come_back(self, server, world):
        clients = [await server.greeted(token) for token in ("visitor", "ana", "ben")]
        await server.endpoint.drain()

        assert [await close_code(client) for client in clients] == [4000, 4000, 4000]
        assert all(500 <= json.loads(client.close_reason)["retry_ms"] <= 5000 for client in clients)
        with pytest.raises(InvalidStatus) as refused:
            await server.connects()
        assert refused.value.response.status_code == 503

    async def test_what_was_begun_is_answered_first(self, server, world, monkeypatch):
        begun, go_on, perform = asyncio.Event(), asyncio.Event(), world.perform

        async def slowly(*args):
            begun.set()
            await go_on.wait()
            return await perform(*args)

        monkeypatch.setattr(world, "perform", slowly)
        visitor = await server.greeted("visitor")
        await visitor.send('{"id":2,"do":"post","key":"key-0001","text":"Hello"}')
        await begun.wait()
        draining = asyncio.create_task(server.endpoint.drain())
        await asyncio.sleep(0)
        go_on.set()
        reply = await gets(visitor, lambda frame: frame.get("id") == 2)
        await draining

        assert reply["ok"]["seq"] == 1
        assert await close_code(visitor) == 4000

    async def test_an_agent_whose_line_breaks_is_off_duty(self, server, world):
        ana = await server.greeted("ana")
        assert world.on_duty == [ANA.id]
        ana.transport.abort()
        ben = await server.greeted("ben")
        await ben.close()

        assert ANA.id not in world.on_duty
        with pytest.raises(ConnectionClosed):
            await ana.recv()
