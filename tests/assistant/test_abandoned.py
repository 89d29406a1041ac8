"""A stream that nobody reads to its end leaves nothing half open behind."""

import asyncio
from collections.abc import AsyncIterator

from havana.assistant.abandoned import abandon


class Network:
    """Brings what it has, and then nothing."""

    def __init__(self, *events: str, ends: bool = False) -> None:
        self._events = events
        self._ends = ends
        self.closed: list[str] = []

    async def bytes(self) -> AsyncIterator[str]:
        try:
            for event in self._events:
                yield event
            if not self._ends:
                await asyncio.Event().wait()
        finally:
            self.closed.append("bytes")

    async def events(self) -> AsyncIterator[str]:
        """As libraries do it: the inner one is not closed with the outer one."""
        try:
            async for event in self.bytes():
                yield event
        finally:
            self.closed.append("events")


async def test_it_is_closed_from_the_innermost_outwards_when_left_between_two_steps():
    network = Network("one", "two", "three")
    events = aiter(network.events())
    assert await anext(events) == "one"
    await abandon(events)

    assert network.closed == ["bytes", "events"]


async def test_what_has_ended_is_left_alone():
    network = Network("one", ends=True)
    events = aiter(network.events())
    assert [event async for event in events] == ["one"]
    await abandon(events)

    assert network.closed == ["bytes", "events"]
