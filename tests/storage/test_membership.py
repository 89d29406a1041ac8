"""Several servers on one PostgreSQL database: who is let in, and what they know of each other."""

import asyncio
import datetime as dt
from collections.abc import Callable

import pytest
from tests.jobs import KINDS
from tests.line import line_to
from tests.postgres import Server

from havana.storage import jobs, migrations, nodes
from havana.storage.membership import Membership
from havana.storage.nodes import Standing
from havana.storage.postgres import Pace, PostgresDatabase
from havana.storage.trouble import DatabaseInUse

QUICK = Pace(connect_s=0.5, command_s=0.5, lease_s=1, renew_every_s=0.2)
PATIENCE_S = 20


def node(url: str, *, joining: bool = True) -> PostgresDatabase:
    return PostgresDatabase.open(url, serving=True, joining=joining, pace=QUICK)


def membership(database: PostgresDatabase) -> Membership:
    assert database.membership is not None
    return database.membership


async def hears(database: PostgresDatabase, wanted: Callable[[Standing], bool]) -> None:
    """Until a renewal finds things as they are wanted."""
    found, loop = asyncio.Event(), asyncio.get_running_loop()
    membership(database).listen(lambda standing: wanted(standing) and loop.call_soon_threadsafe(found.set))
    async with asyncio.timeout(PATIENCE_S):
        await found.wait()


def agents(standing: Standing) -> list[tuple[str, ...]]:
    return [other.agents for other in standing.others]


async def dies(database: PostgresDatabase) -> None:
    """It renews nothing any more, and gives nothing back."""
    held = membership(database)

    async def stops() -> None:
        assert held._keeping is not None
        held._keeping.cancel()
        await asyncio.gather(held._keeping, return_exceptions=True)
        held._keeping = None

    database._aside.run(stops())


async def test_nodes_that_join_know_of_each_other_and_of_each_others_agents(postgres_url: str):
    one, two = node(postgres_url), node(postgres_url)
    assert len(membership(two).standing.others) == 1
    membership(two).say(("ana",))
    await hears(one, lambda standing: agents(standing) == [("ana",)])

    await two.close()
    await hears(one, lambda standing: not standing.others)
    await one.close()


async def test_a_node_that_died_is_gone_when_its_lease_has_run_out(postgres_url: str):
    one, two = node(postgres_url), node(postgres_url)
    await dies(two)

    await hears(one, lambda standing: not standing.others)
    await one.close()
    await two.close()


async def test_after_a_time_without_the_database_nobody_believes_to_be_alone(postgres_url: str):
    direct = PostgresDatabase.open(postgres_url)
    with line_to(postgres_url) as (line, url):
        both = node(url), node(url)
        await hears(both[0], lambda standing: len(standing.others) == 1)
        line.cut()
        while direct.read_now(nodes.is_served):
            await asyncio.sleep(0)
        first: list[Standing] = []
        hearing = [asyncio.create_task(hears(one, lambda standing: not first.append(standing))) for one in both]
        await asyncio.sleep(0)
        line.open()
        await asyncio.gather(*hearing)

        assert [len(standing.others) for standing in first] == [1, 1]
        for one in both:
            await one.close()
    await direct.close()


async def test_a_node_that_was_taken_for_dead_comes_back_and_is_heard(postgres_url: str):
    one, two = node(postgres_url), node(postgres_url)
    membership(two).say(("ana",))
    await hears(one, lambda standing: agents(standing) == [("ana",)])
    number = membership(one).standing.others[0].renewed
    one.write_now(lambda conn: conn.exec_driver_sql("DELETE FROM nodes"))

    await hears(one, lambda standing: agents(standing) == [("ana",)] and standing.others[0].renewed > number)
    assert not membership(two).is_taken_over
    await one.close()
    await two.close()


@pytest.mark.parametrize(("first", "second"), [(False, False), (False, True), (True, False)])
async def test_who_works_alone_and_who_joins_are_kept_apart(postgres_url: str, first: bool, second: bool):
    one = node(postgres_url, joining=first)

    with pytest.raises(DatabaseInUse, match="HAVANA_REDIS_URL"):
        node(postgres_url, joining=second)
    await one.close()


@pytest.mark.parametrize(("first", "second"), [(False, False), (False, True), (True, False)])
async def test_who_is_refused_has_not_changed_the_tables_of_who_is_there(postgres_url: str, first: bool, second: bool):
    there = node(postgres_url, joining=first)
    there.write_now(lambda conn: conn.exec_driver_sql("UPDATE alembic_version SET version_num = '0003'"))

    with pytest.raises(DatabaseInUse, match="Stop it first: this release has to change the database"):
        node(postgres_url, joining=second)
    assert there.read_now(migrations.revision) == "0003"
    there.write_now(lambda conn: conn.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{migrations.HEAD}'"))
    await there.close()


async def test_who_joins_finds_who_is_there_in_the_tables_of_a_release_whose_nodes_never_joined(postgres_url: str):
    there = PostgresDatabase.open(postgres_url)
    lease = "INSERT INTO nodes (id, name, renewed, lease_until) VALUES ('old', 'there', 1, now() + interval '1 hour')"
    for statement in (
        "ALTER TABLE nodes DROP COLUMN joins, DROP COLUMN agents",
        "UPDATE alembic_version SET version_num = '0002'",
        lease,
    ):
        there.write_now(lambda conn, statement=statement: conn.exec_driver_sql(statement))

    with pytest.raises(DatabaseInUse, match="Stop it first: this release has to change the database"):
        node(postgres_url)
    assert there.read_now(migrations.revision) == "0002"
    await there.close()


async def test_jobs_of_the_dead_are_free_for_whoever_comes_first_and_not_for_whoever_joins(postgres_url: str):
    now = dt.datetime.now(dt.UTC)

    def leased(database: PostgresDatabase) -> int:
        later = now + dt.timedelta(hours=1)
        return len(database.write_now(lambda conn: jobs.lease(conn, KINDS, now, later, 10)))

    one = node(postgres_url)
    one.write_now(lambda conn: jobs.want(conn, "remind", "conversation", now))
    assert leased(one) == 1
    two = node(postgres_url)
    assert leased(two) == 0
    await one.close()
    await two.close()

    three = node(postgres_url)
    assert leased(three) == 1
    await three.close()


async def test_many_who_come_at_once_are_all_let_in(postgres_server: Server, postgres_url: str):
    del postgres_server
    nodes = await asyncio.gather(*(asyncio.to_thread(node, postgres_url) for _ in range(4)))

    await hears(nodes[0], lambda standing: len(standing.others) == 3)
    await asyncio.gather(*(one.close() for one in nodes))
