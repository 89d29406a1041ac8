"""Labels that the team has given to conversations."""

from typing import Annotated

import msgspec
from litestar import get
from litestar.params import QueryParameter

from havana.api.guards import BY_AGENT, AgentAsking, Provided
from havana.api.unanswered import site_of
from havana.storage import labels as stored
from havana.storage import sites


class LabelInUse(msgspec.Struct, frozen=True):
    label: str
    conversations: int


class Labels(msgspec.Struct, frozen=True):
    """The most frequent first. `own` are those of the conversation that was asked for, if one was."""

    labels: list[LabelInUse]
    own: list[str]


@get("/api/labels", tags=["Labels"], security=BY_AGENT)
async def labels_in_use(
    *,
    signed_in: AgentAsking,
    services: Provided,
    site: Annotated[str | None, QueryParameter(max_length=64)] = None,
    conversation: Annotated[str | None, QueryParameter(max_length=64)] = None,
) -> Labels:
    """The labels that conversations have: of the site with this key, of the site of a conversation, or of all."""
    own: tuple[str, ...] = ()
    at = None
    if conversation is not None:
        fold = await services.requests.allowed(signed_in.agent, conversation)
        at, own = fold.site, fold.labels
    elif site is not None:
        at = site_of(await services.database.read(sites.every), site).id
    found = await services.database.read(lambda conn: stored.in_use(conn, at))
    return Labels([LabelInUse(label, count) for label, count in found], list(own))
