"""A reader who never reads, beside people who do, on a real server whose memory is measured."""

import asyncio
import json
import re
import socket
from pathlib import Path

import pytest
from tests.assistant.openai_server import OpenAIServer, reply, says
from tests.stories.house import PATIENCE_S, Person
from tests.stories.test_restart import arrives, free_port, serving

from havana.live.closing import Close
from havana.live.outbox import CAP

pytestmark = pytest.mark.slow

READERS = 12
TEXT = "x" * 7_900
MESSAGES = 720
"""Together nearly six megabytes for each reader."""
AT_ONCE = 40
BOUND = READERS * 2 * CAP + 16 * 2**20
"""Bytes by which the server may grow, 40 MiB: for each such reader what waits in its outbox and as much on its way
out, and what the same conversation costs by itself (SQLite's caches, the allocator). An event's text is
shared by all who get it, so what shows an outbox without a bound is that nobody is closed with 4002."""


class NeverReads:
    """A client that says hello, hears the answer and from then on leaves everything in its socket."""

    def __init__(self, port: int, token: str) -> None:
        self._address = ("127.0.0.1", port)
        self._token = token
        self._rest = b""

    async def arrive(self) -> None:
        """Its window is small: what the kernel takes in its place is not the server's."""
        loop = asyncio.get_running_loop()
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
        self._socket.setblocking(False)
        await loop.sock_connect(self._socket, self._address)
        upgrade = (
            "GET /live HTTP/1.1\r\nHost: {}:{}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Protocol: chat.v1\r\n\r\n"
        )
        await loop.sock_sendall(self._socket, upgrade.format(*self._address).encode())
        await self._until(b"\r\n\r\n")
        hello = json.dumps({"id": 1, "do": "hello", "v": 1, "token": self._token}).encode()
        head = bytes([0x81, 0x80 | 126]) + len(hello).to_bytes(2, "big") + bytes(4)
        await loop.sock_sendall(self._socket, head + hello)
        await self._until(b'"following":[]')

    async def follow(self, conversation: str) -> None:
        follow = json.dumps({"id": 2, "do": "follow", "conversation": conversation}).encode()
        await asyncio.get_running_loop().sock_sendall(
            self._socket, bytes([0x81, 0x80 | len(follow)]) + bytes(4) + follow
        )
        await self._until(b'"id":2,"ok"')

    async def reads_at_last(self) -> int | None:
        """Everything that was left; the code of the close frame at its end, if one came."""
        loop = asyncio.get_running_loop()
        last = b""
        try:
            while data := await loop.sock_recv(self._socket, 2**20):
                last = (last + data)[-200:]
        except ConnectionError:
            return None
        finally:
            self._socket.close()
        closing = re.search(rb"\x88[\x02-\x7d](..)[^\x88]*$", last, re.DOTALL)
        return int.from_bytes(closing[1], "big") if closing else None

    async def _until(self, wanted: bytes) -> None:
        read = b""
        while wanted not in read:
            data = await asyncio.get_running_loop().sock_recv(self._socket, 4096)
            assert data, read
            read += data


def memory(pid: int, what: str = "VmRSS") -> int:
    """In bytes; `VmHWM` is the most there ever was."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(rf"{what}:\s+(\d+) kB", status)[1]) * 1024  # type: ignore[index] # the kernel has both


async def test_who_never_reads_costs_a_bounded_amount_and_delays_nobody(tmp_path: Path):
    port, more = free_port(), asyncio.Event()
    async with OpenAIServer(reply(*says("Well", *[" and so on"] * 3_000), more)) as model:
        async with serving(tmp_path, port, model.url, HAVANA_RATE_LIMITS="off") as server:
            writer = await arrives(port)
            said = await writer.post("Tell me all")
            conversation, log = said["conversation"], said["log"]
            await writer.sees(lambda frame: frame.get("push") == "delta")
            living = await Person.hello(f"http://127.0.0.1:{port}", writer.token)
            seen = (await living.do("follow", conversation=conversation, log=log, seq=0))["top"]
            sleepers = [NeverReads(port, writer.token) for _ in range(READERS)]
            for sleeper in sleepers:
                await sleeper.arrive()
                await sleeper.follow(conversation)
            before = memory(server.pid)
            for _ in range(MESSAGES // AT_ONCE):
                await asyncio.gather(*(writer.post(TEXT, conversation) for _ in range(AT_ONCE)))
            top = (await writer.post("The end", conversation))["seq"]
            await living.sees_event("message_posted", seq=top)
            most = memory(server.pid, "VmHWM")
            print(f"\n{READERS} who never read: from {before / 2**20:.0f} to at most {most / 2**20:.0f} MiB")  # noqa: T201 - a measurement, for whoever runs it with -s

            assert most - before < BOUND
            heard = [event["seq"] for event in living.events(conversation) if seen < event["seq"] <= top]
            assert heard == list(range(seen + 1, top + 1))
            async with asyncio.timeout(PATIENCE_S):
                codes = await asyncio.gather(*(sleeper.reads_at_last() for sleeper in sleepers))
            print(f"let go with {codes}")  # noqa: T201 - a measurement, for whoever runs it with -s
            assert set(codes) == {int(Close.SLOW)}
            assert await whole(port, writer.token, conversation, log, top) == list(range(1, top + 1))
            await writer.leave()
            await living.leave()


async def whole(port: int, token: str, conversation: str, log: str, top: int) -> list[int]:
    """What a reader has who comes back with the first event only."""
    again = await Person.hello(f"http://127.0.0.1:{port}", token)
    followed = await again.do("follow", conversation=conversation, log=log, seq=1)
    seqs = [1]
    while seqs[-1] < top:
        page = await again.do("history", conversation=conversation, after=seqs[-1], until=top, limit=100)
        seqs += [event["seq"] for event in page["events"]]
    await again.leave()

    assert followed["top"] >= top
    return seqs
