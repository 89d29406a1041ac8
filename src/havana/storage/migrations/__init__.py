"""Alembic migrations, run by the server and by commands on whatever they open.

Expand, then contract: a migration must leave the previous release able to run beside the new one.
"""

from pathlib import Path

import sqlalchemy as sa

HEAD = "0001"
"""The newest revision. Kept here so that a current database never loads Alembic (its import is a third of a start)."""


def is_current(conn: sa.Connection) -> bool:
    if not sa.inspect(conn).has_table("alembic_version"):
        return False
    return conn.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() == HEAD


def upgrade(conn: sa.Connection) -> None:
    """Brings the database to `HEAD`, inside the caller's transaction."""
    # Imported here, because only a fresh or older database needs it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = conn
    command.upgrade(config, "head")
