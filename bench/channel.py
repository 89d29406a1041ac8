"""Measures the live channel of one server on this machine (127.0.0.1 only), with a client beside it.

    python bench/channel.py [posts] [push] [answer] [idle] [--seconds 8] [--visitors 1 10 100] …

- posts: visitors who each write as fast as they get an acknowledgement, in conversations that wait for a person.
  Every post is stored (committed, synced) before it is acknowledged.
- push: from sending a post to its arrival at a second tab and at a console, one post at a time.
- answer: one answer of the built-in assistant as M followers see it.
- idle: what a connection weighs that has said hello and does nothing.

`server core` is the server's processor time divided by the time that passed: near 1.0 it is the limit. Posts per
second of that core is the figure to compare when other work shares the machine, or the client is the limit.
"""

import argparse
import asyncio
import datetime as dt
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar

import httpx
import msgspec
import uvloop

from client import Client, Frame
from havana.accounts.passwords import hash_password
from havana.storage import staff
from havana.storage.database import Database
from serving import Server, machine, serving, sync_ms

DEMO = Path(__file__).parents[1] / "demo"
EMAIL = "bench@example.com"
PASSWORD = "correct horse battery"
TEXT = "The parcel has not come yet, and the tracking page has said the same for three days."
AT_ONCE = 50
PERCENTILES = f"{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}"
T = TypeVar("T")


class Load(msgspec.Struct, frozen=True):
    """What was done in `seconds`: each post's latency in seconds, and the server's processor time."""

    visitors: int
    seconds: float
    latencies: list[float]
    cpu_s: float


class Site:
    """A server, and who visits and works there."""

    def __init__(self, server: Server, data: Path) -> None:
        self.server = server
        self._data = data
        self._http = httpx.AsyncClient(base_url=server.url, headers={"Origin": server.url})
        self._signed_in = False

    async def token(self) -> str:
        answer = await self._http.post("/api/visitors", json={"site": "demo"})
        return str(answer.raise_for_status().json()["token"])

    async def tokens(self, number: int) -> list[str]:
        return await in_slices([self.token] * number)

    async def console(self, pushed: Callable[[Frame], None] | None = None) -> Client:
        """A connection of an agent."""
        if not self._signed_in:
            self._signed_in = True
            await asyncio.to_thread(self._hire)
            answer = await self._http.post("/api/session", json={"email": EMAIL, "password": PASSWORD})
            answer.raise_for_status()
        # A fresh one each time, for it lives a minute.
        token = (await self._http.post("/api/live-token")).raise_for_status().json()["token"]
        return await Client.hello(self.server.url, token, pushed)

    async def visitor(self, token: str, pushed: Callable[[Frame], None] | None = None) -> Client:
        return await Client.hello(self.server.url, token, pushed)

    def _hire(self) -> None:
        database = Database.open(self._data)
        stored, now = hash_password(PASSWORD), dt.datetime.now(dt.UTC)
        database.write_now(lambda conn: staff.add_agent(conn, EMAIL, "Ana", "admin", password_hash=stored, now=now))
        database.close_now()


async def in_slices(works: Sequence[Callable[[], Awaitable[T]]]) -> list[T]:
    """All of them, a few at a time: a server's backlog is finite."""
    done: list[T] = []
    for start in range(0, len(works), AT_ONCE):
        done += await asyncio.gather(*(work() for work in works[start : start + AT_ONCE]))
    return done


async def posts(site: Site, visitors: int, seconds: float) -> Load:
    """Visitors who write one post after the other, for so many seconds."""
    tokens = await site.tokens(visitors)
    clients = await in_slices([lambda token=token: site.visitor(token) for token in tokens])
    asked = await in_slices([lambda client=client: client.do("request_human") for client in clients])
    latencies: list[float] = []
    began, cpu = time.perf_counter(), site.server.cpu_s()
    until = began + seconds

    async def write(client: Client, conversation: str) -> None:
        while (sent := time.perf_counter()) < until:
            await client.post(conversation, TEXT)
            latencies.append(time.perf_counter() - sent)

    await asyncio.gather(*(write(c, a["conversation"]) for c, a in zip(clients, asked, strict=True)))
    load = Load(visitors, time.perf_counter() - began, latencies, site.server.cpu_s() - cpu)
    for client in clients:
        client.leave()
    return load


async def pushes(site: Site, number: int) -> dict[str, list[float]]:
    """Seconds from sending a post to its acknowledgement and to its arrival elsewhere."""
    latencies: dict[str, list[float]] = {"acknowledged": [], "second tab": [], "console": []}
    arrivals = asyncio.Semaphore(0)
    sent_at = 0.0

    def arrival(where: str) -> Callable[[Frame], None]:
        def pushed(frame: Frame) -> None:
            if frame["push"] == "event" and frame["event"].get("text") == TEXT:
                latencies[where].append(time.perf_counter() - sent_at)
                arrivals.release()

        return pushed

    token = await site.token()
    first = await site.visitor(token)
    conversation = (await first.do("request_human"))["conversation"]
    others = [await site.visitor(token, arrival("second tab")), await site.console(arrival("console"))]
    for other in others:
        await other.do("follow", conversation=conversation)
    for _ in range(number):
        sent_at = time.perf_counter()
        await first.post(conversation, TEXT)
        latencies["acknowledged"].append(time.perf_counter() - sent_at)
        for _ in others:
            await arrivals.acquire()
    for client in (first, *others):
        client.leave()
    return latencies


async def answers(site: Site, followers: int, number: int) -> tuple[float, float, list[float]]:
    """Frames per second of server core, frames in all, and by how much the last follower is behind the first."""
    arrived: dict[tuple[str, int], list[float]] = {}
    ended = asyncio.Semaphore(0)
    frames = 0

    def pushed(frame: Frame) -> None:
        nonlocal frames
        frames += 1
        if frame["push"] == "delta":
            arrived.setdefault((frame["answer"], frame["offset"]), []).append(time.perf_counter())
        elif frame["push"] == "event" and frame["event"]["kind"] == "answer_finished":
            ended.release()

    visitor = await site.visitor(await site.token())
    conversation = (await visitor.post(None, "Hello"))["conversation"]
    consoles = await in_slices([lambda: site.console(pushed)] * followers)
    await in_slices([lambda console=console: console.do("follow", conversation=conversation) for console in consoles])
    # The greeting may still be under way: what it sends is not part of this.
    await asyncio.sleep(1)
    frames, cpu = 0, site.server.cpu_s()
    while not ended.locked():
        await ended.acquire()
    arrived.clear()
    for _ in range(number):
        await visitor.post(conversation, "How much does the welding program cost?")
        for _ in range(followers):
            await ended.acquire()
    spent = site.server.cpu_s() - cpu
    for client in (visitor, *consoles):
        client.leave()
    return frames / spent, frames, [max(times) - min(times) for times in arrived.values() if len(times) == followers]


async def idle(site: Site, connections: int) -> float:
    """KiB of a connection."""
    tokens = await site.tokens(connections)
    warm = await in_slices([lambda token=token: site.visitor(token) for token in tokens[:AT_ONCE]])
    before = site.server.memory_mb()
    rest = await in_slices([lambda token=token: site.visitor(token) for token in tokens[AT_ONCE:]])
    weight = (site.server.memory_mb() - before) * 1e6 / 1024 / len(rest)
    for client in (*warm, *rest):
        client.leave()
    return weight


def percentiles(latencies: Sequence[float]) -> str:
    cuts = statistics.quantiles(latencies, n=100) if len(latencies) > 1 else list(latencies) * 99
    return "".join(f"{cuts[percent - 1] * 1000:9.2f}" for percent in (50, 95, 99))


async def measure(site: Site, options: argparse.Namespace) -> None:
    if "posts" in options.what:
        print(f"\n{'visitors':>8}{'posts/s':>9}{'server core':>13}{'per core s':>12}   {PERCENTILES}")
        for visitors in options.visitors:
            load = await posts(site, visitors, options.seconds)
            rate, core = len(load.latencies) / load.seconds, load.cpu_s / load.seconds
            print(f"{visitors:8}{rate:9.0f}{core:13.2f}{rate / core:12.0f}   {percentiles(load.latencies)}")
    if "push" in options.what:
        print(f"\n{'':14}{PERCENTILES}")
        for where, latencies in (await pushes(site, options.times)).items():
            print(f"{where:14}{percentiles(latencies)}")
    if "answer" in options.what:
        print(f"\n{'followers':>9}{'frames':>9}{'per core s':>12}   last behind first:{PERCENTILES}")
        for followers in options.followers:
            per_core, frames, behind = await answers(site, followers, 5)
            print(f"{followers:9}{frames:9}{per_core:12.0f}{'':21}{percentiles(behind)}")
    if "idle" in options.what:
        print(f"\nan idle connection: {await idle(site, options.connections):.1f} KiB ({options.connections} of them)")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", default=["posts", "push", "answer", "idle"])
    parser.add_argument("--seconds", type=float, default=8, help="of each row of posts")
    parser.add_argument("--visitors", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--times", type=int, default=300, help="posts that are pushed")
    parser.add_argument("--followers", type=int, nargs="+", default=[1, 100, 500])
    parser.add_argument("--connections", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(machine())
        print(f"a sync of the disk: {sync_ms(Path(folder)):.2f} ms")
        data = Path(folder) / "data"
        with serving(data, demo=DEMO, HAVANA_RATE_LIMITS="off") as server:
            await measure(Site(server, data), options)


if __name__ == "__main__":
    uvloop.run(main())
