"""Everybody comes back at once: a node with many clients is killed, and all of them connect to the other.

Without the pause that our page makes first, only with one before each further try. Each says hello, follows from the
last event that it has, writes, and waits until that is acknowledged: only somebody who lacks nothing, and has nothing
twice, gets the place that they expect.
"""

import asyncio
import os
import random
import signal
from typing import Any

import msgspec

from client import Client
from dialects import Havana, Refused, in_slices, ok
from havana.ids import new_id
from talking import now

PAUSE_S = (0.5, 5)
"""Before somebody tries again whom nobody answered or who was refused: what servers ask for (`live/socket.py`)."""


class Storm(msgspec.Struct, tag_field="kind", tag="storm"):
    """So many clients, each with a conversation."""

    clients: int = 5000


class Back(msgspec.Struct, frozen=True):
    """Seconds from the death of the node until half of the clients, and all of them, were back and had written."""

    half_s: float
    all_s: float


class Position(msgspec.Struct, frozen=True):
    """What a client knows of its conversation."""

    token: str
    conversation: str
    log: str
    seq: int
    key: str
    """Of what they write when they are back, however often they have to send it."""


async def storm(spoken: Havana, load: Storm, pid: int) -> Back:
    """`pid` is that of the node to kill; the other is `spoken.readers`."""
    await spoken.prepare(load.clients)

    async def begin() -> tuple[Client, Position]:
        token = spoken.token()
        client = await spoken.hello(token)
        asked = ok(await client.ask(b'{"id":3,"do":"request_human"}', b'{"id":3'))
        place = {"id": 4, "do": "follow", "conversation": asked["conversation"]}
        followed = ok(await client.ask(msgspec.json.encode(place), b'{"id":4'))
        return client, Position(token, followed["conversation"], followed["log"], followed["top"], new_id())

    begun = await in_slices([begin] * load.clients)
    os.kill(pid, signal.SIGKILL)
    died = now()

    async def back(client: Client, position: Position) -> float:
        client.leave()
        while not await _is_back(spoken, position):  # noqa: ASYNC110 - it tries again, it waits for nothing here
            await asyncio.sleep(random.uniform(*PAUSE_S))
        return now() - died

    took = sorted(await asyncio.gather(*(back(client, position) for client, position in begun)))
    return Back(took[len(took) // 2], took[-1])


async def _is_back(spoken: Havana, position: Position) -> bool:
    client: Client | None = None
    try:
        client = await spoken.hello(position.token, spoken.readers)
        place = {"conversation": position.conversation, "log": position.log, "seq": position.seq}
        followed = await _done(client, {"id": 2, "do": "follow", **place})
        said = {"conversation": position.conversation, "key": position.key, "text": "Here again."}
        stored = await _done(client, {"id": 3, "do": "post", **said})
    except (OSError, Refused):
        # Nobody listened, or the node was too busy to look up who it is.
        if client is not None:
            client.leave()
        return False
    if followed["mode"] != "tail" or stored["seq"] != position.seq + 1:
        raise SystemExit(f"The run is void: {followed} and {stored} after {position}")
    return True


async def _done(client: Client, command: dict[str, Any]) -> dict[str, Any]:
    """Asks until it is done: a page too stays connected when it is told that the server is busy."""
    while True:
        try:
            return ok(await client.ask(msgspec.json.encode(command), b'{"id":%d' % command["id"]))
        except Refused as refused:
            if b'"busy"' not in refused.args[0].encode():
                raise
        await asyncio.sleep(random.uniform(*PAUSE_S))
