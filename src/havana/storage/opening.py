"""Opens the database that is meant."""

from pathlib import Path

from havana.storage.database import Database
from havana.storage.sqlite import SqliteDatabase
from havana.storage.trouble import Unusable


def open_database(data: Path, url: str | None = None, *, serving: bool = False, joining: bool = False) -> Database:
    """The database behind `url`, else the one of this data folder; created and migrated if need be.

    `serving` keeps a second server away, unless both are `joining`; commands work beside it. `Unusable` says why it
    cannot be had.
    """
    if url is None:
        return SqliteDatabase.open(data, serving=serving)
    return open_server(url, serving=serving, joining=joining)


def open_server(url: str, *, serving: bool = False, joining: bool = False, as_it_is: bool = False) -> Database:
    """The one behind `url`; with `as_it_is` nothing in it is changed."""
    try:
        # Imported here: SQLite's users need neither an asynchronous engine nor its driver.
        from havana.storage.postgres import PostgresDatabase
    except ImportError:
        raise Unusable("PostgreSQL needs more than SQLite does: pip install 'havana[postgres]'") from None
    return PostgresDatabase.open(url, serving=serving, joining=joining, as_it_is=as_it_is)
