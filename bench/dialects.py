"""How each of the measured servers is spoken to: opening a connection, entering a conversation, the frames of a post.

The load generator tells frames apart by how they begin: an acknowledgement, a delivery, or neither.
"""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

import httpx
import msgspec

from client import Client
from havana.accounts.passwords import hash_password
from havana.ids import new_id
from havana.storage import staff
from havana.storage.opening import open_database

EMAIL, PASSWORD = "bench@example.com", "correct horse battery"
TEXT = "The parcel has not come yet, and the tracking page has said the same for three days."
AT_ONCE = 50
T = TypeVar("T")


class Frames:
    """The frames of one sender's posts. `number` is different for each, and below 2**48."""

    def __init__(self, before: bytes, between: bytes, after: bytes) -> None:
        self._before, self._between, self._after = before, between, after

    def post(self, number: int) -> bytes:
        return b"%b%d%b%012x%b" % (self._before, number, self._between, number, self._after)


class Dialect(Protocol):
    """`acknowledged` and `delivered` are how those frames begin."""

    acknowledged: bytes
    delivered: bytes

    async def prepare(self, connections: int) -> None:
        """What is not part of any measurement, such as getting tokens."""

    async def connect(self) -> Client:
        """A connection of somebody who is known to the server and does nothing yet."""
        ...

    async def converse(self, readers: int) -> tuple[Client, Frames, list[Client]]:
        """A new conversation: who speaks in it, with which frames, and who else reads it."""
        ...


async def in_slices(works: Sequence[Callable[[], Awaitable[T]]]) -> list[T]:
    """All of them, a few at a time: a server's backlog is finite."""
    done: list[T] = []
    for start in range(0, len(works), AT_ONCE):
        done += await asyncio.gather(*(work() for work in works[start : start + AT_ONCE]))
    return done


class Chat:
    """What Havana and the bare pipeline have in common: `chat.v1`."""

    acknowledged = b'{"id":'
    delivered = b'{"push":"event"'

    def __init__(self, url: str) -> None:
        self._url = url

    async def hello(self, token: str, url: str | None = None) -> Client:
        client = await Client.connect(url or self._url, "/live", "chat.v1")
        hello = {"id": 1, "do": "hello", "v": 1, "token": token, "client": "bench/1"}
        ok(await client.ask(msgspec.json.encode(hello), b'{"id":1'))
        return client

    async def _follow(self, client: Client, conversation: str) -> None:
        follow = {"id": 2, "do": "follow", "conversation": conversation}
        ok(await client.ask(msgspec.json.encode(follow), b'{"id":2'))

    def _frames(self, conversation: str) -> Frames:
        # The server takes any key of this form; what is counted up makes each another.
        key = new_id()[:-12].encode()
        named = b',"do":"post","conversation":"%b","key":"%b' % (conversation.encode(), key)
        return Frames(b'{"id":', named, b'","text":"%b"}' % TEXT.encode())


class Bare(Chat):
    """`bare.py`. Its echo answers a post with the same frame, which begins as an acknowledgement does."""

    async def prepare(self, connections: int) -> None:
        pass

    async def connect(self) -> Client:
        # As long as a visitor's token.
        return await self.hello("x" * 300)

    async def converse(self, readers: int) -> tuple[Client, Frames, list[Client]]:
        conversation = new_id()
        clients = [await self.connect() for _ in range(1 + readers)]
        for client in clients:
            await self._follow(client, conversation)
        return clients[0], self._frames(conversation), clients[1:]


class Havana(Chat):
    """A visitor who waits for a person, and consoles of an agent who read along, on the node `readers`."""

    def __init__(self, url: str, data: Path, database_url: str | None = None, readers: str | None = None) -> None:
        super().__init__(url)
        self._data = data
        self._database_url = database_url
        self.readers = readers or url
        self._http = httpx.AsyncClient(base_url=url, headers={"Origin": url}, timeout=30)
        self._tokens: list[str] = []

    async def prepare(self, connections: int) -> None:
        self._tokens = await in_slices([self._visitor_token] * connections)
        await asyncio.to_thread(self._hire)
        signed_in = await self._http.post("/api/session", json={"email": EMAIL, "password": PASSWORD})
        signed_in.raise_for_status()

    async def connect(self) -> Client:
        return await self.hello(self.token())

    def token(self) -> str:
        """Of a visitor who was prepared."""
        return self._tokens.pop()

    async def converse(self, readers: int) -> tuple[Client, Frames, list[Client]]:
        visitor = await self.connect()
        asked = ok(await visitor.ask(b'{"id":3,"do":"request_human"}', b'{"id":3'))
        conversation: str = asked["conversation"]
        consoles = await in_slices([self._console] * readers)
        for console in consoles:
            await self._follow(console, conversation)
        return visitor, self._frames(conversation), consoles

    async def _console(self) -> Client:
        # A fresh token each time, for it is good for one hello.
        answer = await self._http.post("/api/live-token")
        return await self.hello(answer.raise_for_status().json()["token"], self.readers)

    async def _visitor_token(self) -> str:
        answer = await self._http.post("/api/visitors", json={"site": "default"})
        return str(answer.raise_for_status().json()["token"])

    def _hire(self) -> None:
        database = open_database(self._data, self._database_url)
        stored, now = hash_password(PASSWORD), dt.datetime.now(dt.UTC)
        database.write_now(lambda conn: staff.add_agent(conn, EMAIL, "Ana", "admin", password_hash=stored, now=now))
        database.close_now()


class Refused(RuntimeError):
    """What the server said instead of carrying out a command."""


def ok(reply: bytes) -> dict[str, Any]:
    """What the server answers to a command that it carried out."""
    decoded: dict[str, dict[str, Any]] = msgspec.json.decode(reply)
    if "error" in decoded:
        raise Refused(reply.decode())
    return decoded.get("ok", {})
