"""What was added to the knowledge of a site, so that it can be read again: files, folders and pages."""

import datetime as dt
from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from havana.storage.dialects import insert
from havana.storage.knowledge_tables import sources

KINDS = FILE, FOLDER, PAGE = "file", "folder", "page"


class Source(msgspec.Struct, frozen=True):
    """`place` is a full path or an address. `etag` and `modified` are what a page's server said with what is stored."""

    kind: str
    place: str
    etag: str | None = None
    modified: str | None = None


def remember(conn: sa.Connection, site: str, source: Source, now: dt.datetime) -> None:
    """Again the same place, and what its server said is replaced."""
    fields = msgspec.structs.asdict(source)
    statement = insert(conn.dialect.name, sources)
    said = {name: statement.excluded[name] for name in ("kind", "etag", "modified")}
    conn.execute(
        statement.on_conflict_do_update(index_elements=[sources.c.site_id, sources.c.place], set_=said),
        [{"site_id": site, "added_at": now} | fields],
    )


def of_site(conn: sa.Connection, site: str) -> list[Source]:
    """Those of a kind that only a newer release knows are left to it."""
    columns = (sources.c.kind, sources.c.place, sources.c.etag, sources.c.modified)
    mine = sources.c.site_id == site, sources.c.kind.in_(KINDS)
    found = sa.select(*columns).where(*mine).order_by(sources.c.place)
    return [Source(*row) for row in conn.execute(found)]


def forget(conn: sa.Connection, site: str, places: Sequence[str]) -> None:
    for place in places:
        conn.execute(sources.delete().where(sources.c.site_id == site, sources.c.place == place))
