"""What the third bus does to messages, so that the tests that stand on it mean something."""

from collections import Counter
from random import Random

from tests.bus.faulty import FaultyBus, Link, Weather
from tests.bus.hearing import TALK, Ear, until, word


async def heard_in(weather: Weather, words: int = 300) -> tuple[list[int], list[int]]:
    """What the node that speaks and another one hear of so many words."""
    link = Link(weather)
    here, there = FaultyBus(link), FaultyBus(link)
    await here.start()
    await there.start()
    own, ear = Ear(here), Ear(there)
    async with link.flowing(Random(1)):
        for number in range(words):
            here.publish(TALK, word(number))
        await until(lambda: not link.under_way)
    return [message.offset for message in own.heard], [message.offset for message in ear.heard]


async def test_on_the_same_node_nothing_is_ever_lost() -> None:
    own, _ = await heard_in(Weather(loss=0.5, doubling=0.3, reordering=0.5))

    assert own == list(range(300))


async def test_some_are_lost() -> None:
    _, others = await heard_in(Weather(loss=0.5))

    assert 50 < len(others) < 250
    assert others == sorted(set(others))


async def test_some_come_twice() -> None:
    _, others = await heard_in(Weather(doubling=0.3))

    assert set(others) == set(range(300))
    assert max(Counter(others).values()) > 1


async def test_some_overtake_others() -> None:
    _, others = await heard_in(Weather(reordering=0.3, delay_s=0.0001))

    assert others != sorted(others)
    assert sorted(others) == list(range(300))
