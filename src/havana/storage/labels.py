"""Labels that conversations have."""

from collections import Counter

import msgspec
import sqlalchemy as sa

from havana.storage.tables import LABELLED, conversations


def in_use(conn: sa.Connection, site: str | None = None) -> list[tuple[str, int]]:
    """Each label with how many conversations have it, of this site or of all; the most frequent first."""
    mine = [] if site is None else [conversations.c.site_id == site]
    # Grouped as they are stored, a list in one text: all of it stands in an index of those that have any.
    sets = sa.select(conversations.c.labels, sa.func.count()).where(LABELLED, *mine)
    counted: Counter[str] = Counter()
    for stored, times in conn.execute(sets.group_by(conversations.c.labels)):
        for label in msgspec.json.decode(stored, type=tuple[str, ...]):
            counted[label] += times
    return sorted(counted.items(), key=lambda found: (-found[1], found[0].casefold()))
