"""Conversations over REST: the same commands and the same reading as on the live channel."""

from typing import Annotated, Any, cast

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, QueryParameter

from havana.api.guards import BY_EITHER, BY_VISITOR, AnyRequest, Asking, Provided
from havana.chat.commands import COMMANDS, AnyCommand
from havana.chat.control import Control
from havana.chat.errors import BadRequest, UnknownCommand
from havana.chat.parsing import parse_json
from havana.chat.people import Visitor
from havana.chat.wire import LARGEST_PLACE
from havana.storage.inbox import Filter

Limit = Annotated[int, QueryParameter(ge=1, le=100)]
Place = Annotated[int | None, QueryParameter(ge=0, le=LARGEST_PLACE)]
Wire = dict[str, Any]


@get("/api/conversations", tags=["Conversations"], security=BY_EITHER)
async def list_conversations(
    *,
    who: Asking,
    services: Provided,
    control: FromQuery[list[Control] | None] = None,
    agent: FromQuery[str | None] = None,
    site: FromQuery[str | None] = None,
    visitor: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: Limit = 50,
) -> Wire:
    """A list, newest activity first; for a visitor the current one only."""
    if isinstance(who, Visitor):
        current = await services.reading.current(who)
        return {"conversations": [current] if current else [], "next": None}
    chosen = Filter(control=tuple(control or ()), agent=agent, site=site, visitor=visitor)
    return await services.reading.list_conversations(who, chosen, cursor=cursor, limit=limit)


@post("/api/conversations", status_code=200, tags=["Conversations"], security=BY_VISITOR)
async def begin(who: Asking, request: AnyRequest, services: Provided) -> Wire:
    """A visitor's command that names no conversation: `post` if there is no `do`, or any other that may create one.

    It is carried out in the current conversation; where there is none, it creates one.
    """
    fields = await _fields(request)
    do = fields.get("do", "post")
    if not isinstance(do, str):
        raise BadRequest("`do` must be the name of a command.")
    return await services.requests.perform(who, None, _command(do, fields))


@get("/api/conversations/{conversation:str}", tags=["Conversations"], security=BY_EITHER)
async def snapshot(conversation: FromPath[str], who: Asking, services: Provided) -> Wire:
    """The state and the last fifty events."""
    services.reading.check(who)
    return await services.reading.followed(who, conversation)


@get("/api/conversations/{conversation:str}/events", tags=["Conversations"], security=BY_EITHER)
async def events(
    *,
    conversation: FromPath[str],
    who: Asking,
    services: Provided,
    before: Place = None,
    after: Place = None,
    until: Place = None,
    limit: Limit = 50,
) -> Wire:
    """A page of events, ascending. `before` and `after` are exclusive, `until` is inclusive."""
    services.reading.check(who)
    return await services.reading.history(who, conversation, before=before, after=after, until=until, limit=limit)


@post("/api/conversations/{conversation:str}/{command:str}", status_code=200, include_in_schema=False)
async def perform(
    conversation: FromPath[str], command: FromPath[str], who: Asking, request: AnyRequest, services: Provided
) -> Wire:
    """Any command of the live channel, by its name there and with the same fields and the same reply.

    `/api/docs` shows each command as an address of its own (`schema.py`).
    """
    return await services.requests.perform(who, conversation, _command(command, await _fields(request)))


async def _fields(request: AnyRequest) -> dict[str, Any]:
    """The body. Most commands have no fields: then none is needed."""
    try:
        fields = parse_json(await request.body() or b"{}")
    except ValueError:
        raise BadRequest("The body is not valid JSON.") from None
    if not isinstance(fields, dict):
        raise BadRequest("The body is not a JSON object.")
    return fields


def _command(name: str, fields: dict[str, Any]) -> AnyCommand:
    kind = COMMANDS.get(name)
    if kind is None:
        raise UnknownCommand(f"There is no command {name}.")
    try:
        return cast("AnyCommand", msgspec.convert(fields | {"do": name}, kind))
    except msgspec.ValidationError as error:
        raise BadRequest(f"{error}.") from None
