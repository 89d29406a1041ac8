"""A site's settings as they are stored, also by a newer release: what this one does not know stays and counts nothing.

Where people write settings, a name that is not known is a mistake and is told; here it is somebody else's.
"""

import hashlib
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
    fields = _set(site)
    if words := _set(site.words):
        fields["words"] = words
    if before is not None:
        stored = msgspec.json.decode(before)
        if words := _foreign(stored.get("words", {}), Words):
            fields["words"] = {**words, **fields.get("words", {})}
        fields = {**_foreign(stored, Site), **fields}
    return msgspec.json.encode(fields).decode()


def write_form(site: Site, before: str) -> str:
    """The same, of what the console changes: the tools stay as they were stored, also those that are not understood."""
    fields = msgspec.json.decode(write_site(site, before))
    stored = msgspec.json.decode(before)
    tools = {name: stored[name] for name in _TOOLS if name in stored}
    return msgspec.json.encode({name: value for name, value in fields.items() if name not in _TOOLS} | tools).decode()


def version_of(text: str) -> str:
    """Tells settings from those that say something else, in whatever order they do."""
    return hashlib.sha256(msgspec.json.encode(msgspec.json.decode(text), order="deterministic")).hexdigest()


def _set(settings: Site | Words) -> dict[str, Any]:
    """What is not as it is by default. The encoder alone leaves out only what is the very object of the default."""
    fields = msgspec.structs.fields(type(settings))
    return {
        field.encode_name: msgspec.to_builtins(value)
        for field in fields
        if (value := getattr(settings, field.name)) != _default(field)
    }


def _default(field: msgspec.structs.FieldInfo) -> object:
    return field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()


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
