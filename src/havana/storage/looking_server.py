"""Looking at a database on a server without changing it."""

import datetime as dt

import msgspec
import sqlalchemy as sa

from havana.storage import migrations, nodes
from havana.storage import sites as stored
from havana.storage.opening import open_server
from havana.storage.tables import conversations, sites


class Seen(msgspec.Struct, frozen=True):
    """Of which release the tables are (None: there are none of Havana's), when the newest event was, whether somebody
    serves them, and the keys of the sites that have so much money a day.
    """

    revision: str | None = None
    newest: dt.datetime | None = None
    is_served: bool = False
    limited: list[str] = []


def look(url: str) -> Seen:
    """`Unusable` says why it cannot be looked at."""
    database = open_server(url, as_it_is=True)
    try:
        return database.read_now(_seen)
    finally:
        database.close_now()


def _seen(conn: sa.Connection) -> Seen:
    revision = migrations.revision(conn)
    if revision is None:
        return Seen()
    newest = conn.execute(sa.select(sa.func.max(conversations.c.at))).scalar()
    settings = conn.execute(sa.select(sites.c.settings).order_by(sites.c.key)).scalars()
    return Seen(revision, newest, nodes.is_served(conn), stored.limited(settings))
