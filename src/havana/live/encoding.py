"""Objects on their way out: encoded once, shared by everybody who gets them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

_FINAL_TEXT = 0x81
"""The first byte of a WebSocket frame that is a whole text message (RFC 6455, 5.2)."""


class Frame(NamedTuple):
    """Encoded objects as a WebSocket frame: `whole` is all of it, `size` how many of its bytes are the objects."""

    whole: bytes
    size: int

    @property
    def data(self) -> bytes:
        """JSON; several objects stand in lines."""
        return self.whole[-self.size :]

    @property
    def text(self) -> str:
        return self.data.decode()


def encode(value: Any) -> Frame:
    return framed(msgspec.json.encode(value))


def joined(frames: Sequence[Frame]) -> Frame:
    return framed(b"\n".join([frame.data for frame in frames]))


def framed(data: bytes) -> Frame:
    """A server's frames are not masked, so that the same bytes are right for every reader."""
    size = len(data)
    if size < 126:
        head = bytes((_FINAL_TEXT, size))
    elif size < 1 << 16:
        head = bytes((_FINAL_TEXT, 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((_FINAL_TEXT, 127)) + size.to_bytes(8, "big")
    return Frame(head + data, size)


PING = encode({})
