"""What was said, found by its words."""

from typing import Annotated

import msgspec
from litestar import get
from litestar.params import QueryParameter

from havana.api.guards import BY_AGENT, AgentAsking, Provided
from havana.api.unanswered import site_of
from havana.chat.searching import LONGEST_QUERY
from havana.searching import Hit
from havana.storage import sites


class Hits(msgspec.Struct, frozen=True):
    """`next` is the `before` of the page after this one. While `is_whole` is false, older conversations are still being
    read, and what they say is not found yet.
    """

    hits: list[Hit]
    next: str | None
    is_whole: bool


@get("/api/search", tags=["Search"], security=BY_AGENT)
async def search(
    *,
    signed_in: AgentAsking,
    services: Provided,
    text: Annotated[str, QueryParameter(max_length=LONGEST_QUERY)] = "",
    site: Annotated[str | None, QueryParameter(max_length=64)] = None,
    before: Annotated[str | None, QueryParameter(pattern="^[0-8]?[0-9]{1,18}$")] = None,
) -> Hits:
    """Everything that has all of the words, the newest first: what visitors, the assistant and the team said, notes,
    names and e-mail addresses that visitors left, and what they wrote with a rating.

    Words in quotes must stand side by side; the last word may be the beginning of one.
    """
    # Agents may read every conversation, as in `GET /api/conversations`.
    del signed_in
    every = await services.database.read(sites.every)
    found = await services.searching.find(
        text,
        site=None if site is None else site_of(every, site).id,
        before=None if before is None else int(before),
    )
    keys = {one.id: one.key for one in every}
    hits = [msgspec.structs.replace(hit, site=keys.get(hit.site, "")) for hit in found.hits]
    return Hits(hits, None if found.next is None else str(found.next), found.is_whole)
