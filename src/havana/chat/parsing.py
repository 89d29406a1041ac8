"""JSON as clients send it, the same over REST and over the live channel."""

import json
from typing import Any, NoReturn

import msgspec


def parse_json(raw: str | bytes) -> Any:
    """What a text of JSON says. Raises `ValueError`, or `RecursionError` where it nests too deeply."""
    try:
        return msgspec.json.decode(raw)
    except (ValueError, UnicodeEncodeError):
        return _parse_half_pairs(raw)


def _parse_half_pairs(raw: str | bytes) -> Any:
    r"""JSON with half of a surrogate pair (`"\ud83d"`), which browsers send for a torn emoji, is JSON all the same.

    msgspec refuses it. Each half becomes U+FFFD, because nothing after this could store or send it.
    """
    text = raw if isinstance(raw, str) else raw.decode("utf-8")
    value = json.loads(text, parse_constant=_not_json)
    whole = json.dumps(value, ensure_ascii=False).encode("utf-16-le", "surrogatepass")
    return msgspec.json.decode(whole.decode("utf-16-le", "replace"))


def _not_json(constant: str) -> NoReturn:
    raise ValueError(constant)
