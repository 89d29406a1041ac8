"""Buses of both kinds and of the third that tests have, each as two nodes."""

from collections.abc import AsyncIterator, Iterator
from random import Random

import pytest
from tests.bus.faulty import FaultyBus, Link, Weather
from tests.bus.hearing import until
from tests.redis_server import Server

from havana.bus import Bus
from havana.bus.memory import MemoryBus
from havana.bus.redis import RedisBus
from havana.ids import new_id


@pytest.fixture(params=["memory", "redis", "faulty"])
async def nodes(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Bus, Bus]]:
    """Two buses that reach each other; in memory it is one, which is both."""
    link = Link(Weather())
    async with link.flowing(Random(0)):
        match request.param:
            case "memory":
                here: Bus = MemoryBus()
                there = here
            case "redis":
                server, installation = request.getfixturevalue("redis_server"), new_id()
                here = RedisBus(server.url, installation=installation, node="here")
                there = RedisBus(server.url, installation=installation, node="there")
            case _:
                here, there = FaultyBus(link), FaultyBus(link)
        await here.start()
        await there.start()
        await until(lambda: here.is_whole and there.is_whole)
        yield here, there
        await here.close()
        await there.close()


@pytest.fixture
def own_server() -> Iterator[Server]:
    """For who stops it."""
    server = Server(password="only-for-us")
    yield server
    server.kill()
