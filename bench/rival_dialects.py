"""How Socket.IO and Chainlit are spoken to: Engine.IO 4 and Socket.IO 5 over WebSocket, packets by hand.

0{…} open   2 ping   3 pong   40{…} connected   42["name",…] event   42N[…] event that wants 43N[…] as its answer
"""

import uuid

import msgspec

from client import Client
from dialects import TEXT, Frames


class Rival:
    """Nobody has to be known to it beforehand."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def prepare(self, connections: int) -> None:
        pass


class SocketIO(Rival):
    """`rivals/socketio.mjs`."""

    acknowledged = b"43"
    delivered = b'42["event"'

    async def connect(self) -> Client:
        client = await Client.connect(self._url, "/socket.io/?EIO=4&transport=websocket")
        await client.ask(b"40", b"40{")
        return client

    async def converse(self, readers: int) -> tuple[Client, Frames, list[Client]]:
        room = str(uuid.uuid4()).encode()
        clients = [await self.connect() for _ in range(1 + readers)]
        for client in clients:
            await client.ask(b'421["join","%b"]' % room, b"431")
        key = str(uuid.uuid4())[:-12].encode()
        named = b'["post",{"conversation":"%b","key":"%b' % (room, key)
        return clients[0], Frames(b"42", named, b'","text":"%b"}]' % TEXT.encode()), clients[1:]


class Chainlit(Rival):
    """`rivals/chainlit_app.py`. A message is acknowledged when its sender is told that its task has ended."""

    acknowledged = b'42["task_end"'
    delivered = b'42["new_message"'

    async def connect(self) -> Client:
        return await self._enter(str(uuid.uuid4()))

    async def converse(self, readers: int) -> tuple[Client, Frames, list[Client]]:
        room = str(uuid.uuid4())
        clients = [await self._enter(room) for _ in range(1 + readers)]
        message = '42["client_message",{"fileReferences":[],"n":', ',"message":{"id":"' + str(uuid.uuid4())[:-12]
        rest = '","name":"user","type":"user_message","createdAt":"2026-01-01T00:00:00.000Z","output":"' + TEXT + '"}}]'
        before, between, after = (part.encode() for part in (*message, rest))
        return clients[0], Frames(before, between, after), clients[1:]

    async def _enter(self, room: str) -> Client:
        client = await Client.connect(self._url, "/ws/socket.io/?EIO=4&transport=websocket")
        who = {
            "clientType": "webapp",
            "sessionId": str(uuid.uuid4()),
            "threadId": "",
            "userEnv": msgspec.json.encode({"room": room}).decode(),
            "chatProfile": "",
        }
        await client.ask(b"40" + msgspec.json.encode(who), b"40{")
        # The second end is that of `on_chat_start`.
        await client.ask(b'42["connection_successful"]', b'42["task_start"')
        await client.expect(b'42["task_end"')
        return client
