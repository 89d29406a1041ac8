"""What every database does for us: the same tests on each."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from havana.storage import migrations
from havana.storage.database import Database
from havana.storage.opening import open_database
from havana.storage.tables import metadata
from havana.storage.trouble import DatabaseInUse, DatabaseNewer

from .named import insert, names

Open = Callable[..., Database]


@pytest.fixture
def open_one(tmp_path: Path, database_url: str | None) -> Open:
    return lambda **how: open_database(tmp_path, database_url, **how)


async def test_writes_that_wait_together_succeed_or_fail_alone(open_one: Open):
    database = open_one()
    works = [insert(str(n // 2)) for n in range(100)]

    results = await asyncio.gather(*(database.write(work, of="one") for work in works), return_exceptions=True)
    assert [isinstance(result, sa.exc.IntegrityError) for result in results] == [False, True] * 50
    assert await database.read(names) == {str(n) for n in range(50)}
    await database.close()


async def test_a_write_that_is_alone_fails_with_nothing_of_it_stored(open_one: Open):
    database = open_one()

    def twice(conn: sa.Connection) -> None:
        insert("left")(conn)
        insert("left")(conn)

    with pytest.raises(sa.exc.IntegrityError):
        await database.write(twice)
    assert await database.read(names) == set()
    await database.close()


async def test_what_is_of_one_thing_is_written_in_the_order_in_which_it_came(open_one: Open):
    database = open_one()
    written: list[int] = []

    def note(number: int):
        def work(conn: sa.Connection) -> None:
            insert(str(number))(conn)
            written.append(number)

        return work

    await asyncio.gather(*(database.write(note(n), of="conversation") for n in range(50)))
    assert written == list(range(50))
    await database.close()


async def test_of_what_is_tried_together_those_that_were_left_out_are_tried_alone(open_one: Open):
    database = open_one()
    tried: list[tuple[str, ...]] = []

    def together(conn: sa.Connection, items: list[str]) -> list[int]:
        tried.append(tuple(items))
        for name in items[::2]:
            insert(name)(conn)
        return list(range(1, len(items), 2))

    def alone(conn: sa.Connection, item: str) -> str:
        tried.append((item,))
        insert(item)(conn)
        return item

    results = await asyncio.gather(
        *(database.write_many(name, of="one", together=together, alone=alone) for name in "abcd")
    )
    assert tried == [("a", "b", "c", "d"), ("b",), ("d",)]
    assert results == [None, "b", None, "d"]
    assert await database.read(names) == {"a", "b", "c", "d"}
    await database.close()


async def test_if_trying_together_fails_nothing_of_it_remains_and_each_is_tried_alone(open_one: Open):
    database = open_one()

    def together(conn: sa.Connection, items: list[str]) -> list[int]:
        for name in items:
            insert(name)(conn)
        return []

    def alone(conn: sa.Connection, item: str) -> str:
        insert(item)(conn)
        return item

    results = await asyncio.gather(
        *(database.write_many(name, of="one", together=together, alone=alone) for name in "aab"),
        return_exceptions=True,
    )
    assert (results[0], type(results[1]), results[2]) == ("a", sa.exc.IntegrityError, "b")
    assert await database.read(names) == {"a", "b"}
    await database.close()


async def test_a_caller_who_goes_away_takes_nothing_of_the_group_with_them(open_one: Open):
    database = open_one()
    gone = asyncio.create_task(database.write(insert("gone"), of="one"))
    stays = asyncio.create_task(database.write(insert("stays"), of="one"))
    await asyncio.sleep(0)
    gone.cancel()

    assert await stays == 1
    assert await database.read(names) == {"gone", "stays"}
    await database.close()


async def test_closing_finishes_what_was_given_to_be_written(open_one: Open):
    database = open_one()
    writing = asyncio.create_task(database.write(insert("last")))
    await asyncio.sleep(0)
    await database.close()

    assert await writing == 1


async def test_a_read_sees_one_moment_whatever_is_written_meanwhile(open_one: Open):
    database, other = open_one(), open_one()

    def twice(conn: sa.Connection) -> list[set[str]]:
        first = names(conn)
        other.write_now(insert("meanwhile"))
        return [first, names(conn)]

    assert await database.read(twice) == [set(), set()]
    assert await database.read(names) == {"meanwhile"}
    await other.close()
    await database.close()


async def test_a_second_server_is_told_what_to_do(open_one: Open):
    first = open_one(serving=True)

    with pytest.raises(DatabaseInUse, match=r"Another havana serve is using .*Stop it, (or )?give this one"):
        open_one(serving=True)
    await first.close()
    await open_one(serving=True).close()


async def test_a_command_beside_the_server_writes_and_the_server_sees_it_at_once(open_one: Open):
    server = open_one(serving=True)
    command = open_one()
    command.write_now(insert("beside"))

    assert "beside" in await server.read(names)
    assert command.read_now(names) == {"beside"}
    await command.close()
    await server.close()


def test_a_database_of_a_newer_release_is_left_alone(open_one: Open):
    database = open_one()
    database.write_now(lambda conn: conn.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'"))
    database.close_now()

    with pytest.raises(DatabaseNewer, match="revision 9999"):
        open_one()


def test_the_migrations_make_the_very_tables_that_a_new_database_is_made_with(open_one: Open):
    database = open_one()
    made_at_once = database.read_now(schema)
    assert database.read_now(migrations.is_current)

    database.write_now(drop_all)
    database.write_now(migrations.migrate)
    assert database.read_now(schema) == made_at_once
    assert database.read_now(lambda conn: compare_metadata(_without_the_rest(conn), metadata)) == []
    database.close_now()


def test_the_newest_revision_is_the_one_that_the_code_expects():
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))

    assert scripts.get_current_head() == migrations.HEAD


def schema(conn: sa.Connection) -> set[str]:
    """What the database knows of each table and index, whatever the order in which a table's parts are written."""
    if conn.dialect.name == "sqlite":
        rows = conn.exec_driver_sql("SELECT name, coalesce(sql, tbl_name) FROM sqlite_master")
        parts = ((name, " ".join(sql.split()).removesuffix(" )").split(", ")) for name, sql in rows)
        return {f"{name}: {part}" for name, of_it in parts for part in of_it}
    return {f"{table}: {part}" for table, part in conn.exec_driver_sql(POSTGRES_SCHEMA)}


POSTGRES_SCHEMA = """
    SELECT table_name, concat_ws(' ', column_name, data_type, character_maximum_length, is_nullable, column_default)
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT conrelid::regclass::text, conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT attrelid::regclass::text, attname || ' ' || col_description(attrelid, attnum)
    FROM pg_attribute WHERE col_description(attrelid, attnum) IS NOT NULL AND attrelid::regclass::text NOT LIKE 'pg_%%'
"""


def drop_all(conn: sa.Connection) -> None:
    for table in ("alembic_version", "chunks_fts", "search_lines"):
        conn.exec_driver_sql(f"DROP TABLE {table}")
    metadata.drop_all(conn)


def _without_the_rest(conn: sa.Connection) -> MigrationContext:
    """SQLAlchemy has no word for full text, and loads too much for an index of some rows."""
    rest = re.compile(r"fts|^search_lines|^conversations_by_labels$")
    return MigrationContext.configure(conn, opts={"include_object": lambda o, n, t, r, c: not rest.search(n or "")})
