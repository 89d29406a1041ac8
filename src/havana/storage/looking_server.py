"""Looking at a database on a server without changing it."""

import datetime as dt

import sqlalchemy as sa

from havana.storage import migrations, nodes
from havana.storage.opening import open_server
from havana.storage.tables import conversations


def look(url: str) -> tuple[str | None, dt.datetime | None, bool]:
    """Of which release the tables are (None: there are none of Havana's), when the newest event was, and whether
    somebody serves them. `Unusable` says why it cannot be looked at.
    """
    database = open_server(url, as_it_is=True)
    try:
        return database.read_now(_seen)
    finally:
        database.close_now()


def _seen(conn: sa.Connection) -> tuple[str | None, dt.datetime | None, bool]:
    revision = migrations.revision(conn)
    if revision is None:
        return None, None, False
    newest = conn.execute(sa.select(sa.func.max(conversations.c.at))).scalar()
    return revision, newest, nodes.is_served(conn)
