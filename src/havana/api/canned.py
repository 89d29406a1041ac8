"""Canned answers: written by the team, chosen in the composer."""

import datetime as dt
from typing import Annotated

import msgspec
import structlog
from litestar import Response, delete, get, put
from litestar.params import FromPath, JSONBody, QueryParameter

from havana.api.guards import BY_AGENT, AgentAsking, Provided
from havana.api.unanswered import site_of
from havana.api.versions import VERSION, check_id, unless_outdated
from havana.chat.canned import check_variables
from havana.chat.changes import CannedDeleted, CannedSaved
from havana.chat.commands import clean_text
from havana.chat.errors import BadRequest, NotFound
from havana.chat.site import Site
from havana.storage import audit, sites
from havana.storage import canned as stored
from havana.storage.canned import Canned
from havana.storage.database import Connection

NAME, TEXT = 60, 4000

log = structlog.get_logger()


class CannedToSave(msgspec.Struct, frozen=True):
    """`name` is what an agent types to find it, `text` (Markdown) may have {visitor}, {agent} and {site} in it.

    `site` is the key of the site that it is for, null for all. `version` is that of the canned answer that was changed
    into this, and null for a new one.
    """

    name: Annotated[str, msgspec.Meta(max_length=NAME)]
    text: Annotated[str, msgspec.Meta(max_length=TEXT)]
    site: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    version: Annotated[str, msgspec.Meta(max_length=VERSION)] | None = None


class CannedAnswer(msgspec.Struct, frozen=True):
    """`site` is a key, or null for all sites. `by` is the name of the agent who made the last change."""

    id: str
    site: str | None
    name: str
    text: str
    version: str
    updated_at: dt.datetime
    by: str | None


class CannedAnswers(msgspec.Struct, frozen=True):
    """In the order of their names. `sites` are the names of the sites that they are for, by their keys."""

    answers: list[CannedAnswer]
    sites: dict[str, str]


@get("/api/canned", tags=["Canned answers"], security=BY_AGENT)
async def canned_answers(
    *,
    signed_in: AgentAsking,
    services: Provided,
    conversation: Annotated[str | None, QueryParameter(max_length=64)] = None,
) -> CannedAnswers:
    """All canned answers; of a conversation, those that may be said in it, and its site alone."""
    at = None if conversation is None else (await services.requests.allowed(signed_in.agent, conversation)).site
    every, found = await services.database.read(lambda conn: (sites.every(conn), stored.every(conn, at)))
    shown = [site for site in every if at in (None, site.id)]
    return CannedAnswers([_answer(one, every) for one in found], {site.key: site.name for site in shown})


@put("/api/canned/{canned:str}", status_code=200, tags=["Canned answers"], security=BY_AGENT)
async def save_canned(
    canned: FromPath[str], data: JSONBody[CannedToSave], signed_in: AgentAsking, services: Provided
) -> CannedAnswer:
    """Stores a canned answer. The id is yours to choose, so that asking twice makes one; a known one is replaced.

    If somebody else has changed or deleted it since the `version` that you say, nothing is stored, and the code is
    `stale`. Saving what it says already is never refused.
    """
    name, text = " ".join(_cleaned(data.name, "The name", NAME).split()), _cleaned(data.text, "The text", TEXT)
    agent, now = signed_in.agent, dt.datetime.now(dt.UTC)
    check_variables(text)
    check_id(canned, "a canned answer")

    def work(conn: Connection) -> CannedAnswer:
        every = sites.every(conn)
        site = None if data.site is None else site_of(every, data.site).id
        with unless_outdated("canned answer"):
            before = stored.find(conn, canned)
            saved = stored.save(conn, canned, site, name, text, agent=agent.id, now=now, version=data.version)
        if before is None or before.version != saved.version:
            audit.record(conn, agent, CannedSaved(name), now)
        return _answer(saved, every)

    saved = await services.database.write(work)
    log.info("canned answer written", canned=canned, agent=agent.id)
    return saved


@delete("/api/canned/{canned:str}", status_code=204, tags=["Canned answers"], security=BY_AGENT)
async def remove_canned(
    *,
    canned: FromPath[str],
    signed_in: AgentAsking,
    services: Provided,
    version: Annotated[str, QueryParameter(max_length=VERSION)] = "",
) -> Response[None]:
    """Nobody finds it any more. If it is not of this `version` now, it stays: the code is `stale`."""

    def work(conn: Connection) -> None:
        known = stored.find(conn, canned)
        if known is None:
            raise NotFound("There is no such canned answer.")
        with unless_outdated("canned answer"):
            stored.remove(conn, canned, version)
        audit.record(conn, signed_in.agent, CannedDeleted(known.name), dt.datetime.now(dt.UTC))

    await services.database.write(work)
    log.info("canned answer removed", canned=canned, agent=signed_in.agent.id)
    return Response(None, status_code=204)


def _cleaned(text: str, what: str, limit: int) -> str:
    try:
        return clean_text(text, limit)
    except BadRequest:
        raise BadRequest(f"{what} is empty.") from None


def _answer(canned: Canned, every: list[Site]) -> CannedAnswer:
    key = next((site.key for site in every if site.id == canned.site), None)
    return CannedAnswer(canned.id, key, canned.name, canned.text, canned.version, canned.updated_at, canned.by)
