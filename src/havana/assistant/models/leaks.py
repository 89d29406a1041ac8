"""Keeps out of the answer what a model was to say elsewhere: tool calls written as text, and its thoughts.

Servers that do not know a model's template pass such text on as content, cut by chunk borders at any place.
So text is held back while it may still become one of these, and no longer.
"""

import json
import re
from collections.abc import Collection
from typing import Any

import msgspec

_THOUGHTS = {"<think>": "</think>", "<thinking>": "</thinking>", "</think>": ""}
_CALLS = {
    "<tool_call>": "</tool_call>",  # Hermes, Qwen, GLM
    "<function_call>": "</function_call>",
    "<function=": "</function>",  # Llama
    "[TOOL_CALLS]": "",  # Mistral: up to the end
    "<|python_tag|>": "",
}
_FENCE = "```"
_OPENERS = (*_THOUGHTS, *_CALLS, _FENCE)
_MAY_BE_FENCED_CALL = re.compile(r"```\w*\s*(?:[\[{].*)?", re.DOTALL)
_FENCED = re.compile(r"```\w*\s*([\[{].*?)\s*```", re.DOTALL)
_FUNCTION = re.compile(r"<function=([\w.-]+)>?\s*(.*?)\s*(?:</function>|$)", re.DOTALL)
_PARAMETER = re.compile(r"<parameter=([\w.-]+)>\s*(.*?)\s*</parameter>", re.DOTALL)
_MAY_BE_BARE_CALL = re.compile(r'\s*\[?\s*(?:\{\s*(?:".*)?)?', re.DOTALL)
_NAMES = ("name", "tool", "tool_name", "function")
_ARGUMENTS = ("arguments", "parameters", "args", "input")
_LONGEST_HELD = 4000  # characters of JSON at the start of an answer: longer than any call to our tools


class LeakedCall(msgspec.Struct, frozen=True):
    """A call found in the text. `arguments` is None where it could not be read."""

    name: str
    arguments: dict[str, Any] | None


class Leaks:
    """Text goes in as it comes and comes out as the reader may see it; the calls gather in `calls`."""

    def __init__(self, tools: Collection[str]) -> None:
        self.calls: list[LeakedCall] = []
        self._tools = tools
        self._held = ""
        self._fresh = True  # nothing but white space was let through

    def feed(self, piece: str) -> str:
        self._held += piece
        return self._release(last=False)

    def finish(self) -> str:
        """What was held back to the end. A call counts without its closing tag, often the stop word."""
        return self._release(last=True)

    def _release(self, *, last: bool) -> str:
        shown = ""
        while self._held:
            step = self._next(last)
            shown += step or ""
            self._fresh = self._fresh and not shown.strip()
            if step is None:
                break
        return shown

    def _next(self, last: bool) -> str | None:
        """Takes one step through the held text: the text to show (may be empty), or None to wait for more."""
        if self._fresh and self._held.lstrip()[:1] in ("{", "[") and _MAY_BE_BARE_CALL.fullmatch(self._held):
            return self._bare(last)
        at, opener = min(((self._held.find(o), o) for o in _OPENERS if o in self._held), default=(-1, ""))
        if at > 0:
            return self._take(at)
        if at < 0:
            return self._take(len(self._held) - (0 if last else _overlap(self._held))) or None
        if opener == _FENCE:
            return self._fence(last)
        return self._block(opener, last)

    def _take(self, count: int) -> str:
        taken, self._held = self._held[:count], self._held[count:]
        return taken

    def _block(self, opener: str, last: bool) -> str | None:
        thought = opener in _THOUGHTS
        closer = _THOUGHTS[opener] if thought else _CALLS[opener]
        end = self._held.find(closer, len(opener)) if closer else (len(opener) if thought else -1)
        if end < 0 and not last:
            return None
        block = self._take(len(self._held) if end < 0 else end + len(closer))
        if not thought:
            inner = block if opener == "<function=" else block[len(opener) :].removesuffix(closer)
            found = _calls_in(inner)
            self.calls += found or [LeakedCall(self._mentioned(block), None)]
        return ""

    def _fence(self, last: bool) -> str | None:
        whole = _FENCED.match(self._held)
        if whole and self._is_call(_calls_in(whole[1])):
            self._take(whole.end())
            return ""
        if whole or last or not _MAY_BE_FENCED_CALL.fullmatch(self._held):
            end = whole.end() if whole else len(_FENCE)
            return self._take(end)
        return None

    def _bare(self, last: bool) -> str | None:
        """JSON at the very start of an answer."""
        start = len(self._held) - len(self._held.lstrip())
        try:
            value, end = json.JSONDecoder().raw_decode(self._held, start)
        except ValueError:
            if last or len(self._held) > _LONGEST_HELD:
                return self._take(len(self._held))
            return None
        if self._is_call(_calls_of(value)):
            self._take(end)
            return ""
        return self._take(end)

    def _is_call(self, calls: list[LeakedCall]) -> bool:
        known = bool(calls) and all(call.name in self._tools for call in calls)
        self.calls += calls if known else []
        return known

    def _mentioned(self, block: str) -> str:
        return next((name for name in self._tools if name in block), "")


def _overlap(text: str) -> int:
    """How many characters at the end of the text may be the beginning of an opener."""
    longest = max(map(len, _OPENERS)) - 1
    for count in range(min(longest, len(text)), 0, -1):
        if any(opener.startswith(text[-count:]) for opener in _OPENERS):
            return count
    return 0


def _calls_in(text: str) -> list[LeakedCall]:
    functions = _FUNCTION.findall(text)
    if functions:
        return [LeakedCall(name, _function_arguments(body)) for name, body in functions]
    try:
        return _calls_of(json.loads(text))
    except ValueError:
        return []


def _function_arguments(body: str) -> dict[str, Any] | None:
    parameters = _PARAMETER.findall(body)
    if parameters:
        return dict(parameters)
    return _object(body or "{}")


def _calls_of(value: object) -> list[LeakedCall]:
    if isinstance(value, list):
        return [call for item in value for call in _calls_of(item)]
    if not isinstance(value, dict):
        return []
    inner = value.get("function")
    if isinstance(inner, dict):
        value = inner
    name = next((value[k] for k in _NAMES if isinstance(value.get(k), str)), None)
    if name is None:
        return []
    raw: object = next((value[k] for k in _ARGUMENTS if k in value), {})
    return [LeakedCall(name, _object(raw))]


def _object(raw: object) -> dict[str, Any] | None:
    if isinstance(raw, str):
        try:
            raw = json.loads(raw)
        except ValueError:
            return None
    return raw if isinstance(raw, dict) else None
