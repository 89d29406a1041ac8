"""What a model asks for with a tool call: which call a fragment belongs to, and whether it can be made."""

import json
from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from havana.assistant.interface import Tool

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


class BadCall(Exception):
    """A call that cannot be carried out. The words are for the model, which may try again."""


def arguments_of(name: str, raw: object, tools: Sequence[Tool]) -> tuple[Tool, dict[str, Any]]:
    """The tool that is meant and its arguments, checked against the tool's schema."""
    tool = next((tool for tool in tools if tool.name == name), None)
    if tool is None:
        raise BadCall(f"There is no tool {name!r}. There are: {', '.join(tool.name for tool in tools)}.")
    arguments = _decoded(raw)
    if not isinstance(arguments, dict):
        raise BadCall(f"The arguments of {name} are not a whole JSON object.")
    problem = _problem(tool.parameters, arguments)
    if problem:
        raise BadCall(f"The arguments of {name} do not fit: {problem}.")
    return tool, arguments


def _decoded(raw: object) -> object:
    if raw is None or raw == "":
        return {}
    for _ in range(2):  # some servers encode the object twice
        if not isinstance(raw, str):
            return raw
        try:
            raw = msgspec.json.decode(raw)
        except msgspec.DecodeError:
            return None
    return raw


def _problem(schema: dict[str, Any], arguments: dict[str, Any]) -> str | None:
    for field in schema.get("required", []):
        if field not in arguments:
            return f"{field!r} is missing"
    for field, value in arguments.items():
        rule = schema.get("properties", {}).get(field, {})
        kinds = rule.get("type", [])
        allowed = [kind for name in ([kinds] if isinstance(kinds, str) else kinds) for kind in _TYPES[name]]
        fits = isinstance(value, tuple(allowed)) and (bool in allowed or not isinstance(value, bool))
        if allowed and not fits:
            return f"{field!r} must be {kinds}"
        if "enum" in rule and value not in rule["enum"]:
            return f"{field!r} must be one of {rule['enum']}"
    return None


class _Open(msgspec.Struct):
    """`said` is the id that the server gave it, `id` the one that we pass on: no two calls have the same."""

    number: int
    said: str | None
    id: str | None
    name: str
    arguments: str


class CallSorter:
    """Tells which call a streamed fragment belongs to, whatever the server does with indexes, ids and names.

    Servers leave out indexes, number every call 0, give all the same id, repeat id and name in every chunk, or invent
    new ids. A fragment opens a new call when it names another tool, or one again after its arguments were complete.
    """

    def __init__(self, names: Collection[str]) -> None:
        self._names = names
        self._calls: list[_Open] = []
        self._at: dict[str, _Open] = {}

    def place(
        self, index: object, call_id: str | None, name: str | None, arguments: str
    ) -> tuple[int, str | None, str | None]:
        """The number of the call, with id and name only where they are news."""
        call = self._meant(index, call_id)
        if call is None or self._opens_another(call, index, call_id, name, arguments):
            # Where the id is somebody else's already, the library gives it one.
            ours = None if any(other.said == call_id for other in self._calls) else call_id or None
            call = _Open(len(self._calls), call_id or None, ours, name or "", arguments)
            self._calls.append(call)
            self._at[str(index)] = call
            return call.number, call.id, name or None
        news_id = call_id if call_id and call.said is None else None
        news_name = name if name and name != call.name else None
        call.said, call.id = call.said or news_id, call.id or news_id
        call.name += news_name or ""
        call.arguments += arguments
        return call.number, news_id, news_name

    def _meant(self, index: object, call_id: str | None) -> _Open | None:
        at = self._at.get(str(index)) if index is not None else None
        named = [call for call in self._calls if call_id and call.said == call_id]
        if named:
            return at if at in named else named[-1]
        if index is None:
            return self._calls[-1] if self._calls else None
        return at

    def _opens_another(self, call: _Open, index: object, call_id: str | None, name: str | None, arguments: str) -> bool:
        if not name or not call.name:
            return False
        if name != call.name:
            return call.name in self._names  # else the name itself arrives in pieces
        same_id = bool(call_id and call_id == call.said)
        if same_id and (index is None or self._at.get(str(index)) is call):
            return False
        fresh_id = bool(call_id and call.said and call_id != call.said)
        return _whole(call.arguments) and (bool(arguments) or fresh_id)


def _whole(arguments: str) -> bool:
    try:
        return isinstance(json.loads(arguments), dict)
    except ValueError:
        return False
