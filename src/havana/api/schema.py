"""What the framework cannot read off the handlers, made from the wire types: commands, replies, events, errors."""

from collections.abc import Iterable
from typing import Any, get_args

import msgspec

from havana.accounts.sessions import COOKIE
from havana.api.errors import STATUS
from havana.api.guards import BY_AGENT, BY_VISITOR
from havana.chat import events as e
from havana.chat import wire as w
from havana.chat.commands import COMMANDS, Command, Post
from havana.chat.errors import Problem
from havana.chat.views import VISITOR_FIELDS

Json = dict[str, Any]

_REF = "#/components/schemas/{name}"
_SCHEMES: Json = {
    "visitor": {
        "type": "http",
        "scheme": "bearer",
        "description": "The token of a visitor, from `POST /api/visitors`.",
    },
    "agent": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "The cookie of a signed-in agent. Writes must come with the `Origin` of our own pages.",
    },
}
_EVENT = "A fact in its place. A visitor does not get the facts, nor the fields, that are for the staff."


class Failure(msgspec.Struct, frozen=True):
    error: w.WireError


class FormError(w.WireError, frozen=True, kw_only=True):
    """`problems` are all that is wrong with a form, if that is what is wrong."""

    problems: tuple[Problem, ...] | msgspec.UnsetType = msgspec.UNSET


class FormFailure(msgspec.Struct, frozen=True):
    error: FormError


class ConversationsPage(msgspec.Struct, frozen=True):
    """Newest activity first. `next` is the `cursor` of the page after this one."""

    conversations: tuple[w.Summary, ...]
    next: str | None


_ANSWERS: dict[tuple[str, str], tuple[type[msgspec.Struct], ...]] = {
    ("get", "/api/conversations"): (ConversationsPage,),
    ("post", "/api/conversations"): (w.Posted, w.Changed),
    ("get", "/api/conversations/{conversation}"): (w.FollowedConversation,),
    ("get", "/api/conversations/{conversation}/events"): (w.HistoryPage,),
}
"""Of the handlers that hand through what `reading.py` and `requests.py` say."""
_FORMS = {("post", "/api/sites"), ("put", "/api/sites/{key}/settings")}
"""They tell of each field what is wrong with it."""


def complete(found: Json) -> Json:
    """The framework's OpenAPI with all of it."""
    paths = {
        path: {method: _completed(method, path, operation) for method, operation in item.items()}
        for path, item in found["paths"].items()
    }
    for do, kind in COMMANDS.items():
        paths[f"/api/conversations/{{conversation}}/{do}"] = {"post": _command(kind)}
    components = found["components"] | {
        "securitySchemes": _SCHEMES,
        "schemas": found["components"].get("schemas", {}) | _shapes(),
    }
    return found | {"paths": paths, "components": components}


def _completed(method: str, path: str, operation: Json) -> Json:
    done = {name: value for name, value in operation.items() if name != "deprecated"}
    answers = {status: answer for status, answer in operation["responses"].items() if status < "300"}
    if "204" in answers:
        answers["204"] = {"description": answers["204"]["description"]}
    if kinds := _ANSWERS.get((method, path)):
        answers["200"] = _answer(_any_of(kinds))
    if (method, path) == ("post", "/api/conversations"):
        done["requestBody"] = _body(_opening(), required=True)
    if not path.startswith("/api/"):
        return done | {"responses": answers}
    errors = _errors(path, done)
    if (method, path) in _FORMS:
        errors["400"] = _error(_codes(400), FormFailure)
    return done | {"responses": answers | errors}


# Commands


def _command(kind: type[Command]) -> Json:
    fields = msgspec.structs.fields(kind)
    operation: Json = {
        "tags": ["Commands"],
        "summary": kind.__name__,
        "operationId": f"Command{kind.__name__}",
        "description": kind.__doc__,
        "security": [*(BY_VISITOR if "visitor" in kind.who else ()), *(BY_AGENT if "agent" in kind.who else ())],
        "parameters": [{"name": "conversation", "in": "path", "required": True, "schema": {"type": "string"}}],
    }
    if fields:
        operation["requestBody"] = _body(_ref(kind), required=any(field.required for field in fields))
    answers = {"200": _answer(_ref(w.Posted if kind is Post else w.Changed))}
    return operation | {"responses": answers | _errors("/{conversation}/", operation, of_command=True)}


def _opening() -> Json:
    """The commands that may begin a conversation; `do` tells which, and may be left out of a `post`."""
    return {
        "oneOf": [
            {
                "allOf": [_ref(kind)],
                "type": "object",
                "properties": {"do": {"const": do}},
                "required": [] if kind is Post else ["do"],
            }
            for do, kind in COMMANDS.items()
            if kind.opens
        ]
    }


# Answers


def _errors(path: str, operation: Json, *, of_command: bool = False) -> Json:
    """The errors that the operation's shape tells of; `default` is for those that any of them may have."""
    has_body = "requestBody" in operation
    names_somebody = has_body or "security" in operation
    statuses = {
        400: has_body or bool(operation.get("parameters")),
        401: names_somebody,
        403: names_somebody,
        404: "{" in path,
        409: of_command or (path == "/api/conversations" and has_body),
        413: has_body,
        429: has_body or of_command or path.startswith("/api/conversations/{"),
    }
    errors = {str(status): _error(_codes(status)) for status, may_be in statuses.items() if may_be}
    return errors | {"default": _error("internal, busy, or any other")}


def _codes(status: int) -> str:
    codes = [code for code, of in STATUS.items() if of == status and code != "unknown_command"]
    return ", ".join(codes)


def _error(description: str, kind: type[msgspec.Struct] = Failure) -> Json:
    return {"description": description, "content": {"application/json": {"schema": _ref(kind)}}}


def _answer(schema: Json) -> Json:
    return {"description": "It is done", "content": {"application/json": {"schema": schema}}}


def _body(schema: Json, *, required: bool) -> Json:
    return {"required": required, "content": {"application/json": {"schema": schema}}}


# Shapes


def _shapes() -> Json:
    facts = get_args(e.AnyFact)
    replies = (w.Posted, w.Changed, w.FollowedConversation, w.HistoryPage, ConversationsPage, w.Envelope)
    told = [*COMMANDS.values(), *facts, *replies, Failure, FormFailure]
    _, shapes = msgspec.json.schema_components(told, ref_template=_REF)
    for kind in COMMANDS.values():
        # Its name is in the address.
        shapes[kind.__name__] = _without(shapes[kind.__name__], "do")
    for kind in facts:
        shapes[kind.__name__] = _fact(kind, shapes[kind.__name__])
    kinds = {e.snake_case(kind.__name__): _ref(kind)["$ref"] for kind in facts}
    shapes["Event"] = {
        "title": "Event",
        "description": _EVENT,
        "allOf": [_ref(w.Envelope)],
        "oneOf": [_ref(kind) for kind in facts],
        "discriminator": {"propertyName": "kind", "mapping": kinds},
    }
    return shapes


def _fact(kind: type[e.Fact], shape: Json) -> Json:
    """A fact as the wire has it: what a visitor does not get may be missing."""
    seen = VISITOR_FIELDS.get(kind)
    shape = _without(shape, "public")
    if seen is None:
        return shape | {"description": "Staff only."}
    return shape | {"required": [name for name in shape["required"] if name == "kind" or name in seen]}


def _without(shape: Json, name: str) -> Json:
    properties = {field: value for field, value in shape["properties"].items() if field != name}
    return shape | {"properties": properties, "required": [field for field in shape["required"] if field != name]}


def _any_of(kinds: Iterable[type[msgspec.Struct]]) -> Json:
    choices = [_ref(kind) for kind in kinds]
    return choices[0] if len(choices) == 1 else {"anyOf": choices}


def _ref(kind: type[msgspec.Struct]) -> Json:
    return {"$ref": _REF.format(name=kind.__name__)}
