"""Looking at a database on a server without changing it."""

import datetime as dt

import msgspec
import sqlalchemy as sa

from havana.storage import migrations, nodes
from havana.storage.opening import open_server
from havana.storage.tables import conversations


class Seen(msgspec.Struct, frozen=True):
    """`revision` is of which release the tables are, None if there are none of Havana's."""

    revision: str | None
    newest: dt.datetime | None = None
    is_served: bool = False


def look(url: str) -> Seen:
    """What is there. `Unusable` says why it cannot be looked at."""
    database = open_server(url, as_it_is=True)
    try:
        return database.read_now(_seen)
    finally:
        database.close_now()


def _seen(conn: sa.Connection) -> Seen:
    revision = migrations.revision(conn)
    if revision is None:
        return Seen(None)
    newest = conn.execute(sa.select(sa.func.max(conversations.c.at))).scalar()
    return Seen(revision, newest, nodes.is_served(conn) if sa.inspect(conn).has_table("nodes") else False)
