"""Facts as they are stored and as nodes tell them to each other, those of a newer release among them.

Nodes of two releases share a database while one takes the place of the other. Of a fact that the newer one has written
this one reads what it can: fields that it does not know are left out, a word that it does not know stays that word,
and what remains is `Unknown`, which has its place in the log and tells nothing.
"""

from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from havana.chat import events as e

KINDS: Mapping[str, type[e.Fact]] = {
    e.snake_case(kind.__name__): kind for kind in get_args(e.AnyFact) if kind is not e.Unknown
}
"""What requests may put into the log, by the stored name."""
# Made once: to find out anew for each fact what may be one takes ten times as long as to read it.
_decoder: msgspec.json.Decoder[e.AnyFact] = msgspec.json.Decoder(e.AnyFact)


def encode_fact(fact: e.AnyFact) -> bytes:
    """The stored JSON of a fact, its kind included. `TypeError` for what could not be read: it would be lost."""
    if isinstance(fact, e.Unknown):
        raise TypeError("what is unknown is not written")
    return msgspec.json.encode(fact)


def decode_fact(payload: bytes | str) -> e.AnyFact:
    try:
        return _decoder.decode(payload)
    except msgspec.ValidationError:
        return known_of(msgspec.json.decode(payload))


def known_of(fields: Mapping[str, Any]) -> e.AnyFact:
    """What this release can tell of a fact, given as its fields with its kind."""
    kind = KINDS.get(fields["kind"])
    if kind is None:
        return e.Unknown()
    hints = get_type_hints(kind)
    try:
        known: e.AnyFact = kind(  # type: ignore[assignment] # a kind of `AnyFact`, all of which are facts
            **{
                field.name: msgspec.convert(fields[field.encode_name], _with_any_word(hints[field.name]))
                for field in msgspec.structs.fields(kind)
                if field.required or field.encode_name in fields
            }
        )
    except (KeyError, msgspec.ValidationError):
        return e.Unknown()
    return known


def is_known_whole(payload: bytes | str) -> bool:
    """Whether nothing of a stored fact is beyond this release: only then it can tell what becomes of it."""
    fields = msgspec.json.decode(payload)
    kind = KINDS.get(fields["kind"])
    if kind is None or not fields.keys() <= {"kind", *kind.__struct_encode_fields__}:
        return False
    try:
        msgspec.convert(fields, e.AnyFact)
    except msgspec.ValidationError:
        return False
    return True


def _with_any_word(shape: Any) -> Any:
    """The type without the choice of words that a newer release may have added to."""
    if get_origin(shape) is Literal:
        return str
    if get_origin(shape) is tuple:
        return tuple[tuple(map(_with_any_word, get_args(shape)))]  # type: ignore[misc] # made here, so not known before
    return shape
