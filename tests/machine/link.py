"""What joins the buses of the nodes: it may lose, double and reorder whatever passes over it."""

from dataclasses import dataclass
from random import Random

from havana.bus import Handler, Message, Unsubscribe
from havana.bus.memory import MemoryBus


@dataclass
class Weather:
    """How bad it is, as probabilities. `disk`: that the store refuses a work."""

    loss: float = 0.0
    doubling: float = 0.0
    reordering: float = 0.0
    disk: float = 0.0


class NodeBus:
    """At once to everybody on this node; to other nodes over the link."""

    is_whole = True

    def __init__(self, link: "Link") -> None:
        self._here = MemoryBus()
        self._link = link

    def publish(self, topic: str, message: Message) -> None:
        self._here.publish(topic, message)
        self._link.carry(self, topic, message)

    def subscribe(self, topic: str, handler: Handler) -> Unsubscribe:
        return self._here.subscribe(topic, handler)

    async def start(self) -> None: ...

    async def close(self) -> None:
        await self._here.close()

    def arrives(self, topic: str, message: Message) -> None:
        self._here.publish(topic, message)


class Link:
    """`under_way` are messages with the bus that they are for."""

    def __init__(self, weather: Weather) -> None:
        self.buses: list[NodeBus] = []
        self.under_way: list[tuple[NodeBus, str, Message]] = []
        self._weather = weather

    def join(self) -> NodeBus:
        bus = NodeBus(self)
        self.buses.append(bus)
        return bus

    def leave(self, bus: NodeBus) -> None:
        self.buses.remove(bus)
        self.under_way = [message for message in self.under_way if message[0] is not bus]

    def carry(self, sender: NodeBus, topic: str, message: Message) -> None:
        if sender in self.buses:
            self.under_way.extend((bus, topic, message) for bus in self.buses if bus is not sender)

    def take(self, random: Random) -> tuple[NodeBus, str, Message] | None:
        """The next message that arrives, or None if it is lost."""
        weather = self._weather
        place = random.randrange(len(self.under_way)) if random.random() < weather.reordering else 0
        if random.random() < weather.doubling:
            return self.under_way[place]
        taken = self.under_way.pop(place)
        return None if random.random() < weather.loss else taken
