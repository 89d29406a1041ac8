"""This process among those that serve the same PostgreSQL database: a lease that it renews, and who else holds one."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from functools import partial

import msgspec
import structlog

from havana.ids import new_id
from havana.storage import jobs, nodes
from havana.storage.database import Connection, Work
from havana.storage.nodes import Node, Standing
from havana.storage.trouble import DatabaseInUse, said

log = structlog.get_logger()

Write = Callable[[Work[Standing]], Awaitable[Standing]]


class Membership:
    """Runs on the loop that opened the database, so that a lease is renewed whatever else this process is busy with.

    `write` commits a work. `where` is what people call the database.
    """

    def __init__(
        self, write: Write, where: str, *, joins: bool, lease_s: float, renew_every_s: float, command_s: float
    ) -> None:
        self._write = write
        self._where = where
        self._lease_s = lease_s
        self._renew_every_s = renew_every_s
        self._command_s = command_s
        name = f"{socket.gethostname()}, process {os.getpid()}"
        self.standing = Standing(Node(new_id(), name, joins=joins), held=False)
        self._agents: tuple[str, ...] = ()
        self._renewed_at = self._lenient_until = self._lenience_s = 0.0
        self._said = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._keeping: asyncio.Task[None] | None = None
        self._hear: Callable[[Standing], object] = lambda _standing: None

    @property
    def is_taken_over(self) -> bool:
        """Somebody who works alone serves the database now: this process was taken for dead."""
        return self._keeping is not None and not self.standing.held

    def say(self, agents: tuple[str, ...]) -> None:
        """Tells the others who has a console open here. From any thread."""
        self._agents = agents
        self._loop.call_soon_threadsafe(self._said.set)

    def listen(self, hear: Callable[[Standing], object]) -> None:
        """`hear` is told after each renewal how things stand."""
        self._hear = hear

    async def join(self) -> None:
        """Takes the lease. Waits for one in the way that is not renewed: its node was killed."""
        seen: dict[str, int] = {}
        while not (standing := await self._write(self._come)).held:
            for other in standing.others:
                if other.renewed > seen.get(other.id, other.renewed) or (seen and other.id not in seen):
                    raise DatabaseInUse(self._in_use(other))
                if not seen:
                    log.info("waiting for the lease of a server that may be gone", server=other.name)
            seen = {other.id: other.renewed for other in standing.others}
            await asyncio.sleep(self._renew_every_s / 4)
        self.standing = standing
        self._renewed_at = self._loop.time()
        self._keeping = asyncio.create_task(self._keep())

    async def leave(self) -> None:
        if self._keeping is None:
            return
        self._keeping.cancel()
        await asyncio.gather(self._keeping, return_exceptions=True)
        try:
            async with asyncio.timeout(self._command_s):
                await self._write(self._go)
        except Exception as error:  # noqa: BLE001 - a lease that nobody gives back runs out
            log.warning("could not give the lease back", error=said(error))

    def _come(self, conn: Connection) -> Standing:
        standing = nodes.keep(conn, self.standing.node, self._lease_s)
        if standing.held and not standing.others:
            # Whoever held a job is dead.
            jobs.release_all(conn)
        return standing

    def _go(self, conn: Connection) -> Standing:
        nodes.leave(conn, self.standing.node.id)
        return self.standing

    async def _keep(self) -> None:
        while True:
            try:
                async with asyncio.timeout(self._renew_every_s):
                    await self._said.wait()
            except TimeoutError:
                pass
            self._said.clear()
            try:
                await self._renew()
            except Exception as error:  # noqa: BLE001 - whatever it was, the next renewal tries again
                log.warning("could not renew the lease", error=said(error))

    async def _renew(self) -> None:
        node = msgspec.structs.replace(self.standing.node, agents=self._agents)
        grace_s = self._grace_s()
        async with asyncio.timeout(self._command_s):
            standing = await self._write(partial(nodes.keep, node=node, lease_s=self._lease_s, grace_s=grace_s))
        self._renewed_at = self._loop.time()
        if self.standing.held and not standing.held:
            log.error("another server has taken over; this one takes nothing any more", server=standing.others[0].name)
        self.standing = standing
        self._hear(standing)

    def _grace_s(self) -> float:
        """How long the others' leases may have run out.

        While the database was away nobody could renew theirs, and the first to come back must not believe to be alone.
        """
        now = self._loop.time()
        away = now - self._renewed_at
        if away > self._lease_s:
            self._lenient_until, self._lenience_s = now + self._lease_s, away + self._lease_s
        return self._lenience_s if now < self._lenient_until else 0

    def _in_use(self, other: Node) -> str:
        if self.standing.node.joins:
            return (
                f"Another havana serve is using {self._where} alone ({other.name}). Stop it, or start it with "
                "HAVANA_REDIS_URL too."
            )
        return (
            f"Another havana serve is using {self._where} ({other.name}). Stop it, give this one another database with "
            "HAVANA_DATABASE_URL, or let them work side by side: HAVANA_REDIS_URL, the same for both."
        )
