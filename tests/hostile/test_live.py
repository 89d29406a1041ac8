"""The live channel under fuzzing: whatever is sent, it is answered once or hung up on, and nobody else notices."""

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, get_args

import pytest
import websockets
from hypothesis import given
from hypothesis import strategies as st
from tests.stories.house import PASSWORD, PATIENCE_S, Frame, House

from havana.chat.wire import ErrorCode
from havana.live.closing import Close

from . import odd
from .odd import examples
from .watched import Watched, a_watched_house, nothing_goes_wrong

pytestmark = pytest.mark.slow

KNOWN = set(get_args(ErrorCode)) - {"internal", "unauthorised"}
OF_THE_WEBSOCKET = {1002, 1007}
"""Broken on the level below ours: a protocol error, and text that is not UTF-8."""
FENCE = 2**53


class Stage:
    """One house for all examples; `visitor` and `agent` are whose tokens the hostile clients have."""

    def __init__(self, runner: asyncio.Runner, watched: Watched) -> None:
        self.runner = runner
        self.watched = watched
        self.house: House = watched.house
        self.visitor = ""
        self.agent_id = ""
        self.conversations: list[str] = []

    async def prepare(self) -> None:
        """One conversation of the hostile visitor, one of the bystander, and an agent with a cookie."""
        mine, ana = await self.house.visitor(), await self.house.agent("Ana")
        self.visitor, self.agent_id = mine.token, ana.welcome["you"]["id"]
        self.conversations = [
            (await mine.post("Mine"))["conversation"],
            (await self.watched.bystander.post("Theirs"))["conversation"],
        ]
        await mine.leave()
        await ana.leave()
        signed_in = await self.house.http.post("/api/session", json={"email": "ana@example.com", "password": PASSWORD})
        self.house.http.cookies = signed_in.cookies
        await self.watched.settles()

    async def connects(self) -> websockets.ClientConnection:
        return await websockets.connect(
            self.house.url.replace("http", "ws") + "/live", subprotocols=[websockets.Subprotocol("chat.v1")]
        )

    async def token(self, role: str) -> str:
        if role == "visitor":
            return self.visitor
        token: str = (await self.house.http.post("/api/live-token")).json()["token"]
        return token


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with asyncio.Runner() as runner:
        house = a_watched_house(tmp_path_factory.mktemp("house"))
        stage = Stage(runner, runner.run(house.__aenter__()))
        try:
            runner.run(stage.prepare())
            yield stage
        finally:
            runner.run(house.__aexit__(None, None, None))


@pytest.fixture
def stage(opened: Stage) -> Iterator[Stage]:
    with nothing_goes_wrong():
        yield opened
        opened.runner.run(opened.watched.settles())


class Attacker:
    """A connection that counts what comes back."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.socket = socket
        self.replies: list[Frame] = []

    async def hello(self, token: str) -> None:
        await self.send([odd.written({"id": 0, "do": "hello", "v": 1, "token": token})])
        await self.until_answered(1)
        assert "ok" in self.replies.pop()

    async def send(self, frames: list[str | bytes]) -> None:
        with contextlib.suppress(websockets.ConnectionClosed):
            for frame in frames:
                await self.socket.send(frame)

    async def until_answered(self, wanted: int) -> int | None:
        """The close code, if it was closed before so many replies came."""
        async with asyncio.timeout(PATIENCE_S):
            try:
                while len(self.replies) < wanted:
                    for line in str(await self.socket.recv()).split("\n"):
                        frame = json.loads(line)
                        if "id" in frame:
                            self.replies.append(frame)
                        elif frame == {}:
                            await self.socket.send("{}")
            except websockets.ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else 1006
        return None


def assert_proper(reply: Frame) -> None:
    """Exactly `ok`, or an error as the table of codes knows it."""
    if "ok" in reply:
        assert reply.keys() == {"id", "ok"}
        return
    error = reply["error"]
    assert reply.keys() == {"id", "error"}
    assert error.keys() == {"code", "message", "retry_ms", "state"}
    assert error["code"] in KNOWN, reply
    assert error["message"]


def assert_closed_by_the_table(code: int, also: set[int] = frozenset()) -> None:  # type: ignore[assignment] # empty
    assert code in {int(known) for known in Close} | also
    assert code not in (Close.SERVER_ERROR, Close.ABNORMAL)


async def answered_once(stage: Stage, role: str, ids: list[int], frames: list[str | bytes], *, hello: bool) -> None:
    """Sends the frames; each id is answered once, or the connection ends with a code of the table."""
    attacker = Attacker(await stage.connects())
    try:
        if hello:
            await attacker.hello(await stage.token(role))
        await attacker.send(frames)
        code = await attacker.until_answered(len(ids))
        if code is None:
            # All is answered; a second answer to something would come before that to this.
            await attacker.send([odd.written({"id": FENCE, "do": "unfollow", "conversation": odd.NOWHERE})])
            code = await attacker.until_answered(len(ids) + 1)
            ids = [*ids, FENCE]
        got = Counter(reply["id"] for reply in attacker.replies)
        for reply in attacker.replies:
            assert_proper(reply)
        if code is None:
            assert got == Counter(ids)
        else:
            assert got <= Counter(ids)
            assert_closed_by_the_table(code)
    finally:
        await attacker.socket.close()


def test_every_command_is_answered_exactly_once_however_odd_its_fields(stage: Stage):
    known = odd.plausible(stage.conversations, stage.agent_id)

    @examples(100)
    @given(st.sampled_from(["visitor", "agent"]), st.lists(odd.commands(known), min_size=1, max_size=12), st.data())
    def fuzz(role: str, commands: list[odd.Fields], data: st.DataObject) -> None:
        named = [command | {"id": number} for number, command in enumerate(commands, start=1)]
        # No `do` is no command; everything else has to be answered on a connection that stays.
        ids = [command["id"] for command in named if command["do"] is not None]
        named = [command for command in named if command["do"] is not None]
        frames: list[str | bytes] = [odd.written(command) for command in named]
        if data.draw(st.booleans()):
            frames = ["\n".join(str(frame) for frame in frames)]
        stage.runner.run(answered_once(stage, role, ids, frames, hello=True))
        stage.runner.run(stage.watched.serves())

    fuzz()


def test_a_hello_with_anything_in_it_is_answered_or_hung_up_on(stage: Stage):
    known = odd.plausible(stage.conversations, stage.agent_id) | {"token": st.just(stage.visitor)}
    hello = odd.fields_of(odd.KINDS["hello"], known)

    @examples(50)
    @given(hello, st.sampled_from(["hello", "hello", "hello", "post", None, 7]))
    def fuzz(fields: odd.Fields, do: Any) -> None:
        frame = odd.written({**fields, "id": 1, "do": do})
        stage.runner.run(answered_once(stage, "visitor", [1], [frame], hello=False))
        stage.runner.run(stage.watched.serves())

    fuzz()


def test_what_is_hardly_json_is_answered_or_hung_up_on(stage: Stage):
    known = odd.plausible(stage.conversations, stage.agent_id)
    sound = odd.commands(known).map(lambda command: odd.written({"id": 1, **command})[:60_000])
    text = st.one_of(sound.flatmap(odd.damaged), odd.ODD.map(odd.written), st.text(max_size=80))
    frame = st.one_of(text, text, st.binary(max_size=200))

    async def attack(role: str, frames: list[str | bytes], *, hello: bool) -> None:
        attacker = Attacker(await stage.connects())
        try:
            if hello:
                await attacker.hello(await stage.token(role))
            await attacker.send([_sendable(frame) for frame in frames])
            await attacker.send([b"the end"])
            code = await attacker.until_answered(FENCE)
            for reply in attacker.replies:
                assert_proper(reply)
            assert code is not None
            assert_closed_by_the_table(code)
        finally:
            await attacker.socket.close()

    @examples(100)
    @given(st.sampled_from(["visitor", "agent"]), st.lists(frame, min_size=1, max_size=4), st.booleans())
    def fuzz(role: str, frames: list[str | bytes], hello: bool) -> None:
        stage.runner.run(attack(role, frames, hello=hello))
        stage.runner.run(stage.watched.serves())

    fuzz()


def test_bytes_that_are_no_websocket_harm_only_their_own_connection(stage: Stage):
    hello = odd.written({"id": 0, "do": "hello", "v": 1, "token": stage.visitor}).encode()
    piece = st.one_of(
        st.binary(max_size=300),
        # Frames by opcode: continuations without a beginning, reserved ones, pings and closes; whole or torn.
        st.builds(
            masked, st.integers(0, 255), st.binary(max_size=200), st.sampled_from([None, None, 0, 126, 2**16, 2**40])
        ),
    )

    async def attack(pieces: list[bytes], *, greet: bool) -> None:
        address = stage.house.url.removeprefix("http://")
        host, _, port = address.partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(UPGRADE.format(host=address).encode())
        assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
        for sent in ([masked(0x81, hello)] if greet else []) + pieces:
            writer.write(sent)
        writer.write_eof()
        async with asyncio.timeout(PATIENCE_S):
            with contextlib.suppress(ConnectionError):
                await reader.read()
        writer.close()

    @examples(100)
    @given(st.lists(piece, min_size=1, max_size=4), st.booleans())
    def fuzz(pieces: list[bytes], greet: bool) -> None:
        stage.runner.run(attack(pieces, greet=greet))
        stage.runner.run(stage.watched.serves())

    fuzz()


UPGRADE = (
    "GET /live HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: chat.v1\r\n\r\n"
)


def masked(first: int, payload: bytes, claimed: int | None = None) -> bytes:
    """A frame as clients send it, its mask all zero. `claimed` is the length that it states, if not its own."""
    size = len(payload) if claimed is None else claimed
    if size < 126:
        head = bytes([first, 0x80 | size])
    elif size < 2**16:
        head = bytes([first, 0x80 | 126]) + size.to_bytes(2, "big")
    else:
        head = bytes([first, 0x80 | 127]) + size.to_bytes(8, "big")
    return head + bytes(4) + payload


def _sendable(frame: str | bytes) -> str | bytes:
    """A client cannot send half an emoji but in JSON's own words."""
    return frame.encode("utf-8", "replace").decode() if isinstance(frame, str) else frame
