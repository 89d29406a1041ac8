"""Objects on their way out: encoded once, shared by everybody who gets them."""

from typing import Any, NamedTuple

import msgspec


class Frame(NamedTuple):
    """An encoded object. The text is shared by all who get it; `size` is its length in bytes."""

    text: str
    size: int


def encode(value: Any) -> Frame:
    raw = msgspec.json.encode(value)
    return Frame(raw.decode(), len(raw))


PING = encode({})
