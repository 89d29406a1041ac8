"""The least that a chat server does, on the very stack of `havana serve`: what Havana is measured against.

    python bench/bare.py echo|pipeline --data FOLDER

- echo: sends each frame back. What the stack itself costs.
- pipeline: decodes a post, stores it (one INSERT, one synced commit for all that wait, one call into the loop for
  all of them), acknowledges it, and delivers it to everybody in its conversation. No rights, no rules, no retries,
  no replay, no limits.

It speaks as much of `chat.v1` as the load generator needs, in frames of the same shapes and sizes.
"""

import argparse
import asyncio
import datetime as dt
import queue
import socket
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import msgspec
import uvicorn

from havana.cli.serve import server_config
from havana.ids import new_id
from havana.storage.writer import MOST_IN_A_GROUP

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Row = tuple[str, int, str, str, str, str, str]
Waiting = tuple[Row, asyncio.Future[None]]

SCHEMA = "CREATE TABLE messages (conversation, seq, id, key, author, at, text)"
INSERT = "INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?)"


class Hello(msgspec.Struct, tag_field="do", tag="hello"):
    id: int
    token: str


class Follow(msgspec.Struct, tag_field="do", tag="follow"):
    id: int
    conversation: str


class Post(msgspec.Struct, tag_field="do", tag="post"):
    id: int
    conversation: str
    key: str
    text: str


class Author(msgspec.Struct):
    role: str
    id: str
    name: str


class Stored(msgspec.Struct):
    conversation: str
    log: str
    seq: int
    at: dt.datetime
    repeated: bool


class Event(msgspec.Struct):
    seq: int
    id: str
    kind: str
    at: dt.datetime
    author: Author
    text: str
    offers: list[str]
    key: str


class Reply(msgspec.Struct):
    id: int
    ok: Any


class EventPush(msgspec.Struct, tag_field="push", tag="event"):
    conversation: str
    event: Event


class Conversation:
    """Who is in it, by what sends to them, and its last seq."""

    def __init__(self) -> None:
        self.log = new_id()
        self.seq = 0
        self.members: list[Send] = []


class Store:
    """A thread that commits whatever waits, and then wakes all who wait for that with one call into the loop."""

    def __init__(self, path: Path) -> None:
        self._waiting: queue.SimpleQueue[Waiting] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._path = path
        threading.Thread(target=self._write_on, daemon=True).start()

    def put(self, row: Row) -> asyncio.Future[None]:
        future: asyncio.Future[None] = self._loop.create_future()
        self._waiting.put((row, future))
        return future

    def _write_on(self) -> None:
        database = sqlite3.connect(self._path, isolation_level=None)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute(SCHEMA)
        while True:
            group = [self._waiting.get()]
            while len(group) < MOST_IN_A_GROUP and not self._waiting.empty():
                group.append(self._waiting.get())
            database.execute("BEGIN IMMEDIATE")
            database.executemany(INSERT, [row for row, _ in group])
            database.execute("COMMIT")
            self._loop.call_soon_threadsafe(_settle, group)


def _settle(group: list[Waiting]) -> None:
    for _, future in group:
        if not future.cancelled():
            future.set_result(None)


class Pipeline:
    """Decode → group commit → acknowledge → deliver."""

    def __init__(self, data: Path) -> None:
        self._path = data / "bare.db"
        self._store: Store | None = None
        self._decode = msgspec.json.Decoder(Hello | Follow | Post).decode
        self._conversations: defaultdict[str, Conversation] = defaultdict(Conversation)

    async def __call__(self, receive: Receive, send: Send) -> None:
        self._store = self._store or Store(self._path)
        author, joined = Author("visitor", new_id(), "Coral Heron"), set[str]()
        try:
            while (message := await receive())["type"] == "websocket.receive":
                command = self._decode(message["text"])
                match command:
                    case Post():
                        await self._post(command, author, send)
                    case Follow():
                        self._conversations[command.conversation].members.append(send)
                        joined.add(command.conversation)
                        await send(_text(Reply(command.id, {"conversation": command.conversation})))
                    case Hello():
                        await send(_text(Reply(command.id, {"v": 1, "session": new_id(), "you": author})))
        finally:
            for conversation in joined:
                self._conversations[conversation].members.remove(send)

    async def _post(self, post: Post, author: Author, send: Send) -> None:
        assert self._store is not None
        conversation = self._conversations[post.conversation]
        conversation.seq = seq = conversation.seq + 1
        event = Event(seq, new_id(), "message_posted", dt.datetime.now(dt.UTC), author, post.text, [], post.key)
        await self._store.put((post.conversation, seq, event.id, post.key, author.id, event.at.isoformat(), post.text))
        await send(_text(Reply(post.id, Stored(post.conversation, conversation.log, seq, event.at, repeated=False))))
        push = _text(EventPush(post.conversation, event))
        for member in tuple(conversation.members):
            await member(push)


async def echo(receive: Receive, send: Send) -> None:
    while (message := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": message["text"]})


def _text(value: Any) -> Message:
    return {"type": "websocket.send", "text": msgspec.json.encode(value).decode()}


def application(serve: Callable[[Receive, Send], Awaitable[None]]) -> Any:
    """The ASGI application in which `serve` has each connection after its handshake."""

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            for step in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{step}.complete"})
            return
        await receive()  # websocket.connect
        await send({"type": "websocket.accept", "subprotocol": scope["subprotocols"][0]})
        await serve(receive, send)

    return app


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", choices=("echo", "pipeline"))
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
    app = application(echo if options.mode == "echo" else Pipeline(options.data))
    print(f"http://127.0.0.1:{listening.getsockname()[1]}/", flush=True)
    uvicorn.Server(server_config(app)).run(sockets=[listening])


if __name__ == "__main__":
    main()
