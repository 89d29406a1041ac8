"""Labels that conversations have."""

from collections import Counter

import msgspec
import sqlalchemy as sa

from havana.storage.tables import conversations

_LABELLED = sa.text("labels <> '[]'")
"""Word for word as the index says it."""


def create(conn: sa.Connection) -> None:
    """The index of the few conversations that have any label.

    Not among the tables: to say it there would load PostgreSQL's half of SQLAlchemy wherever SQLite is. The labels
    themselves are not in it: together they may be longer than PostgreSQL indexes.
    """
    conn.exec_driver_sql("CREATE INDEX conversations_by_labels ON conversations (site_id) WHERE labels <> '[]'")


def in_use(conn: sa.Connection, site: str | None = None) -> list[tuple[str, int]]:
    """Each label with how many conversations have it, of this site or of all; the most frequent first."""
    mine = [] if site is None else [conversations.c.site_id == site]
    # Grouped as they are stored, a list in one text.
    sets = sa.select(conversations.c.labels, sa.func.count()).where(_LABELLED, *mine)
    counted: Counter[str] = Counter()
    for stored, times in conn.execute(sets.group_by(conversations.c.labels)):
        for label in msgspec.json.decode(stored, type=tuple[str, ...]):
            counted[label] += times
    return sorted(counted.items(), key=lambda found: (-found[1], found[0].casefold()))
