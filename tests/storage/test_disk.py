"""A disk that takes nothing, and a file that is not what SQLite wrote."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from havana.chat.errors import Busy
from havana.storage.dialects import can_store
from havana.storage.sqlite import FILE, SqliteDatabase
from havana.storage.tables import secrets
from havana.storage.trouble import DatabaseDamaged, Unusable

from .named import insert, names

LONG = "x" * 100_000


def room(pages: int) -> Callable[[sa.Connection], object]:
    """What SQLite does when its file may not grow is what it does on a full disk: SQLITE_FULL."""
    return lambda conn: conn.exec_driver_sql(f"PRAGMA max_page_count = {pages}").scalar()


async def test_on_a_full_disk_a_whole_group_is_refused_as_busy_and_nothing_of_it_stored(tmp_path: Path):
    database = SqliteDatabase.open(tmp_path)
    await database.write(insert("before"))
    await database.write(room(1))
    works = [insert("small"), insert("large", LONG), insert("after")]

    refused = await asyncio.gather(*(database.write(work) for work in works), return_exceptions=True)
    await database.write(room(1_000_000))
    stored = await asyncio.gather(*(database.write(work) for work in works))

    assert [type(error) for error in refused] == [Busy] * 3
    assert [error.retry_ms for error in refused if isinstance(error, Busy)] == [2000] * 3
    assert stored == [1, 1, 1]
    assert await database.read(names) == {"before", "small", "large", "after"}
    await database.close()


async def test_what_a_full_disk_refuses_leaves_what_was_stored_readable(tmp_path: Path):
    database = SqliteDatabase.open(tmp_path)
    await database.write(insert("before"))
    await database.write(room(1))

    with pytest.raises(Busy):
        await database.write(insert("large", LONG))
    assert await database.read(names) == {"before"}
    await database.close()


def test_a_disk_that_became_read_only_is_busy_too(tmp_path: Path):
    database = SqliteDatabase.open(tmp_path)
    with database._engine.connect() as conn:
        conn.exec_driver_sql("PRAGMA query_only = 1")

    with pytest.raises(Busy):
        database.write_now(can_store)
    database.close_now()


def test_asking_whether_it_can_store_writes_to_the_disk_and_changes_nothing(tmp_path: Path):
    database = SqliteDatabase.open(tmp_path)
    written = tmp_path / f"{FILE}-wal"
    before = written.stat().st_size, database.read_now(names)

    database.write_now(can_store)

    assert written.stat().st_size > before[0]
    assert database.read_now(names) == before[1]
    database.close_now()


def test_a_file_that_is_no_database_is_said_to_be_damaged_with_the_way_out(tmp_path: Path):
    (tmp_path / FILE).write_text("This is not a database, but long enough to be read as one. " * 20)

    with pytest.raises(DatabaseDamaged, match=r"havana\.db is damaged .* havana restore FILE --data .* --force"):
        SqliteDatabase.open(tmp_path, serving=True)
    with pytest.raises(DatabaseDamaged):
        SqliteDatabase.open(tmp_path, serving=True)  # and not DatabaseInUse: the lock was let go


def test_a_database_that_was_cut_short_is_damaged(tmp_path: Path):
    database = SqliteDatabase.open(tmp_path)
    for n in range(20):
        database.write_now(insert(str(n), LONG))
    database.close_now()
    whole = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(whole[: len(whole) // 2])

    with pytest.raises(DatabaseDamaged):
        SqliteDatabase.open(tmp_path).read_now(lambda conn: conn.execute(sa.select(secrets)).all())


def test_a_database_that_cannot_be_opened_says_why_and_who_knows_more(tmp_path: Path):
    (tmp_path / FILE).mkdir()

    with pytest.raises(Unusable, match=r"unable to open database file\. To find out more: havana doctor"):
        SqliteDatabase.open(tmp_path)
