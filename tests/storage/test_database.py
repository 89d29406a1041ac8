"""Group commit, the lock, and the schema."""

import asyncio
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from havana.chat.errors import Busy
from havana.storage import migrations
from havana.storage.sqlite import SqliteDatabase
from havana.storage.tables import metadata, secrets
from havana.storage.trouble import DatabaseInUse


def insert(name: str):
    return lambda conn: conn.execute(secrets.insert().values(name=name, value="")).rowcount


def names(conn: sa.Connection) -> set[str]:
    return set(conn.execute(sa.select(secrets.c.name)).scalars())


async def test_writes_that_wait_together_succeed_or_fail_alone(tmp_path: Path):
    database = SqliteDatabase.open(tmp_path)
    works = [insert(str(n // 2)) for n in range(100)]

    results = await asyncio.gather(*(database.write(work) for work in works), return_exceptions=True)
    assert [isinstance(result, sa.exc.IntegrityError) for result in results] == [False, True] * 50
    assert await database.read(names) == {str(n) for n in range(50)}
    await database.close()


async def test_a_caller_who_goes_away_takes_nothing_of_the_group_with_them(tmp_path: Path):
    database = SqliteDatabase.open(tmp_path)
    gone = asyncio.create_task(database.write(insert("gone")))
    stays = asyncio.create_task(database.write(insert("stays")))
    await asyncio.sleep(0)
    gone.cancel()

    assert await stays == 1
    await database.close()


async def test_closing_finishes_what_was_given_to_the_writer(tmp_path: Path):
    database = SqliteDatabase.open(tmp_path)
    writing = asyncio.create_task(database.write(insert("last")))
    await asyncio.sleep(0)
    await database.close()

    assert await writing == 1


async def test_a_second_server_on_the_same_folder_is_told_what_to_do(tmp_path: Path):
    first = SqliteDatabase.open(tmp_path, serving=True)

    with pytest.raises(DatabaseInUse, match="--data"):
        SqliteDatabase.open(tmp_path, serving=True)
    await first.close()
    await SqliteDatabase.open(tmp_path, serving=True).close()


async def test_a_command_beside_the_server_writes_and_the_server_sees_it_at_once(tmp_path: Path):
    server = SqliteDatabase.open(tmp_path, serving=True)
    command = SqliteDatabase.open(tmp_path)
    command.write_now(insert("beside"))

    assert "beside" in await server.read(names)
    await command.close()
    await server.close()


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


def schema(conn: sa.Connection) -> dict[str, set[str]]:
    """What SQLite knows of each table and index; the order in which a table's parts are written does not matter."""
    rows = conn.exec_driver_sql("SELECT name, coalesce(sql, tbl_name) FROM sqlite_master")
    return {name: set(re.sub(r"\s+", " ", sql).removesuffix(" )").split(", ")) for name, sql in rows}


def test_the_migrations_make_the_very_tables_that_a_new_database_is_made_with(tmp_path: Path):
    database = SqliteDatabase.open(tmp_path)
    migrated = sa.create_engine(f"sqlite:///{tmp_path / 'migrated.db'}")
    with migrated.begin() as conn:
        migrations.migrate(conn)
        made_by_migrations = schema(conn)
        differences = compare_metadata(_without_full_text(conn), metadata)

    assert database.read_now(schema) == made_by_migrations
    assert database.read_now(migrations.is_current)
    assert differences == []
    database.close_now()


def _without_full_text(conn: sa.Connection) -> MigrationContext:
    """SQLAlchemy has no word for it."""
    return MigrationContext.configure(conn, opts={"include_object": lambda o, n, t, r, c: "fts" not in (n or "")})


def test_the_newest_revision_is_the_one_that_the_code_expects():
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))

    assert scripts.get_current_head() == migrations.HEAD


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
