"""The live channel under fuzzing: whatever is sent, it is answered once or hung up on, nobody else notices, and nobody
hears what is not for them.
"""

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, get_args
from unittest import mock

import msgspec
import pytest
import websockets
from hypothesis import given
from hypothesis import strategies as st
from tests.stories.house import PATIENCE_S, Frame, House

from havana import reading
from havana.chat.wire import ErrorCode
from havana.live.closing import Close

from . import canaries, odd
from .canaries import Canaries, found_in
from .odd import examples
from .watched import Watched, a_watched_house, nothing_goes_wrong

pytestmark = pytest.mark.slow

KNOWN = set(get_args(ErrorCode)) - {"internal", "unauthorised"}
OF_THE_WEBSOCKET = {1002, 1007}
"""Broken on the level below ours: a protocol error, and text that is not UTF-8."""
FENCE = 2**53


class Stage:
    """One house for all examples, and in it what no visitor may get."""

    def __init__(self, runner: asyncio.Runner, watched: Watched) -> None:
        self.runner = runner
        self.watched = watched
        self.house: House = watched.house
        self.agents_heard: set[str] = set()

    async def prepare(self) -> None:
        self.canaries: Canaries = await canaries.plant(self.watched)
        self.house.http.headers.update(await canaries.signed_in(self.house))

    @property
    def odd(self) -> dict[str, st.SearchStrategy[Any]]:
        return odd.plausible(self.canaries.conversations, self.canaries.agent)

    async def connects(self) -> websockets.ClientConnection:
        return await websockets.connect(
            self.house.url.replace("http", "ws") + "/live", subprotocols=[websockets.Subprotocol("chat.v1")]
        )

    async def token(self, role: str) -> str:
        if role == "visitor":
            return self.canaries.token
        token: str = (await self.house.http.post("/api/live-token")).json()["token"]
        return token


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with asyncio.Runner() as runner:
        house = a_watched_house(tmp_path_factory.mktemp("house"))
        with canaries.dictated():
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
    """A connection that counts what comes back, and keeps all of it: `heard`."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.socket = socket
        self.replies: list[Frame] = []
        self.heard: list[str] = [str(socket.response.headers) if socket.response else ""]

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
                    self.heard.append(str(await self.socket.recv()))
                    for line in self.heard[-1].split("\n"):
                        frame = json.loads(line)
                        if "id" in frame:
                            self.replies.append(frame)
                        elif frame == {}:
                            await self.socket.send("{}")
            except websockets.ConnectionClosed as closed:
                self.heard.append(closed.rcvd.reason if closed.rcvd else "")
                return closed.rcvd.code if closed.rcvd else 1006
        return None


def assert_not_overheard(stage: Stage, attacker: Attacker, role: str) -> None:
    """Whoever is not of the team heard nothing that is not theirs."""
    if role == "agent":
        stage.agents_heard |= found_in(attacker.heard)
    else:
        assert found_in(attacker.heard) == set()


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
        assert_not_overheard(stage, attacker, role)
    finally:
        await attacker.socket.close()


async def asks_for_all(stage: Stage, conversation: str) -> tuple[Counter[str], set[str]]:
    """What a visitor gets who tries every command on a conversation: the outcomes, and the canaries in them."""
    fields = canaries.plain(stage.canaries.agent)
    attacker = Attacker(await stage.connects())
    try:
        following = [{"conversation": conversation}, {"conversation": conversation, "log": "", "seq": 0}]
        hello = {"do": "hello", "v": 1, "token": stage.canaries.token, "following": following}
        asked = [hello] + [
            {name: value for name, value in fields.items() if name in names} | {"do": do}
            for do, kind in odd.KINDS.items()
            for names in [{field.encode_name for field in msgspec.structs.fields(kind)}]
            if do != "hello"
        ]
        frames = [odd.written({"id": n, "conversation": conversation} | one) for n, one in enumerate(asked)]
        await attacker.send(list(frames))
        assert await attacker.until_answered(len(frames)) is None
        outcomes = Counter(reply["error"]["code"] if "error" in reply else "ok" for reply in attacker.replies)
        return outcomes, found_in(attacker.heard)
    finally:
        await attacker.socket.close()


def test_nobody_gets_anything_of_a_conversation_that_is_not_theirs(stage: Stage):
    for conversation in (stage.canaries.theirs, stage.canaries.held):
        outcomes, overheard = stage.runner.run(asks_for_all(stage, conversation))

        assert overheard == set()
        # `ok` are the hello, the unfollow and where the visitor is, which say nothing of it.
        assert outcomes.keys() == {"ok", "not_found", "forbidden"}
        assert outcomes["ok"] == 3


def test_what_is_for_the_staff_is_not_for_the_visitor_whose_conversation_it_is(stage: Stage):
    outcomes, overheard = stage.runner.run(asks_for_all(stage, stage.canaries.mine))

    assert overheard == set()
    assert outcomes["ok"] > 10


def test_a_reader_whom_nobody_checks_is_found(stage: Stage):
    """That the two above can fail."""
    with mock.patch.object(reading, "_of", lambda _who, fold: fold):
        overheard = {
            conversation: stage.runner.run(asks_for_all(stage, conversation))[1]
            for conversation in (stage.canaries.theirs, stage.canaries.held)
        }

    assert overheard == {stage.canaries.theirs: {canaries.WORDS}, stage.canaries.held: {canaries.DRAFT}}


def test_every_command_is_answered_exactly_once_however_odd_its_fields(stage: Stage):
    known = stage.odd

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

    # An agent who asks the same finds what no visitor does, so it is there to be found.
    for conversation in (stage.canaries.theirs, stage.canaries.mine):
        frame = odd.written({"id": 1, "do": "history", "conversation": conversation, "after": 0, "limit": 100})
        stage.runner.run(answered_once(stage, "agent", [1], [frame], hello=True))
    assert {canaries.WORDS, canaries.OWN_NOTE} <= stage.agents_heard

    fuzz()


def test_a_hello_with_anything_in_it_is_answered_or_hung_up_on(stage: Stage):
    known = stage.odd | {"token": st.just(stage.canaries.token)}
    hello = odd.fields_of(odd.KINDS["hello"], known)

    @examples(50)
    @given(hello, st.sampled_from(["hello", "hello", "hello", "post", None, 7]))
    def fuzz(fields: odd.Fields, do: Any) -> None:
        frame = odd.written({**fields, "id": 1, "do": do})
        stage.runner.run(answered_once(stage, "visitor", [1], [frame], hello=False))
        stage.runner.run(stage.watched.serves())

    fuzz()


def test_what_is_hardly_json_is_answered_or_hung_up_on(stage: Stage):
    known = stage.odd
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
            assert_not_overheard(stage, attacker, role)
        finally:
            await attacker.socket.close()

    @examples(100)
    @given(st.sampled_from(["visitor", "agent"]), st.lists(frame, min_size=1, max_size=4), st.booleans())
    def fuzz(role: str, frames: list[str | bytes], hello: bool) -> None:
        stage.runner.run(attack(role, frames, hello=hello))
        stage.runner.run(stage.watched.serves())

    fuzz()


def test_bytes_that_are_no_websocket_harm_only_their_own_connection(stage: Stage):
    hello = odd.written({"id": 0, "do": "hello", "v": 1, "token": stage.canaries.token}).encode()
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
        heard = await reader.readuntil(b"\r\n\r\n")
        assert b" 101 " in heard
        for sent in ([masked(0x81, hello)] if greet else []) + pieces:
            writer.write(sent)
        writer.write_eof()
        async with asyncio.timeout(PATIENCE_S):
            with contextlib.suppress(ConnectionError):
                while data := await reader.read(2**16):
                    heard += data
        writer.close()
        assert found_in([heard.decode("utf-8", "replace")]) == set()

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
