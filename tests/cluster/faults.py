"""What happens to the machines: each fault lasts a while, and afterwards everything is as it was."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator
from random import Random
from typing import Any

import msgspec
from tests.line import Line

from .nodes import Cluster, Node


class Lengths(msgspec.Struct, frozen=True):
    """In seconds. `frozen` and `cut` outlast every lease: a node's is 10, a job's 12."""

    away: float
    frozen: float
    cut: float


SHORT = Lengths(away=2, frozen=14, cut=13)
LONG = Lengths(away=30, frozen=30, cut=30)


class Faults:
    """`redis` may be None, where one node does without; then nothing happens to it."""

    def __init__(self, cluster: Cluster, postgres: Any, redis: Any, lengths: Lengths, dice: Random) -> None:
        self._cluster = cluster
        self._postgres = postgres
        self._redis = redis
        self._lengths = lengths
        self._dice = dice
        self._all: list[Callable[[], Awaitable[object]]] = [
            self.a_node_is_killed,
            self.a_node_is_frozen,
            self.postgresql_restarts,
            self.a_node_is_cut_off_from_postgresql,
            self.all_nodes_restart_one_by_one,
        ]
        if redis is not None:
            self._all += [self.redis_is_killed, self.a_node_is_cut_off_from_redis]

    def order(self, number: int) -> Iterator[Callable[[], Awaitable[object]]]:
        """So many of them: each kind before any comes again."""
        while number > 0:
            yield from self._dice.sample(self._all, len(self._all))[:number]
            number -= len(self._all)

    async def a_node_is_killed(self) -> None:
        node = self._one()
        node.send(signal.SIGKILL)
        await node.is_gone()
        await asyncio.sleep(self._dice.uniform(0, self._lengths.away))
        node.start()

    async def a_node_is_frozen(self) -> None:
        node = self._one()
        node.send(signal.SIGSTOP)
        await asyncio.sleep(self._lengths.frozen)
        node.send(signal.SIGCONT)

    async def postgresql_restarts(self) -> None:
        await asyncio.to_thread(self._postgres.stop)
        await asyncio.sleep(self._lengths.away)
        await asyncio.to_thread(self._postgres.start)

    async def redis_is_killed(self) -> None:
        """It starts again empty."""
        await asyncio.to_thread(self._redis.kill)
        await asyncio.sleep(self._lengths.away)
        await asyncio.to_thread(self._redis.start)

    async def a_node_is_cut_off_from_redis(self) -> None:
        line = self._one().to_redis
        assert line is not None
        await self._breaks(line, self._lengths.away)

    async def a_node_is_cut_off_from_postgresql(self) -> None:
        await self._breaks(self._one().to_postgres, self._lengths.cut)

    async def all_nodes_restart_one_by_one(self) -> None:
        for node in self._cluster.nodes:
            node.send(signal.SIGTERM)
            await node.is_gone()
            node.start()
            await node.is_ready()

    def _one(self) -> Node:
        return self._dice.choice(self._cluster.nodes)

    async def _breaks(self, line: Line, seconds: float) -> None:
        """Either whoever is connected is told, or nobody is."""
        quiet = self._dice.random() < 0.5
        line.freeze() if quiet else line.cut()
        await asyncio.sleep(seconds)
        line.thaw() if quiet else line.open()
