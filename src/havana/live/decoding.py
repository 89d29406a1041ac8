"""A frame of a client as commands: what is not even a command ends the connection."""

from typing import Any, NamedTuple

from havana.chat.parsing import parse_json
from havana.live.closing import Close, Hangup

_LARGEST_ID = 2**53


class Command(NamedTuple):
    """An object of a frame: `do` names what is wanted; `fields` is the object as it came."""

    id: int
    do: Any
    fields: dict[str, Any]


def decode_frame(frame: str | bytes) -> list[Command]:
    """The commands of a frame, pongs left out. Raises `Hangup` (4501): then none of them is carried out."""
    if isinstance(frame, bytes):
        raise Hangup(Close.BAD_FRAME, "binary frame")
    return [command for line in frame.split("\n") if (command := _decode_line(line)) is not None]


def _decode_line(line: str) -> Command | None:
    if not line or line.isspace():
        return None
    value = _parse(line)
    if value == {}:
        return None
    if not isinstance(value, dict):
        raise Hangup(Close.BAD_FRAME, "not an object")
    number = value.get("id")
    if not isinstance(number, int) or isinstance(number, bool) or abs(number) > _LARGEST_ID:
        raise Hangup(Close.BAD_FRAME, "no id")
    if value.get("do") is None:
        raise Hangup(Close.BAD_FRAME, "no do")
    return Command(number, value["do"], value)


def _parse(line: str) -> Any:
    try:
        return parse_json(line)
    except RecursionError:
        raise Hangup(Close.BAD_FRAME, "nested too deeply") from None
    except ValueError:
        raise Hangup(Close.BAD_FRAME, "not JSON") from None
