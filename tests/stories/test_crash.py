"""The server is killed at random moments while people write: what was acknowledged is there, once, in one order."""

import asyncio
import contextlib
import json
import os
import random
from pathlib import Path

import httpx
import msgspec
import pytest
import websockets
from tests.ports import free_port

from havana.chat import views
from havana.ids import new_id
from havana.storage import history
from havana.storage.opening import open_database

from .house import Frame, Person
from .test_restart import on, serving

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("HAVANA_TEST_KILLS", "5"))
"""How often the server dies; `make soak` asks for thirty."""
KILLS_ON_POSTGRESQL = 2
"""After each the next server waits until the lease of the killed one has run out."""
WRITERS = 6
"""Each has a second page open, which only reads."""
AGAIN_S = 0.02
"""How long a page waits until it tries to connect again."""


class Client:
    """A page that a visitor has open: it shows each event once, in its place, and comes back whenever it is cut off."""

    def __init__(self, port: int, token: str) -> None:
        self.token = token
        self.conversation = ""
        self.shown: list[Frame] = []
        self._log: str | None = None
        self._port = port

    async def stays(self, until: asyncio.Event) -> None:
        while not until.is_set():
            with contextlib.suppress(OSError, websockets.WebSocketException, TimeoutError, Gone):
                await self.comes_back(until)
            await asyncio.sleep(AGAIN_S)

    async def comes_back(self, until: asyncio.Event) -> None:
        """One connection, from resuming to its end."""
        position = {"conversation": self.conversation, "log": self._log, "seq": len(self.shown)}
        following = [position] if self.conversation else []
        person = await Person.hello(f"http://127.0.0.1:{self._port}", self.token, following)
        try:
            for followed in person.welcome["following"]:
                await self._resume(person, followed)
            await self._learn_of(person)
            try:
                await self.act(person, until)
            finally:
                self._watch(person)
        finally:
            await person.leave()

    async def act(self, person: Person, until: asyncio.Event) -> None:
        """Looks on."""
        doing = {asyncio.create_task(person.is_gone()), asyncio.create_task(until.wait())}
        await asyncio.wait(doing, return_when=asyncio.FIRST_COMPLETED)
        for task in doing:
            task.cancel()

    async def _learn_of(self, person: Person) -> None:
        """A conversation that began elsewhere, or whose first acknowledgement never came."""
        if not self.conversation and person.welcome["current"] is not None:
            self.conversation = person.welcome["current"]["conversation"]
            await self._resume(person, await person.do("follow", conversation=self.conversation))

    async def _resume(self, person: Person, followed: Frame) -> None:
        """A tail is added to what is shown; before a snapshot comes what it leaves out."""
        assert "error" not in followed, followed
        self._log = followed["log"]
        if followed["mode"] == "snapshot":
            until = followed["events"][0]["seq"] - 1
            while (after := len(self.shown)) < until:
                page = await person.do("history", conversation=self.conversation, after=after, until=until, limit=100)
                self._show(page["events"])
        self._show(followed["events"])

    def _watch(self, person: Person) -> None:
        """What was pushed, from where the resuming ended."""
        for frame in person.received:
            if frame.get("push") == "event":
                self.conversation = frame["conversation"]
        self._show(person.events(self.conversation))

    def _show(self, events: list[Frame]) -> None:
        for event in events:
            if event["seq"] > len(self.shown):
                assert event["seq"] == len(self.shown) + 1, f"{len(self.shown)} events, then {event}"
                self.shown.append(event)
            assert self.shown[event["seq"] - 1]["id"] == event["id"]


class Writer(Client):
    """One who writes without a pause, and tries again with the same key until it is acknowledged."""

    def __init__(self, port: int, token: str) -> None:
        super().__init__(port, token)
        self.acknowledged: dict[str, int] = {}
        self._waiting: list[str] = []

    async def act(self, person: Person, until: asyncio.Event) -> None:
        while not until.is_set():
            if not self._waiting:
                self._waiting.append(new_id())
            key = self._waiting[0]
            said = await acknowledged(person, key, self.conversation)
            self.acknowledged[key] = said["seq"]
            self.conversation, self._log = said["conversation"], said["log"]
            self._waiting.pop(0)


class Gone(Exception):
    """The connection ended before the answer came."""


async def acknowledged(person: Person, key: str, conversation: str) -> Frame:
    """Posts and waits for the answer, or for the end of the connection."""
    named = {"conversation": conversation} if conversation else {}
    number = await person.send("post", key=key, text=f"text of {key}", **named)
    frame = await person.sees(lambda f: f.get("id") == number or "closed" in f)
    if "closed" in frame:
        raise Gone
    assert "ok" in frame, frame
    ok: Frame = frame["ok"]
    return ok


async def falls_silent(port: int, writer: Writer) -> None:
    """Nothing is written in this conversation any more: the assistant is mute while a person is waited for."""
    person = await Person.hello(f"http://127.0.0.1:{port}", writer.token)
    asked = await person.do("request_human", conversation=writer.conversation)
    assert (asked["state"]["control"], asked["repeated"]) == ("pending", False)
    await person.leave()


async def test_every_acknowledged_message_survives_every_kill_exactly_once(tmp_path: Path, database_url: str | None):
    dice = random.Random(7)
    port = free_port()
    calm = {"HAVANA_RATE_LIMITS": "off"} | on(database_url)
    stop = asyncio.Event()
    writers: list[Writer] = []
    readers: list[Client] = []
    staying: list[asyncio.Task[None]] = []
    for round_ in range(KILLS_ON_POSTGRESQL if database_url else KILLS):
        async with serving(tmp_path, port, **calm) as server:
            if round_ == 0:
                async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
                    for _ in range(WRITERS):
                        token = (await http.post("/api/visitors", json={"site": "default"})).json()["token"]
                        writers.append(Writer(port, token))
                        readers.append(Client(port, token))
                staying = [asyncio.create_task(client.stays(stop)) for client in (*writers, *readers)]
            goal = sum(len(writer.acknowledged) for writer in writers) + dice.randrange(1, 120)
            while sum(len(writer.acknowledged) for writer in writers) < goal:
                await asyncio.sleep(0.001)
                for task in staying:
                    if task.done():
                        task.result()
            server.kill()
    async with serving(tmp_path, port, **calm):
        stop.set()
        await asyncio.gather(*staying)
        # After this everybody lacks something, and what they lack has an end.
        await asyncio.gather(*(falls_silent(port, writer) for writer in writers))
        await asyncio.gather(*(client.comes_back(stop) for client in (*writers, *readers)))

    database = open_database(tmp_path, database_url)
    for writer, reader in zip(writers, readers, strict=True):
        log = database.read_now(lambda conn, id_=writer.conversation: history.all_events(conn, id_))
        assert [event.seq for event in log] == list(range(1, len(log) + 1))
        keys = [event.key for event in log if event.key]
        assert len(keys) == len(set(keys))
        assert set(writer.acknowledged) <= set(keys)
        public = [event for event in log if event.public_seq]
        stored = {event.key: event.public_seq for event in public if event.key}
        assert {key: stored[key] for key in writer.acknowledged} == writer.acknowledged
        told = [json.loads(msgspec.json.encode(views.for_visitor(event))) for event in public]
        assert told[-2]["kind"] == "human_requested"
        assert writer.shown == told
        assert reader.shown == told
    database.close_now()
