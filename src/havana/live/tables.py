"""The tables of `docs/protocol.md`, made from the wire types, so that the page cannot tell something else."""

import re
from collections.abc import Callable, Iterable
from typing import Any, get_args

import msgspec

from havana.chat import events as e
from havana.chat import wire as w
from havana.chat.commands import COMMANDS
from havana.chat.views import VISITOR_FIELDS
from havana.live import frames as f
from havana.live.closing import Close

_MARKED = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)

ERRORS = {
    "bad_request": "a field is missing, of the wrong type or out of range; the message says which",
    "too_large": "the text is longer than the limit",
    "unauthorised": "REST only: no credentials, or wrong ones",
    "forbidden": "not for you: an agent's command from a visitor, or the other way round",
    "not_found": "there is no such conversation, or it is somebody else's",
    "already_claimed": "another agent is in charge: `state.agent`",
    "stale": "control has moved on: `state`; REST, of an article: somebody else has changed it",
    "closed": "the conversation is closed",
    "limit": "you have as many of these as you may",
    "rate": "too often; try again after `retry_ms`",
    "busy": "the server has too much to do; try again after `retry_ms`",
    "unknown_command": "there is no such command",
    "internal": "an error of the server; the same key makes trying again safe",
}


def with_tables(page: str) -> str:
    """The page with every marked table made anew."""
    return _MARKED.sub(lambda found: f"{found[1]}\n{_TABLES[found[2]]()}\n{found[3]}", page)


def _commands() -> str:
    kinds: dict[str, type[Any]] = {**f.LIVE_COMMANDS, **COMMANDS}
    rows = []
    for do, kind in kinds.items():
        fields = [_field(field) for field in msgspec.structs.fields(kind)]
        if do in COMMANDS:
            fields.insert(0, "conversation?" if kind.opens else "conversation")
        who = "both" if len(kind.who) == 2 else kind.who[0] + "s"
        rows.append((f"`{do}`", who, _code(fields)))
    return _table(("command", "who", "fields (`?`: may be left out)"), rows)


def _kinds() -> str:
    rows = []
    for kind in get_args(e.AnyFact):
        seen = VISITOR_FIELDS.get(kind)
        fields = [field.encode_name for field in msgspec.structs.fields(kind) if field.name != "public"]
        hidden = [] if seen is None else [name for name in fields if name not in seen]
        whose = "agents" if seen is None else f"both; {_code(hidden)} agents only" if hidden else "both"
        rows.append((f"`{e.snake_case(kind.__name__)}`", _code(fields), whose))
    return _table(("kind", "fields", "who sees it"), rows)


def _pushes() -> str:
    rows = [
        (f"`{kind.__struct_config__.tag}`", _code(field.encode_name for field in msgspec.structs.fields(kind)))
        for kind in f.PUSHES
    ]
    return _table(("push", "fields"), rows)


def _errors() -> str:
    return _table(("code", "meaning"), [(f"`{code}`", ERRORS[code]) for code in get_args(w.ErrorCode)])


def _close_codes() -> str:
    rows = [(str(int(code)), code.meaning, "yes" if code.reconnect else "no") for code in Close]
    return _table(("code", "meaning", "reconnect"), rows)


def _limits() -> str:
    limits = f.Limits()
    rows = [
        ("text of a message", f"{limits.text} code points, after trimming"),
        ("a frame from the client", f"{limits.frame} bytes"),
        ("conversations that one connection follows", str(limits.following)),
        ("events in one page of `history`", str(limits.page)),
        ("`typing` is passed on", f"every {limits.typing_ms / 1000:g} s"),
        ("hello", f"within {f.HELLO_WITHIN_MS / 1000:g} s"),
        ("ping", f"every {f.PING_MS / 1000:g} s at most"),
        ("silence that ends the connection", f"{f.DEAD_AFTER_MS / 1000:g} s"),
    ]
    return _table(("what", "limit"), rows)


_TABLES: dict[str, Callable[[], str]] = {
    "commands": _commands,
    "kinds": _kinds,
    "pushes": _pushes,
    "errors": _errors,
    "close_codes": _close_codes,
    "limits": _limits,
}


def _field(field: msgspec.structs.FieldInfo) -> str:
    return field.encode_name if field.required else f"{field.encode_name}?"


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
