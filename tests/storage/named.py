"""The smallest thing that can be stored: a name, for tests of the database itself."""

from collections.abc import Callable

import sqlalchemy as sa

from havana.storage.tables import secrets


def insert(name: str, value: str = "") -> Callable[[sa.Connection], int]:
    return lambda conn: conn.execute(secrets.insert().values(name=name, value=value)).rowcount


def names(conn: sa.Connection) -> set[str]:
    return set(conn.execute(sa.select(secrets.c.name)).scalars())
