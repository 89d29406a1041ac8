"""Everybody comes back at once: a server with many clients dies, starts again, and all of them are whole."""

import asyncio
import os
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from tests.ports import free_port
from tests.stories.house import Frame, Person
from tests.stories.test_restart import serving

from havana.ids import new_id

pytestmark = pytest.mark.slow

CLIENTS = int(os.environ.get("HAVANA_TEST_STORM", "300"))
"""How many there are; `make soak` asks for two thousand."""
CALM = {"HAVANA_RATE_LIMITS": "off"}
ARRIVING = 100
"""So many arrive side by side when nobody is in a hurry."""


class Client:
    """One visitor with a conversation, who remembers what they have seen of it."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._token = token
        self._key = new_id()
        self.conversation = self.log = ""
        self.seen: list[Frame] = []

    async def begins(self) -> None:
        self.person = await Person.hello(self._url, self._token)
        said = await self.person.post("Hello", key=self._key)
        self.conversation, self.log = said["conversation"], said["log"]
        self._keep([await self.person.sees_event("message_posted", key=self._key)])

    async def is_cut_off(self) -> None:
        await self.person.sees(lambda frame: "closed" in frame)
        self._keep(self.person.events(self.conversation))
        await self.person.leave()

    async def comes_back(self) -> None:
        """Connects, follows from the last seq and says something; as many times as it takes."""
        while True:
            try:
                self.person = await Person.hello(self._url, self._token)
                break
            except (OSError, TimeoutError):
                await asyncio.sleep(0.1)
        followed = await self.person.do(
            "follow", conversation=self.conversation, log=self.log, seq=self.seen[-1]["seq"]
        )
        assert followed["mode"] == "tail"
        self._keep(followed["events"])
        key = new_id()
        await self.person.post("Here again", self.conversation, key)
        await self.person.sees_event("message_posted", key=key)
        self._keep(self.person.events(self.conversation))

    async def is_whole(self) -> bool:
        """Whether what was seen, before and after, is the log from its beginning, each event once."""
        page = await self.person.do("history", conversation=self.conversation, after=0, limit=100)
        log = [event["id"] for event in page["events"]]
        return [event["id"] for event in self.seen] == log[: len(self.seen)] and [
            event["seq"] for event in page["events"]
        ] == list(range(1, len(log) + 1))

    def _keep(self, events: list[Frame]) -> None:
        self.seen += [event for event in events if not self.seen or event["seq"] > self.seen[-1]["seq"]]


@pytest.fixture
def many_files() -> Iterator[None]:
    """Room for a socket at each end; the server inherits it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CLIENTS + 500
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(hard, wanted) if hard != -1 else hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_after_a_restart_everybody_comes_back_at_once_and_is_whole(
    tmp_path: Path, many_files: None, measured: Callable[[str], None]
):
    port = free_port()
    async with serving(tmp_path, port, **CALM) as server:
        clients = [Client(f"http://127.0.0.1:{port}", token) for token in await tokens(port)]
        for first in range(0, CLIENTS, ARRIVING):
            await asyncio.gather(*(client.begins() for client in clients[first : first + ARRIVING]))
        server.kill()
        await asyncio.gather(*(client.is_cut_off() for client in clients))
    begun = time.monotonic()
    async with serving(tmp_path, port, **CALM):
        up = time.monotonic()
        took = await asyncio.gather(*(timed(client) for client in clients))
        done = time.monotonic()
        measured(
            f"{CLIENTS} clients: the server was up after {up - begun:.1f} s; all were back, whole and had written "
            f"{done - up:.1f} s later; half of them within {sorted(took)[CLIENTS // 2]:.1f} s"
        )

        for client in clients:
            assert await client.is_whole()
        await asyncio.gather(*(client.person.leave() for client in clients))


async def timed(client: Client) -> float:
    begun = time.monotonic()
    await client.comes_back()
    return time.monotonic() - begun


async def tokens(port: int) -> list[str]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        return [(await http.post("/api/visitors", json={"site": "default"})).json()["token"] for _ in range(CLIENTS)]
