"""Servers as processes: one that is killed in the middle of a letter, and two that share the work."""

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests import redis_server
from tests.cluster.nodes import Node
from tests.mail.office import Office, opened

from havana.storage import mails, people
from havana.storage.database import Connection, Database
from havana.storage.mail_tables import mails as table
from havana.storage.opening import open_database

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("mail servers")]

SECRET = "s3cret"


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def settings(office: Office, **more: str) -> dict[str, str]:
    return {
        "HAVANA_SMTP_URL": office.url.replace("//", f"//me:{SECRET}@"),
        "HAVANA_MAIL_FROM": "Havana <chat@x.example>",
        "HAVANA_PUBLIC_URL": "https://x.example",
    } | more


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with opened({"me": SECRET}) as office:
        yield office


def invite(database: Database, *names: str) -> None:
    def work(conn: Connection) -> None:
        for name in names:
            agent = people.invite(conn, f"{name}@example.com", name, "agent", now())
            people.mail_invitation(conn, agent, "Ana", now())

    database.write_now(work)


async def are_sent(database: Database, count: int) -> None:
    sent = sa.select(sa.func.count()).select_from(table).where(table.c.sent_at.is_not(None))
    async with asyncio.timeout(60):
        while await database.read(lambda conn: conn.execute(sent).scalar()) != count:
            await asyncio.sleep(0.1)


async def test_a_server_that_is_killed_between_sending_and_writing_it_down_sends_the_same_letter_again(
    tmp_path: Path, database_url: str | None, office: Office
):
    urls = {"HAVANA_DATABASE_URL": database_url} if database_url else {}
    node = Node("one", tmp_path, settings(office, **urls))
    database = open_database(tmp_path / "one", database_url)
    with contextlib.closing(node):
        office.held = asyncio.Event()
        invite(database, "cleo")
        node.start()
        await office.next_letter()
        node.close()
        office.held.set()
        # As if as much time had passed as it has for itself what it sends.
        await database.write(lambda conn: conn.execute(table.update().values(begun_at=now() - mails.HELD)))
        node.start()
        await office.next_letter(2)
        await are_sent(database, 1)
    await database.close()

    first, second = office.letters
    assert first.letter["Message-ID"] == second.letter["Message-ID"]
    assert first.text.partition("#")[0] == second.text.partition("#")[0]
    said = node.said.read_text()
    assert "mail sent" in said
    assert [word for word in (SECRET, "example.com", "#password=") if word in said] == []


async def test_two_servers_send_each_letter_once(
    tmp_path: Path, postgres_url: str, redis_server: redis_server.Server, office: Office
):
    urls = {"HAVANA_DATABASE_URL": postgres_url, "HAVANA_REDIS_URL": redis_server.url}
    database = open_database(tmp_path, postgres_url)
    async with AsyncExitStack() as stack:
        for name in ("one", "two"):
            node = stack.enter_context(contextlib.closing(Node(name, tmp_path, settings(office, **urls))))
            node.start()
            await node.is_ready()
        for portion in range(10):
            invite(database, *(f"agent-{portion}-{number}" for number in range(5)))
        await are_sent(database, 50)
    await database.close()

    arrived = [to for taken in office.letters for to in taken.to]
    assert len(arrived) == 50
    assert len(set(arrived)) == 50
