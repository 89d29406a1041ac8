"""What answers have cost, by site and day. Several nodes add to one row."""

import datetime as dt

import msgspec
import sqlalchemy as sa

from havana.storage.dialects import insert
from havana.storage.tables import sites, spending


class Day(msgspec.Struct, frozen=True):
    """What the answers of one site came to on one day (in UTC); `micros` are millionths of a US dollar.

    `unpriced_tokens` are of models whose price nobody knew: they are among the tokens, and not in `micros`.
    """

    site: str
    day: dt.date
    answers: int
    input_tokens: int
    output_tokens: int
    micros: int
    unpriced_tokens: int = 0


def add(conn: sa.Connection, spent: Day) -> None:
    row = {
        "site_id": spent.site,
        "day": spent.day,
        "answers": spent.answers,
        "input_tokens": spent.input_tokens,
        "output_tokens": spent.output_tokens,
        "micros": spent.micros,
        "unpriced_tokens": spent.unpriced_tokens,
    }
    adding = insert(conn.dialect.name, spending).values(row)
    # In the statement, so that two nodes that add at once both count.
    sums = {name: spending.c[name] + adding.excluded[name] for name in row if name not in ("site_id", "day")}
    conn.execute(adding.on_conflict_do_update(index_elements=[spending.c.site_id, spending.c.day], set_=sums))


def micros_of(conn: sa.Connection, site: str, day: dt.date) -> int:
    found = sa.select(spending.c.micros).where(spending.c.site_id == site, spending.c.day == day)
    return conn.execute(found).scalar() or 0


def since(conn: sa.Connection, day: dt.date) -> list[tuple[str, Day]]:
    """The days from that one on, newest first, each with the site's key."""
    found = (
        sa.select(sites.c.key, spending)
        .join(sites, sites.c.id == spending.c.site_id)
        .where(spending.c.day >= day)
        .order_by(spending.c.day.desc(), sites.c.key)
    )
    return [(key, Day(*row)) for key, *row in conn.execute(found)]
