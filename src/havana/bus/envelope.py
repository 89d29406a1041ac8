"""What travels between nodes: a message in an envelope that tells without opening it whether anybody here wants it."""

import datetime as dt
from collections import deque
from typing import Any

import msgspec
import structlog

from havana.bus import Appended, Message
from havana.chat.encoding import known_of
from havana.chat.events import Event
from havana.chat.fold import Fold
from havana.chat.people import Author

MOST_KINDS = 20
"""Of messages that cannot be read; further ones are not told apart in the log."""

log = structlog.get_logger()


class Envelope(msgspec.Struct, frozen=True, array_like=True):
    """`number` counts what `node` has said, also what could not be sent. Without topics it tells of the node only."""

    node: str
    number: int
    topics: tuple[str, ...]
    message: msgspec.Raw
    leaves: bool = False


class _Kind(msgspec.Struct):
    type: str = ""


class _NewerEvent(msgspec.Struct):
    """An `Event` whose fact is read as far as it is known."""

    seq: int
    public_seq: int | None
    id: str
    at: dt.datetime
    author: Author
    key: str | None
    fact: dict[str, Any]


class _NewerAppended(msgspec.Struct, tag="Appended"):
    fold: Fold
    events: tuple[_NewerEvent, ...]


_encoder = msgspec.msgpack.Encoder()
_envelopes = msgspec.msgpack.Decoder(Envelope)
_messages: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(Message)
_newer_appended = msgspec.msgpack.Decoder(_NewerAppended)
_kinds = msgspec.msgpack.Decoder(_Kind)
_NOTHING = msgspec.Raw(_encoder.encode(None))


class Waiting:
    """What has still to go out, oldest first. When there is no room, the oldest goes: it is the least worth by now."""

    def __init__(self, node: str, most: int) -> None:
        self._node = node
        self._most = most
        self._entries: deque[tuple[list[str], Message]] = deque()
        self._number = 0

    def __len__(self) -> int:
        return len(self._entries)

    def put(self, topic: str, message: Message) -> bool:
        """False: something was dropped for it."""
        if self._entries and self._entries[-1][1] is message:
            # The desk says the same on the conversation's topic and on the inbox's: it travels once.
            self._entries[-1][0].append(topic)
            return True
        self._entries.append(([topic], message))
        if len(self._entries) <= self._most:
            return True
        self._entries.popleft()
        self._number += 1
        return False

    def miss(self) -> None:
        """One was not even put."""
        self._number += 1

    def drop_all(self) -> None:
        self._number += len(self._entries)
        self._entries.clear()

    def take(self, most: int) -> list[tuple[str, bytes]]:
        """The oldest, each with its first topic."""
        taken: list[tuple[str, bytes]] = []
        while self._entries and len(taken) < most:
            topics, message = self._entries.popleft()
            self._number += 1
            try:
                body = msgspec.Raw(_encoder.encode(message))
                taken.append((topics[0], _encoder.encode(Envelope(self._node, self._number, tuple(topics), body))))
            except Exception:
                log.exception("bus message cannot be sent", message=type(message).__name__)
        return taken

    def sign_of_life(self, *, leaves: bool = False) -> bytes:
        return _encoder.encode(Envelope(self._node, self._number, (), _NOTHING, leaves))


class Reader:
    """What another release sent, or somebody who is none of us, cannot be read; each kind is logged once."""

    def __init__(self) -> None:
        self._unread: set[str] = set()

    def envelope(self, payload: bytes) -> Envelope | None:
        try:
            return _envelopes.decode(payload)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            self._dropped("envelope", error)
            return None

    def message(self, envelope: Envelope) -> Message | None:
        try:
            return _messages.decode(envelope.message)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            kind = _kind(envelope.message)
            if kind == Appended.__name__ and (appended := _appended_by_newer(envelope.message)) is not None:
                return appended
            self._dropped(kind, error)
            return None

    def _dropped(self, kind: str, error: Exception) -> None:
        if kind not in self._unread and len(self._unread) < MOST_KINDS:
            self._unread.add(kind)
            log.warning("bus messages of a kind that cannot be read are dropped", kind=kind, error=str(error))


def _appended_by_newer(message: msgspec.Raw) -> Appended | None:
    """Readers here must not wait for the next look into the log because one of the events is not known."""
    try:
        read = _newer_appended.decode(message)
        events = [Event(**(msgspec.structs.asdict(event) | {"fact": known_of(event.fact)})) for event in read.events]
    except (msgspec.MsgspecError, ValueError, LookupError, TypeError, RecursionError):
        return None
    return Appended(read.fold, tuple(events))


def _kind(message: msgspec.Raw) -> str:
    try:
        return _kinds.decode(message).type[:50]
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return ""
