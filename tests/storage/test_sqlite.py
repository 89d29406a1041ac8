"""What is SQLite's own: the file, and who else may hold it."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from havana.chat.errors import Busy
from havana.storage.sqlite import SqliteDatabase

from .named import insert


async def test_while_another_process_holds_the_file_writes_are_refused_as_busy(tmp_path: Path):
    database = SqliteDatabase.open(tmp_path)
    with sa.create_engine(f"sqlite:///{tmp_path / 'havana.db'}").connect() as other:
        other.exec_driver_sql("PRAGMA busy_timeout = 1")
        await database.write(lambda conn: conn.exec_driver_sql("PRAGMA busy_timeout = 1"))
        other.exec_driver_sql("BEGIN IMMEDIATE")

        with pytest.raises(Busy):
            await database.write(insert("late"))
        other.exec_driver_sql("ROLLBACK")
    assert await database.write(insert("now")) == 1
    await database.close()


async def test_what_is_stored_is_readable_by_its_owner_only(tmp_path: Path):
    folder = tmp_path / "data"
    database = SqliteDatabase.open(folder, serving=True)
    await database.write(insert("secret"))

    assert folder.stat().st_mode & 0o077 == 0
    assert {path.name: path.stat().st_mode & 0o077 for path in folder.glob("havana.db*")} == {
        "havana.db": 0,
        "havana.db-wal": 0,
        "havana.db-shm": 0,
    }
    await database.close()
