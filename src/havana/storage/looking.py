"""Looking at a database without changing it: whether it is whole, and how far it goes."""

import contextlib
import datetime as dt
import fcntl
import sqlite3
from pathlib import Path

from havana.storage import sites
from havana.storage.sqlite import LOCK


def open_read_only(path: Path) -> sqlite3.Connection:
    """A database, served or not, also on a disk that takes nothing."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(uri, uri=True, timeout=5)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError:
        connection.close()
        log = path.with_name(f"{path.name}-wal")
        if log.exists() and log.stat().st_size > 0:
            raise
        # Its companions cannot be made here, so nobody can be writing either.
        connection = sqlite3.connect(f"{uri}&immutable=1", uri=True)
        connection.execute("SELECT count(*) FROM sqlite_master")
    except BaseException:
        connection.close()
        raise
    return connection


def damage(connection: sqlite3.Connection) -> str | None:
    """What SQLite finds wrong with the file, if anything."""
    try:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        return str(error)
    # Its first line only names the schema.
    return None if found == "ok" else str(found).splitlines()[-1]


def revision(connection: sqlite3.Connection) -> str | None:
    """Of which release the tables are; None if they are not Havana's."""
    known = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
    if connection.execute(known).fetchone() is None:
        return None
    found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(found[0]) if found else None


def newest(connection: sqlite3.Connection) -> dt.datetime | None:
    """When the last event of any conversation was."""
    found = connection.execute("SELECT max(at) FROM conversations").fetchone()[0]
    return dt.datetime.fromisoformat(found).replace(tzinfo=dt.UTC) if found else None


def limited(connection: sqlite3.Connection) -> list[str]:
    """The keys of the sites that have so much money a day."""
    return sites.limited(row[0] for row in connection.execute("SELECT settings FROM sites ORDER BY key"))


def is_served(data: Path) -> bool:
    """Whether a server holds the data folder's lock at this moment."""
    try:
        file = (data / LOCK).open()
    except OSError:
        return False
    with contextlib.closing(file):
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False
