"""Opens the database that is meant."""

from pathlib import Path

from havana.storage.database import Database
from havana.storage.sqlite import SqliteDatabase


def open_database(data: Path, url: str | None = None, *, serving: bool = False) -> Database:
    """The database behind `url`, else the one of this data folder; created and migrated if need be.

    `serving` keeps a second server away; commands work beside it. `Unusable` says why it cannot be had.
    """
    if url is not None:
        # Imported here: SQLite's users need neither an asynchronous engine nor its driver.
        from havana.storage.postgres import PostgresDatabase

        return PostgresDatabase.open(url, serving=serving)
    return SqliteDatabase.open(data, serving=serving)
