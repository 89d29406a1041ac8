"""Measures what the bus between nodes costs: processor time for saying a message, for hearing it, and of Redis.

    python bench/hearing.py [--messages 20000] [--rounds 5]

Every node hears of every message, since its sweep and its inboxes must; so the more nodes there are, the more of a
node's time goes into hearing of what happens on others. A message is a visitor's post, as the desk publishes it: to its
conversation, and to the inbox. One bus says it, and one or two others of the same process hear it: the difference is
what hearing costs.
"""

import argparse
import asyncio
import datetime as dt
import statistics
import time
from collections.abc import Sequence

import uvloop

from everyday import TEXT
from havana.bus import INBOX, Appended, Message, conversation_topic
from havana.bus.redis import RedisBus
from havana.chat import events as e
from havana.chat.fold import Fold
from havana.chat.people import Author, Person
from havana.desk import place
from havana.ids import new_id
from servers import redis
from serving import machine
from talking import cpu_s

AT_ONCE = 50
"""Messages that a group commit publishes together."""


async def cost(url: str, pid: int, nodes: int, messages: Sequence[Appended]) -> tuple[float, float]:
    """Microseconds of our processor time for one message with so many nodes, and of Redis's."""
    installation = new_id()
    buses = [RedisBus(url, installation=installation, node=new_id()) for _ in range(nodes)]
    heard, wanted, caught_up = [0] * nodes, 0, asyncio.Event()

    def hear(place: int) -> None:
        heard[place] += 1
        if min(heard) == wanted:
            caught_up.set()

    for number, bus in enumerate(buses):
        bus.subscribe(INBOX, lambda _message, number=number: hear(number))
        await bus.start()
    while not all(bus.is_whole for bus in buses):  # noqa: ASYNC110 - the bus tells who asks, and nobody waits for it
        await asyncio.sleep(0.01)
    used, redis_used = time.process_time(), cpu_s(pid)
    for begin in range(0, len(messages), AT_ONCE):
        some = messages[begin : begin + AT_ONCE]
        wanted += len(some)
        caught_up.clear()
        for message in some:
            buses[0].publish(conversation_topic(message.fold.id), message)
            buses[0].publish(INBOX, message)
        await caught_up.wait()
    used, redis_used = time.process_time() - used, cpu_s(pid) - redis_used
    for bus in buses:
        await bus.close()
    return used / len(messages) * 1e6, redis_used / len(messages) * 1e6


def post() -> Message:
    fold = Fold(id=new_id(), log=new_id(), site=new_id(), visitor=Person(new_id(), "Coral Heron"), control="pending")
    said = e.Proposed(e.MessagePosted(TEXT), Author("visitor", fold.visitor.id, "Coral Heron"), new_id())
    events, after = place(fold, [said], dt.datetime.now(dt.UTC))
    return Appended(after, tuple(events))


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    messages = [post() for _ in range(options.messages)]
    print(machine())
    with redis() as server:
        turns = [
            [await cost(server.url, server.pid, nodes, messages) for nodes in (2, 3)] for _ in range(options.rounds)
        ]
    hearing = statistics.median(three[0] - two[0] for two, three in turns)
    saying = statistics.median(two[0] for two, _ in turns) - hearing
    theirs = [statistics.median(turn[place][1] for turn in turns) for place in (0, 1)]
    print(f"saying a message: {saying:.0f} us; hearing another node's: {hearing:.0f} us")
    print(f"Redis with two nodes: {theirs[0]:.0f} us, with three: {theirs[1]:.0f} us")


if __name__ == "__main__":
    uvloop.run(main())
