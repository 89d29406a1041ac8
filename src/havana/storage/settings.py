"""A site's settings as they are stored, also by a newer release: what this one does not know stays and counts nothing.

Where people write settings, a name that is not known is a mistake and is told; here it is somebody else's.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from havana.chat.site import Site, Words

_TOOLS = ("tools", "mcp")


def read_site(text: str) -> Site:
    try:
        return msgspec.json.decode(text, type=Site)
    except msgspec.ValidationError:
        return _known_of(msgspec.json.decode(text))


def write_site(site: Site, before: str | None) -> str:
    """The settings as JSON. What this release does not know of those that were stored `before` stays among them."""
    fields: dict[str, Any] = msgspec.to_builtins(site)
    if before is not None:
        stored = msgspec.json.decode(before)
        if words := _foreign(stored.get("words", {}), Words):
            fields["words"] = {**words, **fields.get("words", {})}
        fields = {**_foreign(stored, Site), **fields}
    return msgspec.json.encode(fields).decode()


def _known_of(stored: Mapping[str, Any]) -> Site:
    fields = dict(stored)
    for name in _TOOLS:
        # What is not known of a tool may be what holds it back: it is used as a whole, or not at all.
        fields[name] = [tool for tool in stored.get(name, ()) if _fits({name: [tool]}, name)]
    known = _known(fields.get("words", {}), Words)
    fields["words"] = {name: said for name, said in known.items() if isinstance(said, str)}
    known = _known(fields, Site)
    return msgspec.convert({name: value for name, value in known.items() if _fits(known, name)}, Site)


def _fits(fields: Mapping[str, Any], name: str) -> bool:
    """Whether this release can read the setting. Where it cannot, what holds is what holds without it."""
    try:
        msgspec.convert({"id": "", "key": "", "name": "", name: fields[name]}, Site)
    except msgspec.ValidationError:
        return False
    return True


def _known(fields: Mapping[str, Any], kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name in kind.__struct_encode_fields__}


def _foreign(fields: Mapping[str, Any], kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in kind.__struct_encode_fields__}
