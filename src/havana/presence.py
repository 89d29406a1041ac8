"""Tells the other nodes which agents are connected here, and hears it from them: at once over the bus, and with each
renewal of a lease for certain.
"""

import asyncio

from havana.bus import PEOPLE, Bus, Message, Present
from havana.duty import Duty, Said
from havana.storage.membership import Membership
from havana.storage.nodes import Standing


class Presence:
    def __init__(self, duty: Duty, membership: Membership, bus: Bus) -> None:
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
        node = standing.node
        if node.agents != self._told:
            # After it was stored, and with that number: what others read there cannot undo it.
            self._told = node.agents
            self._bus.publish(PEOPLE, Present(node.id, node.renewed, node.agents))

    def _hear(self, message: Message) -> None:
        if isinstance(message, Present) and message.node != self._membership.standing.node.id:
            self._duty.heard(message.node, Said(message.number, message.agents))
