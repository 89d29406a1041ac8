"""What is changed of an agent is shown on every console, and on no visitor's page."""

from tests.chat.story import BEN
from tests.live.doing import FOLLOW
from tests.live.world import World

from havana.bus import PEOPLE, AgentChanged
from havana.live.arrivals import Arrivals

CHANGED = AgentChanged(BEN.id, "Benedict", away=True)
SHOWN = {"push": "colleague", "agent": {"id": BEN.id, "name": "Benedict"}, "away": True}


async def test_every_console_is_told_and_no_visitor(world: World):
    world.has()
    visitor = await world.greeted("visitor", FOLLOW)
    ana, ben = await world.greeted("ana"), await world.greeted("ben")
    world.bus.publish(PEOPLE, CHANGED)

    assert ana.pushes("colleague") == ben.pushes("colleague") == [SHOWN]
    assert visitor.pushes("colleague") == []


async def test_what_they_say_from_then_on_they_say_under_the_new_name(world: World):
    world.has()
    ana, ben = await world.greeted("ana", FOLLOW), await world.greeted("ben", FOLLOW)
    world.bus.publish(PEOPLE, CHANGED)
    await ben.asks("look", **FOLLOW)
    await ben.asks("post", conversation="c1", key="key-0009", text="Hello")

    assert ana.pushes("looking")[-1]["agents"][0]["name"] == "Benedict"
    assert ana.pushes("event")[-1]["event"]["author"]["name"] == "Benedict"


async def test_nothing_comes_before_the_welcome(world: World):
    world.has()
    world.before_read = lambda: world.bus.publish(PEOPLE, CHANGED)
    ana = world.client()
    hello = ana.says("hello", v=1, token="ana", following=[FOLLOW])
    await ana.reply(hello)

    assert ana.received[0]["id"] == hello
    assert ana.pushes("colleague") == []


async def test_that_somebody_came_is_told_once_for_all_who_come_together(world: World):
    world.has()
    visitor, ana = await world.greeted("visitor", FOLLOW), await world.greeted("ana")
    arrivals = Arrivals(world.hub.consoles)
    arrivals.changed()
    arrivals.changed()
    await ana.gets(lambda frame: frame.get("push") == "team")

    assert ana.pushes("team") == [{"push": "team"}]
    assert visitor.pushes("team") == []
