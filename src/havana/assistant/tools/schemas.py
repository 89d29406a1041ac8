"""Arguments of tools and their JSON Schemas: what is wrong with either, and what of the arguments is declared.

The library is imported by whoever needs it first: most sites have no tools.
"""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]


def schema_problem(schema: Schema) -> str | None:
    """Why the assistant cannot be given this as the parameters of a tool; None if it can."""
    from jsonschema import Draft202012Validator, SchemaError

    if schema.get("type") != "object":
        return 'it must be the schema of an object ("type": "object")'
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        return f"{error.message} at {error.json_path}"
    if not all(isinstance(rule, dict) for rule in schema.get("properties", {}).values()):
        return "each of its properties must be a schema of its own"
    if far := next((ref for ref in _refs(schema) if not ref.startswith("#")), None):
        return f"it refers to something outside of itself, {far}"
    return None


def arguments_problem(schema: Schema, arguments: dict[str, Any]) -> str | None:
    """What is wrong with arguments that the assistant wants to send, for it to try again."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    try:
        # With an empty registry nothing is ever fetched.
        found = Draft202012Validator(schema, registry=Registry()).iter_errors(arguments)
        error = best_match(found)  # type: ignore[no-untyped-call] # it says nothing of its types
    except RecursionError:
        return "the schema of this tool leads back to itself"
    except Unresolvable:
        return "the schema of this tool refers to something that it does not have"
    return None if error is None else f"{error.message} at {error.json_path}"


def declared(schema: Schema, value: Any) -> Any:
    """`value` without the properties that the schema does not name, at any depth.

    They are dropped also where JSON Schema would let them pass, unless it says so: `additionalProperties`.
    """
    return _declared([schema], schema, value)


def _declared(schemas: list[Schema], root: Schema, value: Any) -> Any:
    rules = [rule for schema in schemas for rule in _alternatives(schema, root)]
    if isinstance(value, list):
        items = [rule["items"] for rule in rules if isinstance(rule.get("items"), dict)]
        return [_declared(items, root, each) for each in value]
    if not isinstance(value, dict):
        return value
    named = {}
    for name, each in value.items():
        own = [rule["properties"][name] for rule in rules if name in rule.get("properties", {})]
        others = [rule["additionalProperties"] for rule in rules if rule.get("additionalProperties")]
        if True in own or True in others:
            named[name] = each
        elif own or others:
            named[name] = _declared([one for one in own or others if isinstance(one, dict)], root, each)
    return named


def _alternatives(schema: Schema, root: Schema, seen: frozenset[str] = frozenset()) -> Iterator[Schema]:
    """The schema with all that it puts together or chooses from."""
    yield schema
    ref = schema.get("$ref")
    if isinstance(ref, str) and ref not in seen and isinstance(found := _resolved(ref, root), dict):
        yield from _alternatives(found, root, seen | {ref})
    for several in ("allOf", "anyOf", "oneOf"):
        for one in schema.get(several, ()):
            if isinstance(one, dict):
                yield from _alternatives(one, root, seen)


def _resolved(ref: str, root: Schema) -> object:
    place: object = root
    for part in ref.removeprefix("#").strip("/").split("/"):
        if part:
            place = place.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(place, dict) else None
    return place


def _refs(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        for name, value in schema.items():
            if name in ("$ref", "$dynamicRef") and isinstance(value, str):
                yield value
            yield from _refs(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _refs(value)
