"""The bus of several nodes, over Redis or Valkey: at once to everybody on this node, soon to the others.

Redis keeps nothing of it. Every node listens to all shards, so that subscribing to a topic asks nobody. One connection
publishes and one listens, which keeps the order of what one node says. Nothing is kept while Redis is away: what is
said here must not arrive late, and the log has what matters.
"""

import asyncio
import time
import zlib
from collections.abc import Callable
from contextlib import suppress

import structlog

from havana.bus import Handler, Message, Unsubscribe
from havana.bus.envelope import Reader, Waiting
from havana.bus.memory import MemoryBus
from havana.bus.peers import Peers
from havana.bus.redis_connection import Address, Gone, Pace, RedisConnection, connected, for_ever

SHARDS = 16
"""The same on all nodes, and for ever: another number would split an installation during an upgrade."""
MOST_WAITING = 10_000
AT_ONCE = 500
"""Messages in one journey to Redis."""

log = structlog.get_logger()


class RedisBus:
    """`installation` tells those apart who share a Redis, `node` this process from all others."""

    def __init__(
        self,
        url: str,
        *,
        installation: str,
        node: str,
        pace: Pace = Pace(),  # noqa: B008 - it is frozen
        most_waiting: int = MOST_WAITING,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._address = Address(url)
        self._shards = [f"{installation}:bus:{number}".encode() for number in range(SHARDS)]
        self._node = node
        self._pace = pace
        self._clock = clock
        self._here = MemoryBus()
        self._reader = Reader()
        self._peers = Peers()
        self._waiting = Waiting(node, most_waiting)
        self._something = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closing = False
        self._connected = False
        self._said_gone = False
        self._whole_from = 0.0
        self._heard_at = 0.0

    @property
    def is_whole(self) -> bool:
        now = self._clock()
        return self._connected and now >= self._whole_from and not self._peers.is_one_silent(now)

    def publish(self, topic: str, message: Message) -> None:
        if self._task is not None and not self._closing:
            if not self._connected:
                self._waiting.miss()
            elif not self._waiting.put(topic, message):
                self._lose()
            self._something.set()
        self._here.publish(topic, message)

    def subscribe(self, topic: str, handler: Handler) -> Unsubscribe:
        return self._here.subscribe(topic, handler)

    async def start(self) -> None:
        self._task = asyncio.create_task(for_ever(self._serve, self._is_gone, self._pace), name="bus")

    async def close(self) -> None:
        """Says what still waits, if Redis takes it within a moment."""
        self._closing = True
        if self._task is not None:
            self._something.set()
            if self._connected:
                await asyncio.wait([self._task], timeout=self._pace.flush_s)
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self._here.close()

    async def _serve(self) -> None:
        """Until Redis is gone, or the bus is closed and has said everything."""
        address, answer_s = self._address, self._pace.answer_s
        async with connected(address, answer_s) as listening, connected(address, answer_s) as publishing:
            # One command: when the first shard is confirmed, all are.
            await listening.ask([("SUBSCRIBE", *self._shards)])
            await publishing.ask([("PUBLISH", self._shards[0], self._waiting.sign_of_life())])
            self._is_there()
            try:
                async with asyncio.TaskGroup() as tasks:
                    ears = [tasks.create_task(self._listen(listening)), tasks.create_task(self._watch(listening))]
                    await self._say(publishing)
                    for ear in ears:
                        ear.cancel()
            finally:
                self._connected = False

    def _is_there(self) -> None:
        self._connected = True
        if self._said_gone:
            self._said_gone = False
            self._lose()
            log.info("redis is back", server=str(self._address))

    def _is_gone(self, reason: str) -> None:
        self._waiting.drop_all()
        if not self._said_gone and not self._closing:
            self._said_gone = True
            log.warning("redis is gone", server=str(self._address), reason=reason)

    def _lose(self) -> None:
        self._whole_from = self._clock() + self._pace.known_s

    async def _say(self, publishing: RedisConnection) -> None:
        """All that waits, in one journey; and now and then that we are here, which tells whether Redis is."""
        while True:
            if not self._waiting and not self._closing:
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._pace.ping_s):
                        await self._something.wait()
            self._something.clear()
            messages = [(_shard(topic), message) for topic, message in self._waiting.take(AT_ONCE)]
            leaves = self._closing and not messages
            if not messages:
                messages = [(0, self._waiting.sign_of_life(leaves=leaves))]
            await publishing.ask([("PUBLISH", self._shards[shard], message) for shard, message in messages])
            if leaves:
                return

    async def _listen(self, listening: RedisConnection) -> None:
        while True:
            heard = await listening.read()
            self._heard_at = self._clock()
            if heard[0] == b"message":
                self._arrived(heard[2])

    async def _watch(self, listening: RedisConnection) -> None:
        """Whether the subscription lives: on a dead line nothing comes, and nobody says so."""
        self._heard_at = self._clock()
        while True:
            await asyncio.sleep(self._pace.ping_s)
            if self._clock() - self._heard_at > self._pace.ping_s + self._pace.answer_s:
                raise Gone("no answer")
            await listening.send(("PING",))

    def _arrived(self, payload: bytes) -> None:
        envelope = self._reader.envelope(payload)
        if envelope is None or envelope.node == self._node:
            return
        if not self._peers.hear(envelope, self._clock()):
            self._lose()
        topics = [topic for topic in envelope.topics if self._here.hears(topic)]
        message = self._reader.message(envelope) if topics else None
        if message is not None:
            for topic in topics:
                self._here.publish(topic, message)


def _shard(topic: str) -> int:
    # Python's own hash differs from process to process.
    return zlib.crc32(topic.encode()) % SHARDS
