"""What connects this process with others that serve the same database."""

import asyncio
from collections.abc import Callable

from havana.accounts.limits import Alone, Together
from havana.bus import PEOPLE, Bus, Message, Present
from havana.bus.memory import MemoryBus
from havana.duty import Duty, Said
from havana.ids import new_id
from havana.storage import staff
from havana.storage.database import Database
from havana.storage.membership import Membership
from havana.storage.nodes import Standing


class Cluster:
    """`bus` reaches them, `together` counts with them. By itself: a process that knows of no other."""

    def __init__(self) -> None:
        self.bus: Bus = MemoryBus()
        self.together: Together = Alone()

    async def start(self, duty: Duty, look: Callable[[], None]) -> None:
        """`look` is called now and then: another node may have said something of which this one did not hear."""
        del duty, look
        await self.bus.start()

    async def stop(self) -> None:
        await self.bus.close()


class RedisCluster(Cluster):
    """Raises `ImportError` where the client library is missing, `ValueError` for an address that cannot be read."""

    def __init__(self, redis_url: str, database: Database, membership: Membership) -> None:
        # Imported here: most have no Redis.
        from havana.bus.redis import RedisBus
        from havana.bus.redis_limits import RedisLimits

        installation = database.write_now(lambda conn: staff.secret(conn, "installation", new_id()))
        self._membership = membership
        self.bus = RedisBus(redis_url, installation=installation, node=membership.standing.node.id)
        self.together = self._limits = RedisLimits(redis_url, installation=installation)
        self._presence: Presence | None = None

    async def start(self, duty: Duty, look: Callable[[], None]) -> None:
        await super().start(duty, look)
        await self._limits.start()
        self._presence = Presence(duty, self._membership, self.bus, look)
        self._presence.start()

    async def stop(self) -> None:
        if self._presence is not None:
            self._presence.stop()
        await self._limits.close()
        await super().stop()


class Presence:
    """Tells the other nodes which agents are connected here, and hears it from them: at once over the bus, and with
    each renewal of a lease for certain.
    """

    def __init__(self, duty: Duty, membership: Membership, bus: Bus, look: Callable[[], None]) -> None:
        self._look = look
        self._duty = duty
        self._membership = membership
        self._bus = bus
        self._told: tuple[str, ...] = ()

    def start(self) -> None:
        """Knows who is there as soon as it returns: nobody must be taken for absent because we are new."""
        loop = asyncio.get_running_loop()
        self._bus.subscribe(PEOPLE, self._hear)
        self._duty.say = self._membership.say
        self._learn(self._membership.standing)
        # Renewals happen on a loop of their own.
        self._membership.listen(lambda standing: loop.call_soon_threadsafe(self._learn, standing))

    def stop(self) -> None:
        self._membership.listen(lambda _standing: None)

    def _learn(self, standing: Standing) -> None:
        self._duty.others({other.id: Said(other.renewed, other.agents) for other in standing.others})
        self._look()
        node = standing.node
        if node.agents != self._told:
            # After it was stored, and with that number: what others read there cannot undo it.
            self._told = node.agents
            self._bus.publish(PEOPLE, Present(node.id, node.renewed, node.agents))

    def _hear(self, message: Message) -> None:
        if isinstance(message, Present) and message.node != self._membership.standing.node.id:
            self._duty.heard(message.node, Said(message.number, message.agents))
