"""Brings a database to the newest schema, by the server and by commands on whatever they open.

Expand, then contract: a migration must leave the previous release able to run beside the new one.
"""

from pathlib import Path

import sqlalchemy as sa

from havana.storage import fulltext, labels, searching
from havana.storage.tables import metadata
from havana.storage.trouble import DatabaseNewer

HEAD = "0021"
"""The newest revision. Kept here so that only an older database loads Alembic (10 MB and a third of a start)."""

# As Alembic makes it.
_VERSION = sa.Table("alembic_version", sa.MetaData(), sa.Column("version_num", sa.String(32), nullable=False))
_VERSION.append_constraint(sa.PrimaryKeyConstraint("version_num", name="alembic_version_pkc"))


def is_current(conn: sa.Connection) -> bool:
    return revision(conn) == HEAD


def upgrade(conn: sa.Connection) -> None:
    """Brings the database to `HEAD`, inside the caller's transaction."""
    version = revision(conn)
    if version is None:
        _create(conn)
    elif version != HEAD:
        migrate(conn)


def migrate(conn: sa.Connection) -> None:
    """The same by running the migrations, which also makes a new database, only slower.

    `DatabaseNewer` if it stands at a revision that this release does not have.
    """
    # Imported here, because only an older database needs it.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = conn
    version = revision(conn)
    if version is not None and version not in {
        script.revision for script in ScriptDirectory.from_config(config).walk_revisions()
    }:
        raise DatabaseNewer(
            f"The database is at revision {version}, this release knows up to {HEAD}: it was used by a newer release. "
            "Install that one, or restore a backup from before the upgrade."
        )
    command.upgrade(config, "head")


def _create(conn: sa.Connection) -> None:
    """What all the migrations together make; a test holds the two alike."""
    metadata.create_all(conn)
    fulltext.create(conn)
    labels.create(conn)
    searching.create(conn)
    _VERSION.create(conn)
    conn.execute(_VERSION.insert().values(version_num=HEAD))


def revision(conn: sa.Connection) -> str | None:
    """Of which release the tables are; None if there are none of Havana's."""
    if not sa.inspect(conn).has_table(_VERSION.name):
        return None
    found: str | None = conn.execute(sa.select(_VERSION.c.version_num)).scalar()
    return found
