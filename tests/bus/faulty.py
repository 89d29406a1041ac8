"""A bus that joins several nodes of one process, and may lose, double, reorder and delay what passes between them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random

from havana.bus import Bus, Handler, Message, Unsubscribe
from havana.bus.memory import MemoryBus


@dataclass
class Weather:
    """How bad it is, as probabilities, and the longest delay of an arrival. `disk`: that the store refuses a work."""

    loss: float = 0.0
    doubling: float = 0.0
    reordering: float = 0.0
    disk: float = 0.0
    delay_s: float = 0.0


class FaultyBus:
    """At once to everybody on this node, by the bus beneath; to other nodes over the link."""

    is_whole = True
    """Nobody knows of what a link loses, unless a test says so here."""

    def __init__(self, link: "Link", here: Bus | None = None) -> None:
        self._here = here or MemoryBus()
        self._link = link

    def publish(self, topic: str, message: Message) -> None:
        self._here.publish(topic, message)
        self._link.carry(self, topic, message)

    def subscribe(self, topic: str, handler: Handler) -> Unsubscribe:
        return self._here.subscribe(topic, handler)

    async def start(self) -> None:
        await self._here.start()
        self._link.let_in(self)

    async def close(self) -> None:
        self._link.leave(self)
        await self._here.close()

    def arrives(self, topic: str, message: Message) -> None:
        self._here.publish(topic, message)


class Link:
    """`under_way` are messages with the bus that they are for."""

    def __init__(self, weather: Weather) -> None:
        self.buses: list[FaultyBus] = []
        self.under_way: list[tuple[FaultyBus, str, Message]] = []
        self._weather = weather
        self._news = asyncio.Event()

    def join(self) -> FaultyBus:
        """A bus that is reached from now on, without a start."""
        bus = FaultyBus(self)
        self.let_in(bus)
        return bus

    def let_in(self, bus: FaultyBus) -> None:
        if bus not in self.buses:
            self.buses.append(bus)

    def leave(self, bus: FaultyBus) -> None:
        if bus in self.buses:
            self.buses.remove(bus)
        self.under_way = [message for message in self.under_way if message[0] is not bus]

    def carry(self, sender: FaultyBus, topic: str, message: Message) -> None:
        if sender in self.buses:
            self.under_way.extend((bus, topic, message) for bus in self.buses if bus is not sender)
            self._news.set()

    def take(self, random: Random) -> tuple[FaultyBus, str, Message] | None:
        """The next message that arrives, or None if it is lost."""
        weather = self._weather
        place = random.randrange(len(self.under_way)) if random.random() < weather.reordering else 0
        if random.random() < weather.doubling:
            return self.under_way[place]
        taken = self.under_way.pop(place)
        return None if random.random() < weather.loss else taken

    @asynccontextmanager
    async def flowing(self, random: Random) -> AsyncIterator[None]:
        """What is under way arrives by itself, for whoever has no scheduler that decides when."""
        flow = asyncio.create_task(self._flow(random))
        yield
        flow.cancel()
        await asyncio.wait([flow])

    async def _flow(self, random: Random) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            while self.under_way:
                await asyncio.sleep(random.uniform(0, self._weather.delay_s))
                # Somebody may have left meanwhile, and taken with them what was for them.
                if self.under_way and (taken := self.take(random)) is not None:
                    bus, topic, message = taken
                    bus.arrives(topic, message)
