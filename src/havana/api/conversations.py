"""Conversations over REST: the same commands and the same reading as on the live channel."""

from typing import Annotated, Any, cast

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, QueryParameter

from havana.api.guards import AnyRequest, Asking, Provided
from havana.chat.commands import COMMANDS, AnyCommand
from havana.chat.control import Control
from havana.chat.errors import BadRequest, UnknownCommand
from havana.chat.people import Visitor
from havana.storage.inbox import Filter

Limit = Annotated[int, QueryParameter(ge=1, le=100)]
Wire = dict[str, Any]


@get("/api/conversations", tags=["Conversations"])
async def list_conversations(
    *,
    who: Asking,
    services: Provided,
    control: FromQuery[list[Control] | None] = None,
    agent: FromQuery[str | None] = None,
    site: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: Limit = 50,
) -> Wire:
    """`{"conversations": [SUMMARY…], "next"}`, newest activity first; for a visitor the current one."""
    if isinstance(who, Visitor):
        current = await services.reading.current(who)
        return {"conversations": [current] if current else [], "next": None}
    chosen = Filter(control=tuple(control or ()), agent=agent, site=site)
    return await services.reading.list_conversations(who, chosen, cursor=cursor, limit=limit)


@post("/api/conversations", status_code=200, tags=["Conversations"])
async def begin(who: Asking, request: AnyRequest, services: Provided) -> Wire:
    """A visitor's `post` that names no conversation: it goes into the current one, or creates one."""
    return await services.requests.perform(who, None, await _command("post", request))


@get("/api/conversations/{conversation:str}", tags=["Conversations"])
async def snapshot(conversation: FromPath[str], who: Asking, services: Provided) -> Wire:
    """FOLLOWED: the state and the last fifty events."""
    return await services.reading.followed(who, conversation)


@get("/api/conversations/{conversation:str}/events", tags=["Conversations"])
async def events(
    *,
    conversation: FromPath[str],
    who: Asking,
    services: Provided,
    before: FromQuery[int | None] = None,
    after: FromQuery[int | None] = None,
    until: FromQuery[int | None] = None,
    limit: Limit = 50,
) -> Wire:
    """`{"events", "before"}`: a page, ascending. `before` and `after` are exclusive, `until` is inclusive."""
    return await services.reading.history(who, conversation, before=before, after=after, until=until, limit=limit)


@post("/api/conversations/{conversation:str}/{command:str}", status_code=200, tags=["Conversations"])
async def perform(
    conversation: FromPath[str], command: FromPath[str], who: Asking, request: AnyRequest, services: Provided
) -> Wire:
    """Any command of the live channel, by its name there and with the same fields and the same reply."""
    return await services.requests.perform(who, conversation, await _command(command, request))


async def _command(name: str, request: AnyRequest) -> AnyCommand:
    """The body as the fields of the command. Most commands have none: then no body is needed."""
    kind = COMMANDS.get(name)
    if kind is None:
        raise UnknownCommand(f"There is no command {name}.")
    try:
        fields = msgspec.json.decode(await request.body() or b"{}")
        if not isinstance(fields, dict):
            raise BadRequest("The body is not a JSON object.")
        return cast("AnyCommand", msgspec.convert(fields | {"do": name}, kind))
    except msgspec.ValidationError as error:
        raise BadRequest(f"{error}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadRequest("The body is not valid JSON.") from None
