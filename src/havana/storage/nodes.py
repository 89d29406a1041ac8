"""Who serves a PostgreSQL database: a row with a lease for each node, by the database's clock.

A lock that belongs to a session would do for one connection, but not behind a pooler that gives each transaction
another one.
"""

import datetime as dt
from typing import Any

import msgspec
import sqlalchemy as sa

from havana.storage.dialects import NOW, is_postgres
from havana.storage.tables import nodes

ONE_AT_A_TIME = 0x4861_7661_6E61
"""The name of the lock under which nodes come and databases are migrated; it ends with its transaction."""


class Node(msgspec.Struct, frozen=True):
    """`renewed` counts: who sees it grow knows that the node is alive. `agents` have a console open there.

    `joins`: it works side by side with others of its kind; else it is alone, or nobody is.
    """

    id: str
    name: str
    renewed: int = 0
    joins: bool = False
    agents: tuple[str, ...] = ()


class Standing(msgspec.Struct, frozen=True):
    """A node that tried to take or renew its lease: as it is now, and who else holds one.

    If it is not `held`, one of the others is in the way, and nothing was done.
    """

    node: Node
    others: tuple[Node, ...] = ()
    held: bool = True


def queue(conn: sa.Connection) -> None:
    """Waits until nobody else is at it, and keeps others waiting until the transaction ends (SQLite's always do)."""
    if is_postgres(conn):
        conn.execute(sa.select(sa.func.pg_advisory_xact_lock(ONE_AT_A_TIME)))


def keep(conn: sa.Connection, node: Node, lease_s: float, *, grace_s: float = 0) -> Standing:
    """Takes or renews the lease of this node, and tells the others what it says of itself.

    To who renews, others count as alive until their lease has run out for `grace_s`.
    """
    until = NOW + dt.timedelta(seconds=lease_s)
    said = {"agents": msgspec.json.encode(node.agents).decode(), "lease_until": until}
    mine = nodes.update().where(nodes.c.id == node.id).values(said | {"renewed": nodes.c.renewed + 1})
    renewed = conn.execute(mine.returning(nodes.c.renewed)).scalar()
    if renewed is None:
        queue(conn)
        conn.execute(nodes.delete().where(nodes.c.lease_until < NOW))
        others = _others(conn, node)
        if not all(node.joins and other.joins for other in others):
            return Standing(node, others, held=False)
        # Of one that was taken for dead, others remember the number that it had.
        renewed = node.renewed + 1
        fresh = {"id": node.id, "name": node.name, "renewed": renewed, "joins": node.joins}
        conn.execute(nodes.insert().values(said | fresh))
    else:
        others = _others(conn, node, grace_s)
    return Standing(msgspec.structs.replace(node, renewed=renewed), others)


def leave(conn: sa.Connection, id: str) -> None:
    conn.execute(nodes.delete().where(nodes.c.id == id))


def is_served(conn: sa.Connection, *, alone: bool = False) -> bool:
    """Whether a node holds a lease at this moment, or one that works `alone` does; in the tables of any release."""
    if not (looked := sa.inspect(conn)).has_table(nodes.name):
        return False
    held = nodes.c.lease_until >= NOW
    # At first all worked alone.
    if alone and any(column["name"] == nodes.c.joins.name for column in looked.get_columns(nodes.name)):
        held &= ~nodes.c.joins
    return conn.execute(sa.select(nodes.c.id).where(held).limit(1)).first() is not None


def _others(conn: sa.Connection, node: Node, grace_s: float = 0) -> tuple[Node, ...]:
    held = nodes.c.lease_until >= NOW - dt.timedelta(seconds=grace_s)
    alive = sa.select(nodes).where(nodes.c.id != node.id, held).order_by(nodes.c.id)
    return tuple(_node(row) for row in conn.execute(alive))


def _node(row: sa.Row[Any]) -> Node:
    agents = msgspec.json.decode(row.agents, type=tuple[str, ...])
    return Node(row.id, row.name, row.renewed, row.joins, agents)
