"""Whether visitors should be sent to this process: not once it leaves, and not while it can store nothing."""

import asyncio

from havana.bus import Bus
from havana.chat.errors import Busy
from havana.storage import sites
from havana.storage.database import Database
from havana.storage.dialects import can_store

PATIENCE_S = 5.0
"""A database that takes longer for one commit is as good as none."""
GOOD_FOR_S = 1.0
"""However often somebody asks, the disk is asked no more often than this."""


class Readiness:
    def __init__(self, database: Database, bus: Bus) -> None:
        self._database = database
        self._bus = bus
        self._leaving = False
        self._asking: asyncio.Task[None] | None = None
        self._stored_at = float("-inf")

    def leave(self) -> None:
        """The server is about to go: before its clients are sent away, no new ones shall come."""
        self._leaving = True

    @property
    def bus(self) -> str:
        """Without it everything comes later, and nothing is wrong: no reason to send nobody here."""
        return "ok" if self._bus.is_whole else "away"

    async def check(self) -> None:
        """Reads, and commits a write that changes nothing. Raises a `Refusal` that says why we are not ready."""
        if self._leaving:
            raise Busy("The server is shutting down.", retry_ms=5000)
        if asyncio.get_running_loop().time() - self._stored_at < GOOD_FOR_S:
            return
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        await asyncio.shield(self._asking)

    async def _ask(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._database.read(sites.default)
                await self._database.write(can_store)
        except TimeoutError:
            raise Busy(f"The database has not answered for {PATIENCE_S:.0f} s.", retry_ms=2000) from None
        self._stored_at = asyncio.get_running_loop().time()
