"""People who talk: what the load generator does while posts are measured, and what it counts.

Everything that happens for a frame is here, kept short: the generator must cost less than the server.
"""

import asyncio
import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from client import Client
from dialects import Dialect, Frames

SETTLES_WITHIN_S = 20
now = time.perf_counter


class Counted(msgspec.Struct):
    """What was seen while the window was open; latencies in seconds."""

    began: float = 0
    seconds: float = 0
    server_cpu_s: float = 0
    own_cpu_s: float = 0
    beside_cpu_s: dict[str, float] = {}
    acknowledged: list[float] = []
    delivered: list[float] = []


class Window:
    """The time in which things count: after the warm-up, before the end.

    `pid` is the server's; `helper` is another process that belongs to the load, `beside` those that the server needs.
    """

    def __init__(self, pid: int, helper: int | None = None, beside: Mapping[str, int] | None = None) -> None:
        self.open = False
        self.counted = Counted()
        self.failed: str | None = None
        self.pid = pid
        self._helper = helper
        self._beside = beside or {}

    async def measure(self, warm_s: float, seconds: float) -> Counted:
        await asyncio.sleep(warm_s)
        began, server, own, beside = now(), cpu_s(self.pid), self.own_cpu_s(), self._beside_cpu_s()
        self.open = True
        await asyncio.sleep(seconds)
        self.open = False
        counted = self.counted
        counted.began = began
        counted.seconds, counted.server_cpu_s = now() - began, cpu_s(self.pid) - server
        counted.own_cpu_s = self.own_cpu_s() - own
        counted.beside_cpu_s = {name: used - beside[name] for name, used in self._beside_cpu_s().items()}
        return counted

    def own_cpu_s(self) -> float:
        """What the load itself has cost."""
        return time.process_time() + (cpu_s(self._helper) if self._helper else 0)

    def _beside_cpu_s(self) -> dict[str, float]:
        return {name: family_cpu_s(pid) for name, pid in self._beside.items()}

    def fail(self, why: str) -> None:
        self.failed = self.failed or why


class Conversation:
    """One who speaks, and some who read. A post is counted from the moment at which it was to be sent."""

    def __init__(
        self, dialect: Dialect, window: Window, speaker: Client, frames: Frames, readers: Sequence[Client]
    ) -> None:
        self.sent: list[float] = []
        self.acknowledged = 0
        self._own = self._size = 0
        self.on_acknowledged: Callable[[], None] = lambda: None
        self.on_read: Callable[[], None] = lambda: None
        self._dialect = dialect
        self._window = window
        self._speaker = speaker
        self._frame = frames.post
        self._clients = (speaker, *readers)
        self.readers = [Reader(self, dialect, window, client) for client in readers]
        speaker.take = self._take
        for client in self._clients:
            client.on_lost = window.fail

    def post(self, at: float) -> None:
        self.sent.append(at)
        self._speaker.send(self._frame(1000 + len(self.sent)))

    def sizes(self) -> dict[str, int]:
        """Bytes of the last frames of each kind."""
        post = len(self._frame(1000 + len(self.sent)))
        return {"post": post, "acknowledgement": self._size, "delivery": self.readers[0].size if self.readers else 0}

    @property
    def is_settled(self) -> bool:
        """Whether everything has arrived. Whoever speaks gets their own posts too, where there is delivery at all."""
        posts = len(self.sent)
        own = posts if self.readers else 0
        # Chainlit tells the speaker of a step as well, as it tells of a message.
        return self.acknowledged == posts and self._own >= own and all(reader.read == posts for reader in self.readers)

    def leave(self) -> None:
        for client in self._clients:
            client.leave()

    def _take(self, line: bytes) -> None:
        if line.startswith(self._dialect.acknowledged):
            if self._window.open:
                self._window.counted.acknowledged.append(now() - self.sent[self.acknowledged])
                self._size = len(line)
            self.acknowledged += 1
            self.on_acknowledged()
        elif line.startswith(self._dialect.delivered):
            self._own += 1


class Reader:
    """Gets every post of a conversation, in order."""

    def __init__(self, conversation: Conversation, dialect: Dialect, window: Window, client: Client) -> None:
        self.read = self.size = 0
        self._conversation = conversation
        self._sent = conversation.sent
        self._prefix = dialect.delivered
        self._window = window
        client.take = self._take

    def _take(self, line: bytes) -> None:
        if line.startswith(self._prefix):
            if self._window.open:
                self._window.counted.delivered.append(now() - self._sent[self.read])
                self.size = len(line)
            self.read += 1
            self._conversation.on_read()


def closed_loop(conversations: Sequence[Conversation], stopped: asyncio.Event) -> None:
    """Each speaks again as soon as the last post was acknowledged."""
    for conversation in conversations:

        def speak(conversation: Conversation = conversation) -> None:
            if not stopped.is_set():
                conversation.post(now())

        conversation.on_acknowledged = speak
        speak()


def fan_out(conversation: Conversation, stopped: asyncio.Event, in_flight: int) -> None:
    """A post goes out as soon as an earlier one is with every reader; so many are on their way at any time."""
    readers = len(conversation.readers)
    reads = 0

    def read() -> None:
        nonlocal reads
        reads += 1
        if reads % readers == 0 and not stopped.is_set():
            conversation.post(now())

    conversation.on_read = read
    for _ in range(in_flight):
        conversation.post(now())


async def open_loop(conversations: Sequence[Conversation], times: Sequence[float], stopped: asyncio.Event) -> None:
    """Posts at these times (seconds from now), in turns, whatever has become of the earlier ones."""
    began = now()
    for number, at in enumerate(times):
        if (early := began + at - now()) > 0:
            await asyncio.sleep(early)
        if stopped.is_set():
            return
        conversations[number % len(conversations)].post(began + at)


async def settle(conversations: Sequence[Conversation], window: Window) -> None:
    """Waits until all that was sent has arrived, and makes sure that it did."""
    until = now() + SETTLES_WITHIN_S
    while window.failed is None and not all(conversation.is_settled for conversation in conversations):
        if now() > until:
            posts = sum(len(conversation.sent) for conversation in conversations)
            acknowledged = sum(conversation.acknowledged for conversation in conversations)
            read = sum(reader.read for conversation in conversations for reader in conversation.readers)
            window.fail(f"{posts} posts, {acknowledged} acknowledged, {read} delivered")
        await asyncio.sleep(0.02)
    if window.failed is not None:
        raise SystemExit(f"The run is void: {window.failed}")


def cpu_s(pid: int) -> float:
    """Seconds of processor time that a process has used, all its threads together."""
    return sum(map(int, _fields(pid)[11:13])) / os.sysconf("SC_CLK_TCK")


def family_cpu_s(pid: int) -> float:
    """The same with the processes that it has begun, also those that have ended."""
    ended = sum(map(int, _fields(pid)[13:15])) / os.sysconf("SC_CLK_TCK")
    children = [child for child in _processes() if _parent(child) == pid]
    return cpu_s(pid) + ended + sum(map(_cpu_s_so_far, children))


def _processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]


def _parent(pid: int) -> int | None:
    with suppress(OSError):
        return int(_fields(pid)[1])
    return None


def _cpu_s_so_far(pid: int) -> float:
    with suppress(OSError):
        return cpu_s(pid)
    # It has ended meanwhile.
    return 0


def _fields(pid: int) -> list[str]:
    """What the kernel says of a process, after its number and name."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()


def memory(pid: int) -> int:
    """What of a process is in memory (RSS), in bytes."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    assert found, "the server has ended"
    return int(found[1]) * 1024
