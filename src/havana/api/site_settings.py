"""The settings of sites, in full: for admins. What anybody may know of a site is in `sites.py`."""

import datetime as dt
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
import structlog
from litestar import get, post, put
from litestar.params import FromPath, JSONBody

from havana.api.guards import BY_AGENT, AdminAsking, Provided
from havana.api.versions import VERSION, unless_outdated
from havana.bus import SITES, SiteChanged
from havana.chat.assigning import Assign
from havana.chat.changes import SiteAdded, SiteSaved
from havana.chat.commands import clean_text
from havana.chat.errors import BadRequest, Misfilled, NotFound, Problem
from havana.chat.site import Site, Words
from havana.chat.site_checks import problems
from havana.chat.site_tools import HttpTool, McpServer, Permission
from havana.ids import new_id
from havana.storage import audit
from havana.storage import sites as stored
from havana.storage.database import Connection
from havana.storage.sites import SiteSettings

MOST_WORDS = 100
"""Words, days, suggestions: what no form has more of."""
LONGEST = 50_000
log = structlog.get_logger()

Text = Annotated[str, msgspec.Meta(max_length=LONGEST)]


class _Fields(msgspec.Struct, frozen=True, kw_only=True):
    """What may be set here. `hours` are spans by day (`mon` … `sun`), times are in seconds.

    `words` are those that are others than Havana's own.
    """

    name: Text
    assistant: Text
    persona: Text
    greeting: Text
    suggestions: Annotated[tuple[Text, ...], msgspec.Meta(max_length=MOST_WORDS)]
    call_url: Text | None
    timezone: Text
    hours: dict[Text, Annotated[tuple[Text, ...], msgspec.Meta(max_length=MOST_WORDS)]]
    tells_page: bool
    assign: Assign
    answer_within_s: int
    wait_target_s: int
    remind_after_s: int
    agent_gone_after_s: int
    idle_close_after_s: int
    approval_s: int
    answer_tokens: int | None
    answers_per_hour: int
    money_per_day: float | None
    words: dict[Text, Text]


class SettingsToSave(_Fields, frozen=True, kw_only=True):
    """`version` is that of the settings that were changed into these."""

    version: Annotated[str, msgspec.Meta(max_length=VERSION)]


class ToolListed(msgspec.Struct, frozen=True):
    """`address` is where it is asked, without the query. `permission` is null for a server."""

    kind: Literal["http", "mcp"]
    name: str
    address: str
    permission: Permission | None


class SettingsInFull(_Fields, frozen=True, kw_only=True):
    """`tools` are set by a file (`havana site apply`), and only listed here; `own_words` are Havana's.

    `by` is the name of the agent who set them last, null for a command.
    """

    key: str
    own_words: dict[str, str]
    tools: list[ToolListed]
    version: str
    updated_at: dt.datetime
    by: str | None


class SiteToAdd(msgspec.Struct, frozen=True):
    """`key` is its name in addresses and stays as it is."""

    key: Text
    name: Text


@get("/api/sites/{key:str}/settings", tags=["Sites"], security=BY_AGENT)
async def settings(
    key: FromPath[str],
    admin: AdminAsking,  # noqa: ARG001 - asking for it is what keeps everybody else out
    services: Provided,
) -> SettingsInFull:
    """The settings of a site; for admins."""
    found = await services.database.read(lambda conn: stored.settings(conn, key))
    if found is None:
        raise NotFound("There is no site with this key.")
    return _in_full(found)


@put("/api/sites/{key:str}/settings", tags=["Sites"], security=BY_AGENT)
async def save_settings(
    key: FromPath[str], data: JSONBody[SettingsToSave], admin: AdminAsking, services: Provided
) -> SettingsInFull:
    """Replaces the settings of a site, which hold at once; for admins.

    What is wrong is told of each field, in `problems`. If somebody else has changed them since the `version` that you
    say, nothing is stored, and the code is `stale`. Saving what they say already is never refused.
    """
    agent, now = admin.agent, dt.datetime.now(dt.UTC)

    def work(conn: Connection) -> tuple[SiteSettings, tuple[str, ...]]:
        before = stored.settings(conn, key)
        if before is None:
            raise NotFound("There is no site with this key.")
        wanted = _filled_in(before.site, data)
        with unless_outdated("website's settings"):
            saved = stored.save(conn, wanted, agent=agent.id, now=now, version=data.version)
        changed = _changed(before.site, saved.site)
        if before.version != saved.version:
            audit.record(conn, agent, SiteSaved(saved.site.name, changed), now)
        return saved, changed

    saved, changed = await services.database.write(work)
    services.bus.publish(SITES, SiteChanged(saved.site.id))
    log.info("site settings saved", site=saved.site.id, fields=changed, agent=agent.id)
    return _in_full(saved)


@post("/api/sites", tags=["Sites"], security=BY_AGENT)
async def add_site(data: JSONBody[SiteToAdd], admin: AdminAsking, services: Provided) -> SettingsInFull:
    """Makes a site, with Havana's own settings until others are saved; for admins."""
    agent, now = admin.agent, dt.datetime.now(dt.UTC)
    site = Site(id=new_id(), key=data.key.strip(), name=_line(data.name))
    if wrong := problems(site):
        raise Misfilled(wrong)

    def work(conn: Connection) -> SiteSettings:
        added = stored.add(conn, site, agent=agent.id, now=now)
        if added is None:
            raise Misfilled([Problem("key", "must be another one: there is a website with this one")])
        audit.record(conn, agent, SiteAdded(site.name), now)
        return added

    added = await services.database.write(work)
    log.info("site added", site=site.id, agent=agent.id)
    return _in_full(added)


def _filled_in(site: Site, data: SettingsToSave) -> Site:
    """The site with what the form says; raises `Misfilled` with all that is wrong with it."""
    words = {name: _cleaned(text) for name, text in data.words.items()}
    foreign = [Problem(f"words.{name[:40]}", "is no word of Havana's") for name in words if name not in _OWN_WORDS]
    said = {name: text for name, text in words.items() if name in _OWN_WORDS and text}
    fields = {name: getattr(data, name) for name in _Fields.__struct_fields__} | {
        "name": _line(data.name),
        "assistant": _line(data.assistant),
        "persona": _kept(site.persona, _cleaned(data.persona)),
        "greeting": _kept(site.greeting, _cleaned(data.greeting)),
        "suggestions": tuple(line for one in data.suggestions if (line := _line(one))),
        "call_url": _line(data.call_url or "") or None,
        "hours": {day: tuple(spans) for day, spans in data.hours.items() if spans},
        "words": Words(**said),
    }
    wanted = msgspec.structs.replace(site, **fields)
    if wrong := [*problems(wanted), *foreign]:
        raise Misfilled(wrong)
    return wanted


def _cleaned(text: str) -> str:
    try:
        return clean_text(text, LONGEST)
    except BadRequest:
        return ""


def _kept(before: str, text: str) -> str:
    """A file's text ends with a new line; that a form has none is no change."""
    return before if _cleaned(before) == text else text


def _line(text: str) -> str:
    return " ".join(_cleaned(text).split())


def _changed(before: Site, after: Site) -> tuple[str, ...]:
    return tuple(name for name in _Fields.__struct_fields__ if getattr(before, name) != getattr(after, name))


def _in_full(found: SiteSettings) -> SettingsInFull:
    site = found.site
    fields = {name: getattr(site, name) for name in _Fields.__struct_fields__}
    words = {name: text for name, text in msgspec.structs.asdict(site.words).items() if text != _OWN_WORDS[name]}
    return SettingsInFull(
        **fields | {"words": words},
        key=site.key,
        own_words=_OWN_WORDS,
        tools=[*map(_http, site.tools), *map(_mcp, site.mcp)],
        version=found.version,
        updated_at=found.updated_at,
        by=found.by,
    )


def _http(tool: HttpTool) -> ToolListed:
    return ToolListed("http", tool.name, _address(tool.url), tool.permission)


def _mcp(server: McpServer) -> ToolListed:
    return ToolListed("mcp", server.name, _address(server.url), None)


def _address(url: str) -> str:
    """Without the query, in which there may be a secret."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


_OWN_WORDS: dict[str, str] = msgspec.structs.asdict(Words())
