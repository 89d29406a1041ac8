"""The whole product on a free port, and people who talk to it as a browser would: HTTP and the live channel."""

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

import httpx
import uvicorn
import websockets

from havana.accounts.passwords import hash_password
from havana.app import build
from havana.chat.site import Site
from havana.cli.serve import server_config
from havana.config import Settings
from havana.ids import new_id
from havana.storage import sites, staff
from havana.storage.database import Database
from havana.storage.opening import open_database

PASSWORD = "correct horse battery"
PATIENCE_S = 20
"""What ends a test that waits for something that never comes; nothing is measured with it."""
SITE = Site(id=new_id(), key="demo", name="Havana Tech", call_url="https://calendar.example.com/call")

Frame = dict[str, Any]


class Refused(Exception):
    """A command was refused; `error` is the wire's."""

    def __init__(self, error: Frame) -> None:
        super().__init__(f"{error['code']}: {error['message']}")
        self.error = error


class House:
    """A running server. `database` is a second way to what it stores, as a command's would be."""

    def __init__(self, url: str, database: Database) -> None:
        self.url = url
        self.database = database
        self.http = httpx.AsyncClient(base_url=url, headers={"Origin": url})
        self._people: list[Person] = []

    async def visitor(self, token: str | None = None) -> "Person":
        """Somebody new on the website, or one who comes back with their token."""
        if token is None:
            token = (await self.http.post("/api/visitors", json={"site": SITE.key})).json()["token"]
        return await self._arrives(token)

    async def agent(self, name: str, *, role: str = "agent") -> "Person":
        """An agent of this name, hired if need be, at a console of their own."""
        email = f"{name.lower()}@example.com"
        if self.database.read_now(lambda conn: staff.credentials(conn, email)) is None:
            stored = hash_password(PASSWORD)
            now = dt.datetime.now(dt.UTC)
            self.database.write_now(
                lambda conn: staff.add_agent(conn, email, name, role, password_hash=stored, now=now)
            )
        async with httpx.AsyncClient(base_url=self.url, headers={"Origin": self.url}) as browser:
            answer = await browser.post("/api/session", json={"email": email, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            token = (await browser.post("/api/live-token")).json()["token"]
        return await self._arrives(token)

    async def _arrives(self, token: str) -> "Person":
        person = await Person.hello(self.url, token)
        self._people.append(person)
        return person

    async def close(self) -> None:
        for person in self._people:
            await person.leave()
        await self.http.aclose()
        await self.database.close()


class Person:
    """One connection. `received` are all frames in the order in which they arrived."""

    def __init__(self, socket: websockets.ClientConnection, token: str) -> None:
        self.token = token
        self.received: list[Frame] = []
        self.welcome: Frame = {}
        self.close_reason = ""
        self._socket = socket
        self._ids = 0
        self._arrived = asyncio.Condition()
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def hello(cls, url: str, token: str, following: Sequence[Frame] = ()) -> Self:
        """`following` are the positions of who comes back."""
        socket = await websockets.connect(
            url.replace("http", "ws") + "/live", subprotocols=[websockets.Subprotocol("chat.v1")], origin=None
        )
        person = cls(socket, token)
        person.welcome = await person.do("hello", v=1, token=token, client="test/1", following=following)
        return person

    async def leave(self) -> None:
        await self._socket.close()
        await self._reader

    async def is_gone(self) -> None:
        """Waits until the connection has ended, by whomever."""
        await asyncio.shield(self._reader)

    async def do(self, command: str, **fields: Any) -> Frame:
        """Sends a command and answers with its `ok`; raises `Refused`."""
        number = await self.send(command, **fields)
        reply = await self.sees(lambda frame: frame.get("id") == number)
        if "error" in reply:
            raise Refused(reply["error"])
        ok: Frame = reply["ok"]
        return ok

    async def send(self, command: str, **fields: Any) -> int:
        """Sends a command and tells its id."""
        self._ids += 1
        await self._socket.send(json.dumps({"id": self._ids, "do": command} | fields))
        return self._ids

    async def post(self, text: str, conversation: str | None = None, key: str | None = None) -> Frame:
        named = {"conversation": conversation} if conversation else {}
        return await self.do("post", key=key or new_id(), text=text, **named)

    async def sees(self, wanted: Callable[[Frame], bool], since: int = 0, *, within_s: float = PATIENCE_S) -> Frame:
        """The first frame received, from number `since` on, that is wanted; waits for it."""

        def found() -> Frame | None:
            return next((frame for frame in self.received[since:] if wanted(frame)), None)

        async with asyncio.timeout(within_s), self._arrived:
            while (frame := found()) is None:
                await self._arrived.wait()
        return frame

    async def sees_event(self, kind: str, **fields: Any) -> Frame:
        """The event of this kind with these fields, as pushed."""

        def wanted(frame: Frame) -> bool:
            event = frame.get("event", {})
            return event.get("kind") == kind and all(event.get(name) == value for name, value in fields.items())

        event: Frame = (await self.sees(wanted))["event"]
        return event

    def events(self, conversation: str) -> list[Frame]:
        """The events that were pushed, in the order of arrival."""
        pushed = (f for f in self.received if f.get("push") == "event" and f["conversation"] == conversation)
        return [frame["event"] for frame in pushed]

    async def _read(self) -> None:
        try:
            async for text in self._socket:
                for line in str(text).split("\n"):
                    await self._take(json.loads(line))
        except websockets.ConnectionClosed as closed:
            self.close_reason = closed.rcvd.reason if closed.rcvd else ""
            await self._take({"closed": closed.rcvd.code if closed.rcvd else 1006})

    async def _take(self, frame: Frame) -> None:
        if frame == {}:
            await self._socket.send("{}")
            return
        async with self._arrived:
            self.received.append(frame)
            self._arrived.notify_all()


@asynccontextmanager
async def a_house(
    data: Path,
    site: Site = SITE,
    tool_secrets: Mapping[str, str] = MappingProxyType({}),
    port: int = 0,
    **settings: Any,
) -> AsyncIterator[House]:
    """Built by the composition root, served by uvicorn with the settings of `havana serve`."""
    database = open_database(data, settings.get("database_url"))
    database.write_now(lambda conn: sites.store(conn, site, dt.datetime.now(dt.UTC)))
    app = build(Settings(data=data, rate_limits=False, **settings), tool_secrets)
    config = server_config(app)
    config.port = port
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[method-assign] # the test runner has its own
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0)
        if serving.done():
            serving.result()
    port = server.servers[0].sockets[0].getsockname()[1]
    house = House(f"http://127.0.0.1:{port}", database)
    try:
        yield house
    finally:
        await house.close()
        server.should_exit = True
        await serving
