"""Readers who never read, beside people who do, on a real server: what they cost, and that they are let go."""

import asyncio
import contextlib
import json
import re
import select
import socket
import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from unittest import mock

import pytest
from tests.assistant.openai_server import OpenAIServer, reply, says
from tests.hostile.test_live import masked
from tests.hostile.watched import the_endpoint
from tests.ports import free_port
from tests.stories.house import PATIENCE_S, Frame, Person, a_house
from tests.stories.test_restart import arrives, serving

from havana.cli import protocols
from havana.cli.protocols import GONE_WITHIN_S
from havana.live import socket as live_socket
from havana.live.closing import Close
from havana.live.connection import Connection
from havana.live.outbox import CAP
from havana.live.socket import STUCK_S, TICK_S

pytestmark = pytest.mark.slow

READERS = 12
TEXT = "x" * 7_900
MESSAGES = 720
"""Together nearly six megabytes for each reader."""
AT_ONCE = 40
BOUND = READERS * 2 * CAP + 16 * 2**20
"""Bytes by which the server may grow, 40 MiB, after a flood without such readers (SQLite's caches, the allocator): for
each of them what waits in its outbox and as much on its way out, and what one more flood costs by itself.
An event's text is shared by all who get it, so what shows an outbox without a bound is that nobody is
closed with 4002."""
PAGES = 60
"""Of 240 KiB each: far more than the kernel takes in place of a reader."""
LET_GO_S = STUCK_S + 2 * TICK_S + GONE_WITHIN_S + 5
"""The bound, and five seconds for a busy machine."""


SAMPLES = 100
MUCH_SLOWER = 10
"""Times. A machine that gets busy meanwhile makes it twice or thrice as long; readers who are waited for, endless."""


CLOSE_FRAME = re.compile(rb"\x88[\x02-\x7d]([\x03-\x13].)", re.DOTALL)
"""With its code, from 1000 to 4999. Nothing else looks like that: after the head of a text comes text."""


class NeverReads:
    """A client that says hello, hears the answer and from then on leaves everything in its socket."""

    def __init__(self, port: int, token: str) -> None:
        self._address = ("127.0.0.1", port)
        self._token = token
        self._socket = socket.socket()

    async def arrive(self) -> None:
        """Its window is small: what the kernel takes in its place is not the server's."""
        loop = asyncio.get_running_loop()
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
        await self.says({"id": 1, "do": "hello", "v": 1, "token": self._token})
        await self._until(b'"following":[]')

    async def follow(self, conversation: str) -> None:
        await self.says({"id": 2, "do": "follow", "conversation": conversation})
        await self._until(b'"id":2,"ok"')

    async def says(self, *commands: Frame) -> None:
        frames = b"".join(masked(0x81, json.dumps(command).encode()) for command in commands)
        await asyncio.get_running_loop().sock_sendall(self._socket, frames)

    def is_let_go(self, within_s: float, *, sip: int = 0) -> bool:
        """Whether the server resets the connection in time; reads `sip` bytes twice a second. For a thread."""
        poller, end = select.poll(), time.monotonic() + within_s
        poller.register(self._socket, 0)
        try:
            while not (gone := bool(poller.poll(500))) and time.monotonic() < end:
                # A busy server may not have written the first byte yet, and may reset the line between the two calls.
                with contextlib.suppress(BlockingIOError, ConnectionError):
                    self._socket.recv(sip)
            return gone
        finally:
            self._socket.close()

    def leaves(self) -> None:
        self._socket.close()

    async def reads_at_last(self) -> int | None:
        """Everything that was left; the code of the close frame at its end, None if the line was cut."""
        loop = asyncio.get_running_loop()
        last = b""
        try:
            while data := await loop.sock_recv(self._socket, 2**20):
                last = (last + data)[-200:]
                if closing := CLOSE_FRAME.search(last):
                    return int.from_bytes(closing[1], "big")
        except ConnectionError:
            pass
        finally:
            self._socket.close()
        return None

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


async def test_who_never_reads_costs_a_bounded_amount_and_is_let_go(tmp_path: Path, measured: Callable[[str], None]):
    port, more = free_port(), asyncio.Event()
    async with OpenAIServer(reply(*says("Well", *[" and so on"] * 3_000), more)) as model:
        async with serving(tmp_path, port, model.url, HAVANA_RATE_LIMITS="off") as server:
            writer = await arrives(port)
            said = await writer.post("Tell me all")
            conversation, log = said["conversation"], said["log"]
            await writer.sees(lambda frame: frame.get("push") == "delta")
            living = await Person.hello(f"http://127.0.0.1:{port}", writer.token)
            seen = (await living.do("follow", conversation=conversation, log=log, seq=0))["top"]
            await flood(writer, living, conversation)
            before = memory(server.pid, "VmHWM")
            async with sleeping(port, writer.token, conversation) as sleepers:
                top = await flood(writer, living, conversation)
                most = memory(server.pid, "VmHWM")
                measured(f"{READERS} who never read: from {before / 2**20:.0f} to at most {most / 2**20:.0f} MiB")

                assert most - before < BOUND
                heard = [event["seq"] for event in living.events(conversation) if seen < event["seq"] <= top]
                assert heard == list(range(seen + 1, top + 1))
                async with asyncio.timeout(PATIENCE_S):
                    codes = await asyncio.gather(*(sleeper.reads_at_last() for sleeper in sleepers))
            # How long the flood took is the machine's business; which of the two it is stands in the tests below.
            assert set(codes) <= {int(Close.SLOW), None}
            assert await whole(port, writer.token, conversation, log, top) == list(range(1, top + 1))
            await writer.leave()
            await living.leave()


async def flood(writer: Person, living: Person, conversation: str) -> int:
    """Says so much that whoever does not read falls behind; the last seq, as soon as the reader who reads has it."""
    for _ in range(MESSAGES // AT_ONCE):
        await asyncio.gather(*(writer.post(TEXT, conversation) for _ in range(AT_ONCE)))
    top: int = (await writer.post("The end", conversation))["seq"]
    await living.sees_event("message_posted", seq=top)
    return top


@asynccontextmanager
async def sleeping(port: int, token: str, conversation: str) -> AsyncIterator[list[NeverReads]]:
    """Readers who follow the conversation and never read."""
    sleepers = [NeverReads(port, token) for _ in range(READERS)]
    try:
        for sleeper in sleepers:
            await sleeper.arrive()
            await sleeper.follow(conversation)
        yield sleepers
    finally:
        for sleeper in sleepers:
            sleeper.leaves()


class Beside:
    """A house with a writer, a reader who reads, and readers who sleep, as the server sees them: `asleep`."""

    def __init__(self, port: int, writer: Person, living: Person, conversation: str, log: str) -> None:
        self.port = port
        self.writer = writer
        self.living = living
        self.conversation = conversation
        self.log = log
        self.sleepers: list[NeverReads] = []
        self.asleep: list[Connection] = []
        self.top = 0

    @property
    def full(self) -> list[Connection]:
        """Of those who sleep, the ones for whom as much waits as may, and who have not been given up."""
        return [one for one in self.asleep if one.is_congested and one.closing is None]

    async def delivers(self, text: str) -> float:
        """Seconds from sending a message until the reader who reads has it."""
        begun = time.perf_counter()
        self.top = (await self.writer.post(text, self.conversation))["seq"]
        await self.living.sees_event("message_posted", seq=self.top)
        took = time.perf_counter() - begun
        self.living.received.clear()
        self.writer.received.clear()
        return took

    async def usually(self) -> float:
        """Seconds until a message is there: the median of many."""
        return statistics.median([await self.delivers("Short") for _ in range(SAMPLES)])

    async def give_up_all(self) -> None:
        """Says so much that nobody who sleeps can be waited for."""
        while not all(one.closing for one in self.asleep):
            await self.delivers(TEXT)
        assert {one.closing[0] for one in self.asleep if one.closing} == {Close.SLOW}


@asynccontextmanager
async def beside(data: Path) -> AsyncIterator[Beside]:
    async with a_house(data) as house:
        writer = await house.visitor()
        said = await writer.do("request_human")
        living = await house.visitor(writer.token)
        await living.do("follow", conversation=said["conversation"])
        there = Beside(int(house.url.rpartition(":")[2]), writer, living, said["conversation"], said["log"])
        endpoint = the_endpoint()
        awake = {socket.connection for socket in endpoint._sockets}
        async with sleeping(there.port, writer.token, there.conversation) as there.sleepers:
            there.asleep = [s.connection for s in endpoint._sockets if s.connection not in awake]
            yield there


async def test_who_reads_has_everything_while_others_sleep_and_no_later(
    tmp_path: Path, measured: Callable[[str], None]
):
    async with beside(tmp_path) as there:
        before = await there.usually()
        while not there.full:
            await there.delivers(TEXT)
        full = there.full
        beside_full = await there.usually()

        # All of that was there before anything became of those who do not read.
        assert set(full) <= set(there.full)
        await there.give_up_all()
        after = await there.usually()
        slower = beside_full / max(before, after)
        measured(f"beside {len(full)} full outboxes a message took {slower:.1f} times as long as without them")
        assert slower < MUCH_SLOWER


async def test_who_reads_again_in_time_learns_that_it_was_too_slow_and_comes_back_whole(tmp_path: Path):
    with mock.patch.object(live_socket, "STUCK_S", 3600.0):
        async with beside(tmp_path) as there:
            await there.give_up_all()
            codes = await asyncio.gather(*(sleeper.reads_at_last() for sleeper in there.sleepers))

            assert codes == [Close.SLOW] * READERS
            assert await whole(there.port, there.writer.token, there.conversation, there.log, there.top) == list(
                range(1, there.top + 1)
            )


async def test_who_does_not_is_cut_off_and_comes_back_whole(tmp_path: Path):
    with mock.patch.object(live_socket, "STUCK_S", 0.0), mock.patch.object(protocols, "GONE_WITHIN_S", 0.0):
        async with beside(tmp_path) as there:
            await there.give_up_all()
            cut = await asyncio.gather(*(asyncio.to_thread(one.is_let_go, PATIENCE_S) for one in there.sleepers))

            assert cut == [True] * READERS
            assert await whole(there.port, there.writer.token, there.conversation, there.log, there.top) == list(
                range(1, there.top + 1)
            )


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


async def test_who_asks_for_much_and_reads_nothing_or_next_to_nothing_is_let_go_in_time(tmp_path: Path):
    port = free_port()
    async with serving(tmp_path, port, HAVANA_RATE_LIMITS="off", HAVANA_MODEL="builtin") as server:
        writer = await arrives(port)
        conversation = (await writer.post("Hello"))["conversation"]
        await asyncio.gather(*(writer.post(TEXT, conversation) for _ in range(AT_ONCE)))
        await writer.leave()
        history = {"do": "history", "conversation": conversation, "limit": 100}
        before = open_sockets(server.pid)
        readers = [NeverReads(port, writer.token) for _ in range(2)]
        for reader in readers:
            await reader.arrive()
            await reader.says(*({"id": number, **history} for number in range(2, 2 + PAGES)))
        dead, sipping = readers
        let_go = await asyncio.gather(
            asyncio.to_thread(dead.is_let_go, LET_GO_S), asyncio.to_thread(sipping.is_let_go, LET_GO_S, sip=100)
        )

        assert let_go == [True, True]
        assert open_sockets(server.pid) <= before


def open_sockets(pid: int) -> int:
    """Not all files: the database opens more of them when more is read at once."""
    return sum(str(file.readlink()).startswith("socket:") for file in Path(f"/proc/{pid}/fd").iterdir())
