"""What is made from the wire types: the client's `frames.gen.ts`, and the tables of `docs/protocol.md`.

`scripts/generate.py` writes them; the checks only compare.
"""

import datetime as dt
import types
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from havana.chat import events as e
from havana.chat import visiting as v
from havana.chat import wire as w
from havana.chat.commands import COMMANDS, Command
from havana.chat.control import Control
from havana.chat.people import Author, Looker, Person, Role, TeamName, Writing
from havana.chat.views import VISITOR_FIELDS
from havana.live import frames as f
from havana.live.closing import Close
from havana.live.kinds import LiveCommand
from havana.live.tables import with_tables

CLIENT = "web/protocol/src/frames.gen.ts"
DOCS = "docs/protocol.md"

_ALIASES: dict[Any, str] = {
    Role: "Role",
    Writing: "Writing",
    Control: "Control",
    e.Outcome: "Outcome",
    e.Offer: "Offer",
    e.Reason: "HandoverReason",
    w.ErrorCode: "ErrorCode",
}
_PLAIN: dict[Any, str] = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    dt.datetime: "string",
    type(None): "null",
    Any: "unknown",
}
# Empty in nearly every event, so to a client their absence and their emptiness are the same.
_MOSTLY_EMPTY = {"offers", "redacted"}
_HEAD = """\
/**
 * The frames of `chat.v1`: what passes over the live channel, in both directions.
 *
 * Made from `src/havana/live/frames.py` by `scripts/generate.py`; do not edit.
 */
"""
_EVENT = """\
/** A fact in its place. */
export type Event = Fact extends infer F ? (F extends Fact ? Envelope & F : never) : never;
"""
_COMMAND = """\
export type CommandName = keyof Commands;
export type Command = { [K in CommandName]: { id: number; do: K } & Commands[K][0] }[CommandName];

export type Reply =
  | { readonly id: number; readonly ok: unknown }
  | { readonly id: number; readonly error: WireError };
"""
_ANSWERS = {
    "hello": "Welcome",
    "follow": "Followed",
    "history": "HistoryPage",
    "follow_inbox": "InboxPage",
    "more_inbox": "InboxPage",
    "post": "Posted",
}


def files(root: Path) -> Mapping[str, str]:
    """The whole text of each generated file, by path from the root of the repository."""
    return {CLIENT: client(), DOCS: with_tables((root / DOCS).read_text(encoding="utf-8"))}


def client() -> str:
    facts = get_args(e.AnyFact)
    parts = [
        _HEAD,
        "\n".join(f"export type {name} = {_union(alias)};" for alias, name in _ALIASES.items()) + "\n",
        *(
            _interface(kind)
            for kind in (Person, TeamName, Author, Looker, v.Page, v.Context, v.Detail, w.State, e.Source, e.Assignment)
        ),
        "// Facts\n",
        *(_fact(kind) for kind in facts),
        f"export type Fact =\n{_alternatives(kind.__name__ for kind in facts)};\n",
        _interface(w.Envelope),
        _EVENT,
        "// Parts\n",
        *(_interface(kind) for kind in (w.Summary, w.Draft, w.ReadMark, w.WireError)),
        *(_interface(kind) for kind in (w.FollowedConversation, f.NotFollowed)),
        "export type Followed = FollowedConversation | NotFollowed;\n",
        *(_interface(kind) for kind in (f.Position, f.Limits)),
        "// Replies\n",
        *(_interface(kind) for kind in (f.Welcome, w.Posted, w.Changed, w.HistoryPage, f.InboxPage)),
        "export type Done = Readonly<Record<string, never>>;\n",
        "// Commands\n",
        _commands(),
        _COMMAND,
        "// Pushes\n",
        *(_interface(kind) for kind in f.PUSHES),
        f"export type Push =\n{_alternatives(kind.__name__ for kind in f.PUSHES)};\n",
        "// Numbers\n",
        _numbers(),
    ]
    return "\n".join(parts)


def _interface(kind: type[msgspec.Struct], *, note: str = "", staff: Iterable[str] = (), without: str = "") -> str:
    """A struct as an interface; the fields in `staff` are there for agents only."""
    lines = []
    tag = kind.__struct_config__
    if isinstance(tag.tag, str):
        lines.append(f'  readonly {tag.tag_field}: "{tag.tag}";')
    hints = get_type_hints(kind, include_extras=True)
    for field in msgspec.structs.fields(kind):
        if field.name == without:
            continue
        if field.encode_name in staff:
            lines.append("  /** Staff only. */")
        by_default = tag.omit_defaults and not field.required
        left_out = field.encode_name in staff or field.encode_name in _MOSTLY_EMPTY or by_default
        mark = "?" if left_out else ""
        shape = _type(_without_null(hints[field.name]) if left_out else hints[field.name])
        lines.append(f"  readonly {field.encode_name}{mark}: {shape};")
    said = [text for text in (note, _said(kind)) if text]
    comment = f"/** {' '.join(said)} */\n" if said else ""
    return "\n".join([f"{comment}export interface {kind.__name__} {{", *lines, "}", ""])


def _fact(kind: type[e.Fact]) -> str:
    if kind not in VISITOR_FIELDS:
        return _interface(kind, note="Staff only.")
    names = {field.encode_name for field in msgspec.structs.fields(kind)}
    return _interface(kind, staff=names - {*VISITOR_FIELDS[kind], "public"}, without="public")


def _commands() -> str:
    lines = []
    for do, live in f.LIVE_COMMANDS.items():
        lines.append(f"  {do}: [{_fields(live)}, {_ANSWERS.get(do, 'Done')}];")
    for do, kind in COMMANDS.items():
        conversation = f"conversation{'?' if kind.opens else ''}: string"
        lines.append(f"  {do}: [{_fields(kind, conversation)}, {_ANSWERS.get(do, 'Changed')}];")
    comment = "/** The fields of each command, and what it answers with. */"
    return "\n".join([comment, "export interface Commands {", *lines, "}", ""])


def _fields(kind: type[LiveCommand] | type[Command], *more: str) -> str:
    """The fields that a client may send; those with a default may be left out."""
    hints = get_type_hints(kind, include_extras=True)
    fields = list(more)
    for field in msgspec.structs.fields(kind):
        shape = hints[field.name] if field.required else _without_null(hints[field.name])
        fields.append(f"{field.encode_name}{'' if field.required else '?'}: {_type(shape)}")
    return f"{{ {'; '.join(fields)} }}" if fields else "Done"


def _numbers() -> str:
    closes = "\n".join(f"export const CLOSED_{code.name} = {int(code)};" for code in Close)
    stays = ", ".join(str(int(code)) for code in Close if not code.reconnect)
    limits = "\n".join(f"  {name}: {getattr(f.Limits(), name)}," for name in f.Limits.__struct_fields__)
    return (
        f'export const SUBPROTOCOL = "{f.SUBPROTOCOL}";\n'
        f"export const VERSION = {f.VERSION};\n\n"
        f"/** What the server grants; `welcome.limits` is what it grants now. */\n"
        f"export const LIMITS: Limits = {{\n{limits}\n}};\n\n"
        "/** Why connections end. */\n"
        f"{closes}\n\n"
        "/** After these nobody comes back by themselves. */\n"
        f"export const STAY_AWAY: ReadonlySet<number> = new Set([{stays}]);\n"
    )


def _type(shape: Any) -> str:
    if shape in _ALIASES:
        return _ALIASES[shape]
    if shape in _PLAIN:
        return _PLAIN[shape]
    origin, arguments = get_origin(shape), get_args(shape)
    if origin is Annotated:
        ready = [meta.extra["typescript"] for meta in arguments[1:] if meta.extra]
        return str(ready[0]) if ready else _type(arguments[0])
    if origin is Literal:
        return _union(shape)
    if origin in (Union, types.UnionType):
        return " | ".join(_type(argument) for argument in arguments)
    if origin in (tuple, list):
        item = _type(arguments[0])
        return f"readonly ({item})[]" if " " in item else f"readonly {item}[]"
    if origin is dict:
        return f"Readonly<Record<string, {_type(arguments[1])}>>"
    return str(shape.__name__)


def _without_null(shape: Any) -> Any:
    rest = [argument for argument in get_args(shape) if argument is not type(None)]
    return rest[0] if get_origin(shape) in (Union, types.UnionType) and len(rest) == 1 else shape


def _union(literal: Any) -> str:
    return " | ".join(f'"{word}"' for word in get_args(literal))


def _alternatives(names: Iterable[str]) -> str:
    return "\n".join(f"  | {name}" for name in names)


def _said(kind: type) -> str:
    return " ".join((kind.__dict__.get("__doc__") or "").split())
