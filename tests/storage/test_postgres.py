"""What can go wrong on the way to a PostgreSQL server, and whom it keeps out."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.util import await_only
from tests.line import Line, line_to
from tests.postgres import Server

from havana.chat.errors import Busy
from havana.storage import migrations, nodes
from havana.storage.database import Database
from havana.storage.membership import Membership
from havana.storage.opening import open_database
from havana.storage.postgres import Pace, PostgresDatabase
from havana.storage.tables import metadata, secrets
from havana.storage.trouble import Unusable

from .named import insert, names

QUICK = Pace(connect_s=0.5, command_s=0.5, lease_s=1, renew_every_s=0.2)


@pytest.fixture
async def spoilt(postgres_url: str) -> AsyncIterator[tuple[Line, Database]]:
    """A line for one test to spoil, and a database at its other end with a connection of each kind."""
    with line_to(postgres_url) as (line, url):
        database = PostgresDatabase.open(url, pace=QUICK)
        await database.write(insert("before"), of="one")
        assert await database.read(names) == {"before"}
        yield line, database
        line.thaw()
        await database.close()


async def test_connections_that_were_lost_while_they_were_idle_are_made_anew_and_nobody_notices(
    spoilt: tuple[Line, Database],
):
    line, through = spoilt
    line.cut()
    line.open()

    assert await through.write(insert("after"), of="one") == 1
    assert await through.read(names) == {"before", "after"}


async def test_while_the_server_is_away_everything_is_refused_as_busy_and_goes_on_when_it_is_back(
    spoilt: tuple[Line, Database],
):
    line, through = spoilt
    line.cut()

    with pytest.raises(Busy):
        await through.write(insert("lost"), of="one")
    with pytest.raises(Busy):
        await through.read(names)
    line.open()
    assert await through.write(insert("after"), of="one") == 1
    assert await through.read(names) == {"before", "after"}


async def test_a_server_that_says_nothing_is_as_good_as_none(spoilt: tuple[Line, Database]):
    line, through = spoilt
    line.freeze()

    async with asyncio.timeout(5):
        for asked in (through.write(insert("lost"), of="one"), through.read(names)):
            with pytest.raises(Busy):
                await asked
    line.thaw()
    assert await through.write(insert("after"), of="one") == 1
    assert await through.read(names) >= {"before", "after"}


async def test_what_may_have_been_committed_is_not_tried_again_by_us(spoilt: tuple[Line, Database]):
    line, through = spoilt
    runs = 0

    def once(conn: sa.Connection) -> None:
        nonlocal runs
        runs += 1
        insert(f"run {runs}")(conn)

    line.cut_after = (b"COMMIT",)
    with pytest.raises(Busy):
        await through.write(once, of="one")
    line.open()
    await through.write(lambda _: None, of="one")

    assert runs == 1


async def test_what_was_lost_before_the_commit_is_tried_again(spoilt: tuple[Line, Database]):
    line, through = spoilt
    # The statement itself went to the server before: only its values do now.
    line.cut_after = (b"kept",)
    writing = asyncio.create_task(through.write(insert("kept"), of="one"))
    while line.cut_after:
        await asyncio.sleep(0)
    line.open()

    assert await writing == 1
    assert await through.read(names) == {"before", "kept"}


async def test_of_two_who_wait_for_each_other_both_get_through(postgres_url: str):
    database = PostgresDatabase.open(postgres_url)
    for name in ("a", "b"):
        database.write_now(insert(name))
    arrived = {"a": asyncio.Event(), "b": asyncio.Event()}

    def crossing(first: str, second: str):
        def work(conn: sa.Connection) -> str:
            conn.execute(secrets.update().where(secrets.c.name == first).values(value=first))
            arrived[first].set()
            await_only(arrived[second].wait())
            conn.execute(secrets.update().where(secrets.c.name == second).values(value=first))
            return first

        return work

    # In two lanes: without a name, they take turns.
    done = await asyncio.gather(database.write(crossing("a", "b")), database.write(crossing("b", "a")))
    assert done == ["a", "b"]
    await database.close()


async def test_after_a_kill_the_next_server_waits_for_the_lease_to_run_out(postgres_url: str):
    killed = PostgresDatabase.open(postgres_url, serving=True, pace=QUICK)
    killed.write_now(insert("its"))
    # It renews nothing any more, and gives nothing back.
    killed._aside.run(_cancelled(killed.membership))

    following = PostgresDatabase.open(postgres_url, serving=True, pace=QUICK)
    assert following.read_now(nodes.is_served)
    await following.close()
    await killed.close()


async def test_a_server_that_stood_still_and_was_replaced_takes_nothing_any_more(postgres_url: str):
    stood_still = PostgresDatabase.open(postgres_url, serving=True, pace=QUICK)
    stood_still.write_now(lambda conn: conn.exec_driver_sql("UPDATE nodes SET id = 'other', lease_until = 'infinity'"))
    assert stood_still.membership is not None
    while not stood_still.membership.is_taken_over:
        await asyncio.sleep(0)

    for asked in (stood_still.write(insert("late")), stood_still.read(names)):
        with pytest.raises(Busy, match="taken over"):
            await asked
    await stood_still.close()


async def test_of_many_who_come_to_an_empty_database_one_makes_the_tables_and_the_others_wait(
    postgres_server: Server, postgres_url: str
):
    empty = PostgresDatabase.open(postgres_url)
    for table in ("alembic_version", "chunks_fts", "search_lines"):
        empty.write_now(lambda conn, table=table: conn.exec_driver_sql(f"DROP TABLE {table}"))
    empty.write_now(metadata.drop_all)
    await empty.close()

    many = await asyncio.gather(*(asyncio.to_thread(PostgresDatabase.open, postgres_url) for _ in range(4)))
    assert [one.read_now(migrations.is_current) for one in many] == [True] * 4
    for one in many:
        await one.close()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("/test_", "/nowhere_"), r"database \"nowhere_\d+\" does not exist"),
        (("127.0.0.1:", "127.0.0.1:1/x?application_name="), "Connect call failed|Connection refused"),
        (("127.0.0.1:", "127.0.0.1/x?sslmode=perhaps&application_name="), "sslmode"),
    ],
)
def test_a_server_that_cannot_be_used_is_one_line_without_the_password(
    postgres_url: str, tmp_path: Path, change: tuple[str, str], why: str
):
    with pytest.raises(Unusable, match=why) as refused:
        open_database(tmp_path, postgres_url.replace(*change))
    assert "\n" not in str(refused.value)
    assert "secret" not in str(refused.value)


def test_an_installation_without_the_driver_is_told_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for module in ("postgres", "postgres_connections"):
        monkeypatch.delitem(sys.modules, f"havana.storage.{module}")
    monkeypatch.setitem(sys.modules, "asyncpg", None)

    with pytest.raises(Unusable, match=r"pip install 'havana\[postgres\]'"):
        open_database(tmp_path, "postgresql://havana@127.0.0.1/havana")


def test_a_user_who_may_make_no_tables_is_told_so(postgres_server: Server, tmp_path: Path):
    postgres_server.sql("CREATE DATABASE theirs")
    theirs = postgres_server.url("theirs")
    postgres_server.sql("REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE ROLE poor LOGIN;", theirs)

    with pytest.raises(Unusable, match="cannot be used: permission denied for schema public"):
        open_database(tmp_path, theirs.replace("havana:", "poor:"))


def test_a_database_in_an_old_encoding_is_refused(postgres_server: Server, tmp_path: Path):
    postgres_server.sql("CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")

    with pytest.raises(Unusable, match=r"The database is in LATIN1\. Make one with"):
        open_database(tmp_path, postgres_server.url("latin"))


async def _cancelled(membership: Membership | None) -> None:
    assert membership is not None
    assert membership._keeping is not None
    membership._keeping.cancel()
    await asyncio.gather(membership._keeping, return_exceptions=True)
    membership._keeping = None
