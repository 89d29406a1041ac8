"""The server is killed at random moments while people write: what was acknowledged is there, once, in one order."""

import asyncio
import contextlib
import os
import random
from pathlib import Path

import httpx
import pytest
import websockets

from havana.ids import new_id
from havana.storage import history
from havana.storage.sqlite import SqliteDatabase

from .house import Frame, Person
from .test_restart import free_port, serving

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("HAVANA_TEST_KILLS", "5"))
"""How often the server dies; `make soak` asks for thirty."""
WRITERS = 6


class Writer:
    """A visitor who writes without a pause and tries again with the same key until it is acknowledged."""

    def __init__(self, port: int, token: str) -> None:
        self.token = token
        self.conversation = ""
        self.acknowledged: dict[str, int] = {}
        self.shown: list[Frame] = []
        self._log = ""
        self._port = port
        self._waiting: list[str] = []

    async def write(self, until: asyncio.Event) -> None:
        while not until.is_set():
            with contextlib.suppress(OSError, websockets.WebSocketException, TimeoutError, Gone):
                await self._session(until)

    async def _session(self, until: asyncio.Event) -> None:
        """One connection, from resuming to its end."""
        person = await Person.hello(f"http://127.0.0.1:{self._port}", self.token)
        try:
            await self.resume(person)
            while not until.is_set():
                if not self._waiting:
                    self._waiting.append(new_id())
                key = self._waiting[0]
                said = await acknowledged(person, key, self.conversation)
                self.acknowledged[key] = said["seq"]
                self.conversation, self._log = said["conversation"], said["log"]
                self._waiting.pop(0)
        finally:
            self._keep(person.events(self.conversation))
            await person.leave()

    async def resume(self, person: Person) -> None:
        """Follows from the last event shown, as the page does after a reconnect."""
        if not self.conversation:
            return
        seq = len(self.shown)
        followed = await person.do("follow", conversation=self.conversation, log=self._log, seq=seq)
        if followed["mode"] == "snapshot":
            page = await person.do("history", conversation=self.conversation, after=seq, limit=100)
            while page["events"]:
                self._keep(page["events"])
                after = page["events"][-1]["seq"]
                page = await person.do("history", conversation=self.conversation, after=after, limit=100)
        self._keep(followed["events"])

    def _keep(self, events: list[Frame]) -> None:
        """Shows each event once, in its place."""
        for event in events:
            if event["seq"] == len(self.shown) + 1:
                self.shown.append(event)


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


async def test_every_acknowledged_message_survives_every_kill_exactly_once(tmp_path: Path):
    dice = random.Random(7)
    port = free_port()
    calm = {"HAVANA_RATE_LIMITS": "off"}
    stop = asyncio.Event()
    writers: list[Writer] = []
    writing: list[asyncio.Task[None]] = []
    for round_ in range(KILLS):
        async with serving(tmp_path, port, **calm) as server:
            if round_ == 0:
                async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
                    for _ in range(WRITERS):
                        token = (await http.post("/api/visitors", json={"site": "default"})).json()["token"]
                        writers.append(Writer(port, token))
                writing = [asyncio.create_task(writer.write(stop)) for writer in writers]
            goal = sum(len(writer.acknowledged) for writer in writers) + dice.randrange(1, 120)
            while sum(len(writer.acknowledged) for writer in writers) < goal:
                await asyncio.sleep(0.001)
            server.kill()
    async with serving(tmp_path, port, **calm):
        stop.set()
        await asyncio.gather(*writing)
        for writer in writers:
            person = await Person.hello(f"http://127.0.0.1:{port}", writer.token)
            await writer.resume(person)
            await person.leave()

    database = SqliteDatabase.open(tmp_path)
    for writer in writers:
        log = database.read_now(lambda conn, id_=writer.conversation: history.all_events(conn, id_))
        assert [event.seq for event in log] == list(range(1, len(log) + 1))
        keys = [event.key for event in log if event.key]
        assert len(keys) == len(set(keys))
        assert set(writer.acknowledged) <= set(keys)
        public = [event for event in log if event.public_seq]
        stored = {event.key: event.public_seq for event in public if event.key}
        assert {key: stored[key] for key in writer.acknowledged} == writer.acknowledged
        assert [event["id"] for event in writer.shown] == [event.id for event in public[: len(writer.shown)]]
    database.close_now()
