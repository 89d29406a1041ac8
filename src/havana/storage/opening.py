"""Opens the database that is meant."""

from pathlib import Path

from havana.storage.database import Database
from havana.storage.sqlite import SqliteDatabase


def open_database(data: Path, *, serving: bool = False) -> Database:
    """The database of this data folder, created and migrated if need be. `Unusable` says why it cannot be had.

    `serving` keeps a second server away; commands work beside it.
    """
    return SqliteDatabase.open(data, serving=serving)
