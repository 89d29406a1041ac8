"""Who changed what in the settings, and when: for admins."""

import datetime as dt
from typing import Annotated, Any

import msgspec
from litestar import get
from litestar.params import QueryParameter

from havana.api.guards import BY_AGENT, AdminAsking, Provided
from havana.storage import audit as stored

PAGE = 50


class By(msgspec.Struct, frozen=True):
    """An agent, and what they were called then."""

    id: str
    name: str


class AuditEntry(msgspec.Struct, frozen=True):
    """`by` is null for a change by a command. Which `details` there are depends on the `kind`; new kinds may come."""

    id: str
    at: dt.datetime
    by: By | None
    kind: str
    details: dict[str, Any]


class Audit(msgspec.Struct, frozen=True):
    """The newest first. `next` is the `before` of the page after this one."""

    entries: list[AuditEntry]
    next: str | None


@get("/api/audit", tags=["Changes"], security=BY_AGENT)
async def changes(
    *,
    admin: AdminAsking,  # noqa: ARG001 - asking for it is what keeps everybody else out
    services: Provided,
    before: Annotated[str | None, QueryParameter(max_length=36)] = None,
) -> Audit:
    """What was changed in the settings within two years; for admins."""
    found = await services.database.read(lambda conn: stored.page(conn, PAGE + 1, before))
    page = found[:PAGE]
    return Audit([_entry(one) for one in page], page[-1].id if len(found) > PAGE else None)


def _entry(found: stored.Entry) -> AuditEntry:
    by = None if found.agent is None else By(found.agent, found.name or "")
    return AuditEntry(found.id, found.at, by, found.kind, found.details)
