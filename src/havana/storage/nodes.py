"""Who serves a PostgreSQL database: a lease for each node, by the database's clock.

A lock that belongs to a session would do for one connection, but not behind a pooler that gives each transaction
another one.
"""

import datetime as dt

import msgspec
import sqlalchemy as sa

from havana.storage.dialects import NOW
from havana.storage.tables import nodes

ONE_AT_A_TIME = 0x4861_7661_6E61
"""The name of the lock under which nodes come and databases are migrated; it ends with its transaction."""


class Node(msgspec.Struct, frozen=True):
    """`renewed` counts: who sees it grow knows that the node is alive."""

    id: str
    name: str
    renewed: int


def queue(conn: sa.Connection) -> None:
    """Waits until nobody else is at it, and keeps others waiting until the transaction ends."""
    conn.execute(sa.select(sa.func.pg_advisory_xact_lock(ONE_AT_A_TIME)))


def keep(conn: sa.Connection, id: str, name: str, lease_s: float) -> Node | None:
    """Takes or renews the lease of this node. If another holds one: that, and nothing is done."""
    until = NOW + dt.timedelta(seconds=lease_s)
    mine = nodes.update().where(nodes.c.id == id).values(lease_until=until, renewed=nodes.c.renewed + 1)
    if conn.execute(mine).rowcount == 1:
        return None
    queue(conn)
    conn.execute(nodes.delete().where(nodes.c.lease_until < NOW))
    other = conn.execute(sa.select(nodes.c.id, nodes.c.name, nodes.c.renewed).limit(1)).first()
    if other is not None:
        return Node(*other)
    conn.execute(nodes.insert().values(id=id, name=name, renewed=0, lease_until=until))
    return None


def leave(conn: sa.Connection, id: str) -> None:
    conn.execute(nodes.delete().where(nodes.c.id == id))


def is_served(conn: sa.Connection) -> bool:
    """Whether a node holds a lease at this moment."""
    held = sa.select(nodes.c.id).where(nodes.c.lease_until >= NOW).limit(1)
    return conn.execute(held).first() is not None
