"""The load generator: a process of its own that puts one kind of load on one server and prints what it saw (JSON).

    python bench/load.py '{"subject": "havana", "url": …, "pid": …, "data": …, "load": {"kind": "posts", …}}'

`measure.py` starts it, pinned apart from the server. `own_share` is how much of its core it used: near 1.0 it is the
generator that was measured, not the server.
"""

import asyncio
import random
import resource
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
import uvloop

import talking
from client import Client
from dialects import Bare, Dialect, Havana, in_slices
from reading import WordReader
from rival_dialects import Chainlit, SocketIO
from storm import Storm, storm
from talking import Conversation, Counted, Window, now


class Posts(msgspec.Struct, tag_field="kind", tag="posts"):
    """Each sender posts again as soon as the last post was acknowledged; so many others read each conversation."""

    senders: int
    readers: int = 1
    warm_s: float = 1
    seconds: float = 3


class Paced(msgspec.Struct, tag_field="kind", tag="paced"):
    """So many posts a second by the clock, at random moments, whatever becomes of them."""

    per_s: int = 1000
    senders: int = 200
    warm_s: float = 1
    seconds: float = 3


class FanOut(msgspec.Struct, tag_field="kind", tag="fan_out"):
    """One conversation, many readers, so many posts on their way at any time."""

    readers: int = 200
    in_flight: int = 4
    warm_s: float = 1
    seconds: float = 3


class Arrivals(msgspec.Struct, tag_field="kind", tag="arrivals"):
    """Connections that are opened and say hello, so many at a time."""

    connections: int = 2000
    at_once: int = 32


class Idle(msgspec.Struct, tag_field="kind", tag="idle"):
    """Connections that have said hello and do nothing."""

    connections: int = 5000


class Streams(msgspec.Struct, tag_field="kind", tag="streams"):
    """Visitors who each asked something and read the answer as it is written."""

    conversations: int = 500
    warm_s: float = 5
    seconds: float = 4


Load = Posts | Paced | FanOut | Arrivals | Idle | Streams | Storm


class Task(msgspec.Struct):
    """The server to be measured (`data` is its folder, `pid` its process), and how.

    `helper` is a process that works beside the generator, on its core; what it uses counts as the generator's.
    `database_url` is where it keeps things if not in `data`, `readers` the node for others than senders, `beside` the
    processes of servers that it needs, by name.
    """

    subject: str
    url: str
    pid: int
    data: str
    load: Load
    helper: int | None = None
    database_url: str | None = None
    readers: str | None = None
    beside: dict[str, int] = {}


class Result(msgspec.Struct):
    """Rates are per second, latencies in ms, shares parts of one core. What a load does not tell is null.

    `kb` is memory for each connection in KB (10³ bytes), `streams` how many answers were being written at once,
    `sizes` bytes of each kind of frame, `beside` the shares of the servers that it needs. `half_s`
    and `all_s` are seconds until so many were back.
    `window` is when it was counted, and for how long, in seconds; `parts` are microseconds of the server for a message.
    """

    per_s: float | None = None
    server_share: float | None = None
    own_share: float | None = None
    acknowledged_p50: float | None = None
    acknowledged_p99: float | None = None
    delivered_p50: float | None = None
    delivered_p99: float | None = None
    kb: float | None = None
    words_per_s: float | None = None
    streams: int | None = None
    sizes: dict[str, int] | None = None
    beside: dict[str, float] | None = None
    half_s: float | None = None
    all_s: float | None = None
    window: tuple[float, float] | None = None
    parts: dict[str, float] | None = None


async def posts(spoken: Dialect, load: Posts, window: Window) -> Result:
    await spoken.prepare(load.senders)
    conversations = await talks(spoken, window, load.senders, load.readers)
    stopped = asyncio.Event()
    talking.closed_loop(conversations, stopped)
    counted = await window.measure(load.warm_s, load.seconds)
    await end(conversations, stopped, window)
    result = told(counted, len(counted.acknowledged))
    result.sizes = conversations[0].sizes()
    return result


async def paced(spoken: Dialect, load: Paced, window: Window) -> Result:
    await spoken.prepare(load.senders)
    conversations = await talks(spoken, window, load.senders, 1)
    # The same moments in every run.
    chance, at, times = random.Random(1), 0.0, list[float]()
    while at < load.warm_s + load.seconds + 1:
        at += chance.expovariate(load.per_s)
        times.append(at)
    stopped = asyncio.Event()
    posting = asyncio.create_task(talking.open_loop(conversations, times, stopped))
    counted = await window.measure(load.warm_s, load.seconds)
    stopped.set()
    await posting
    await end(conversations, stopped, window)
    return told(counted, len(counted.acknowledged))


async def fan_out(spoken: Dialect, load: FanOut, window: Window) -> Result:
    """`per_s` counts deliveries."""
    await spoken.prepare(1)
    conversations = await talks(spoken, window, 1, load.readers)
    stopped = asyncio.Event()
    talking.fan_out(conversations[0], stopped, load.in_flight)
    counted = await window.measure(load.warm_s, load.seconds)
    await end(conversations, stopped, window)
    return told(counted, len(counted.delivered))


async def arrivals(spoken: Dialect, load: Arrivals, window: Window) -> Result:
    warm = load.connections // 5
    await spoken.prepare(load.connections + warm)
    clients: list[Client] = []

    async def arrive(number: int) -> None:
        while len(clients) + load.at_once <= number:
            clients.append(await spoken.connect())

    async def arrive_until(number: int) -> None:
        await asyncio.gather(*(arrive(number) for _ in range(load.at_once)))

    await arrive_until(warm)
    before, began, server, own = len(clients), now(), talking.cpu_s(window.pid), window.own_cpu_s()
    await arrive_until(warm + load.connections)
    counted = Counted(began, now() - began, talking.cpu_s(window.pid) - server, window.own_cpu_s() - own)
    for client in clients:
        client.leave()
    return told(counted, len(clients) - before)


async def idle(spoken: Dialect, load: Idle, window: Window) -> Result:
    """What the server's process grows by for each."""
    warm = 50
    await spoken.prepare(load.connections + warm)
    clients = await in_slices([spoken.connect] * warm)
    before = talking.memory(window.pid)
    clients += await in_slices([spoken.connect] * load.connections)
    # What the handshakes left behind may go.
    await asyncio.sleep(1)
    grown = talking.memory(window.pid) - before
    for client in clients:
        client.leave()
    return Result(kb=grown / load.connections / 1000)


async def streams(spoken: Dialect, load: Streams, window: Window) -> Result:
    """`per_s` counts frames with words, and what is delivered is the first word in each."""
    await spoken.prepare(load.conversations)
    readers = [WordReader(window, client) for client in await in_slices([spoken.connect] * load.conversations)]
    for reader in readers:
        reader.ask()
    counted = await window.measure(load.warm_s, load.seconds)
    if window.failed:
        raise SystemExit(f"The run is void: {window.failed}")
    result = told(counted, len(counted.delivered))
    result.words_per_s = sum(reader.words for reader in readers) / counted.seconds
    result.streams = sum(1 for reader in readers if reader.words)
    return result


async def talks(spoken: Dialect, window: Window, number: int, readers: int) -> list[Conversation]:
    async def begin() -> Conversation:
        return Conversation(spoken, window, *await spoken.converse(readers))

    return await in_slices([begin] * number)


async def end(conversations: Sequence[Conversation], stopped: asyncio.Event, window: Window) -> None:
    stopped.set()
    await talking.settle(conversations, window)
    for conversation in conversations:
        conversation.leave()


def told(counted: Counted, number: int) -> Result:
    return Result(
        per_s=number / counted.seconds,
        server_share=counted.server_cpu_s / counted.seconds,
        own_share=counted.own_cpu_s / counted.seconds,
        acknowledged_p50=percentile(counted.acknowledged, 50),
        acknowledged_p99=percentile(counted.acknowledged, 99),
        delivered_p50=percentile(counted.delivered, 50),
        delivered_p99=percentile(counted.delivered, 99),
        window=(counted.began, counted.seconds),
        beside={name: used / counted.seconds for name, used in counted.beside_cpu_s.items()},
    )


def percentile(seconds: Sequence[float], percent: int) -> float | None:
    if not seconds:
        return None
    return sorted(seconds)[min(len(seconds) * percent // 100, len(seconds) - 1)] * 1000


def dialect(task: Task) -> Dialect:
    match task.subject:
        case "havana" | "cluster" | "two_nodes" | "sampled" | "sampled_cluster" | "model" | "responder" | "bus":
            return Havana(task.url, Path(task.data), task.database_url, task.readers)
        case "socketio":
            return SocketIO(task.url)
        case "chainlit":
            return Chainlit(task.url)
        case _:
            return Bare(task.url)


async def put(load: Load, spoken: Dialect, window: Window) -> Result:
    match load:
        case Posts():
            return await posts(spoken, load, window)
        case Paced():
            return await paced(spoken, load, window)
        case FanOut():
            return await fan_out(spoken, load, window)
        case Arrivals():
            return await arrivals(spoken, load, window)
        case Idle():
            return await idle(spoken, load, window)
        case Streams():
            return await streams(spoken, load, window)
        case Storm():
            assert isinstance(spoken, Havana), "nobody else has another node"
            back = await storm(spoken, load, window.pid)
            return Result(half_s=back.half_s, all_s=back.all_s)


async def main() -> None:
    task = msgspec.json.decode(sys.argv[1], type=Task)
    result = await put(task.load, dialect(task), Window(task.pid, task.helper, task.beside))
    print(msgspec.json.encode(result).decode())


if __name__ == "__main__":
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    uvloop.run(main())
