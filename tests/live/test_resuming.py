"""What a hello brings of the conversations that its client follows."""

from tests.live.doing import posts
from tests.live.world import World

from havana.live.frames import FRAME_OUT
from havana.live.outbox import CAP

LONG = "x" * 8000


def _with_long_conversations(world: World, number: int) -> list[dict[str, str]]:
    for place in range(number):
        world.has(*(posts(LONG, at) for at in range(2, 8)), id=f"c{place}")
    return [{"conversation": f"c{place}"} for place in range(number)]


async def test_a_welcome_brings_as_many_conversations_as_go_into_a_frame_and_the_others_are_asked_for(world):
    follow = _with_long_conversations(world, 10)
    ana = world.client()
    welcome = await ana.asks("hello", v=1, token="ana", following=follow)
    brought = [followed["conversation"] for followed in welcome["ok"]["following"]]

    assert brought == [f"c{place}" for place in range(5)]
    assert max(len(text) for text in ana.texts) <= FRAME_OUT
    # Of the others nothing comes until they are followed, and then all of it.
    world.does(posts("Are you there?", 9), id="c7")
    assert ana.pushes("event") == []
    assert (await ana.asks("follow", conversation="c7"))["ok"]["top"] == 8
    world.does(posts("Yes?", 10), id="c7")
    assert ana.seqs() == [9]


async def test_a_conversation_that_a_hello_names_a_hundred_times_is_brought_once(world):
    _with_long_conversations(world, 1)
    client = world.client()
    welcome = await client.asks("hello", v=1, token="visitor", following=[{"conversation": "c0"}] * 100)

    assert [followed["conversation"] for followed in welcome["ok"]["following"]] == ["c0"]
    assert world.reads == 1


async def test_what_happens_while_a_full_welcome_waits_to_be_read_does_not_end_the_connection(world):
    follow = _with_long_conversations(world, 10)
    ana = world.client()
    ana.slow = True
    asked = ana.says("hello", v=1, token="ana", following=follow)
    while not ana.connection.session.welcomed:
        await world.settle()
    for number in range(10, 10 + CAP // 2 // len(LONG)):
        world.does(posts(LONG, number), id="c0")
    ana.reads()

    assert (await ana.reply(asked))["ok"]["you"]["role"] == "agent"
    assert ana.closed is None
    assert ana.seqs() == list(range(8, 8 + CAP // 2 // len(LONG)))
