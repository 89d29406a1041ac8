"""Sites: all of them for the team, and what a page needs to know about its own before anybody speaks."""

import msgspec
from litestar import get
from litestar.params import FromPath

from havana.api.guards import BY_AGENT, AgentAsking, Provided
from havana.chat.errors import NotFound
from havana.storage import sites as stored


class SiteListed(msgspec.Struct, frozen=True):
    """`wait_target_s` is how soon the team means to be there for whoever waits."""

    id: str
    key: str
    name: str
    wait_target_s: int


class Sites(msgspec.Struct, frozen=True):
    sites: list[SiteListed]


class PublicSite(msgspec.Struct, frozen=True):
    """`call` says whether there is a booking link; the link itself comes with the offer."""

    key: str
    name: str
    assistant: str
    greeting: str
    suggestions: list[str]
    call: bool


@get("/api/sites", tags=["Sites"], security=BY_AGENT)
async def sites(
    signed_in: AgentAsking,  # noqa: ARG001 - asking for it is what keeps everybody else out
    services: Provided,
) -> Sites:
    """Every site, in the order in which they were made."""
    found = await services.database.read(stored.every)
    return Sites([SiteListed(site.id, site.key, site.name, site.wait_target_s) for site in found])


@get("/api/sites/{key:str}", tags=["Sites"])
async def public_site(key: FromPath[str], services: Provided) -> PublicSite:
    """The public settings of a site."""
    site = await services.database.read(lambda conn: stored.by_key(conn, key))
    if site is None:
        raise NotFound("There is no site with this key.")
    return PublicSite(
        key=site.key,
        name=site.name,
        assistant=site.assistant,
        greeting=site.greeting,
        suggestions=list(site.suggestions),
        call=site.call_url is not None,
    )
