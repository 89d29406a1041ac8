"""PostgreSQL and Redis behind TLS: whose certificate is not vouched for is not talked to."""

import asyncio
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from tests.bus.hearing import APPENDED, TALK, Ear, until
from tests.line import line_to
from tests.redis_server import Server

from havana.bus.redis import RedisBus
from havana.doctor import probes
from havana.ids import new_id
from havana.storage import migrations
from havana.storage.postgres import PostgresDatabase
from havana.storage.trouble import Unusable


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tls(authority: trustme.CA) -> ssl.SSLContext:
    """Of a server whose certificate is the authority's."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def kept(authority: trustme.CA, folder: Path) -> Path:
    file = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    return file


@pytest.fixture
def postgres_behind_tls(postgres_url: str, tls: ssl.SSLContext) -> Iterator[str]:
    with line_to(postgres_url, tls) as (_, url):
        yield url


@pytest.fixture
def redis_behind_tls(redis_server: Server, tls: ssl.SSLContext) -> Iterator[str]:
    with line_to(redis_server.url, tls) as (_, url):
        yield url.replace("redis://", "rediss://")


async def test_a_database_behind_tls_serves(postgres_behind_tls: str, authority: trustme.CA, tmp_path: Path):
    address = f"{postgres_behind_tls}?sslmode=verify-full&sslrootcert={kept(authority, tmp_path)}"
    database = PostgresDatabase.open(address, serving=True)

    assert await database.read(migrations.revision) == migrations.HEAD
    await database.close()


@pytest.mark.parametrize("sslmode", ["verify-ca", "verify-full"])
def test_a_database_that_a_stranger_vouches_for_is_refused(postgres_behind_tls: str, tmp_path: Path, sslmode: str):
    stranger = kept(trustme.CA(), tmp_path)

    with pytest.raises(Unusable, match=r"cannot be used: .*certificate verify failed"):
        PostgresDatabase.open(f"{postgres_behind_tls}?sslmode={sslmode}&sslrootcert={stranger}")


def test_a_database_without_tls_is_refused_where_it_is_required(postgres_url: str):
    with pytest.raises(Unusable, match="rejected SSL upgrade"):
        PostgresDatabase.open(f"{postgres_url}?sslmode=require")


async def test_nodes_hear_each_other_through_a_redis_behind_tls(
    redis_behind_tls: str, authority: trustme.CA, tmp_path: Path
):
    address = f"{redis_behind_tls}?ssl_ca_certs={kept(authority, tmp_path)}"
    installation = new_id()
    here, there = (RedisBus(address, installation=installation, node=node) for node in ("here", "there"))
    await asyncio.gather(here.start(), there.start())
    ear = Ear(there)
    await until(lambda: here.is_whole and there.is_whole)
    here.publish(TALK, APPENDED)

    assert await ear.hears(1) == [APPENDED]
    await asyncio.gather(here.close(), there.close())


def test_a_redis_that_a_stranger_vouches_for_is_refused(redis_behind_tls: str, tmp_path: Path):
    _, error = probes.redis(f"{redis_behind_tls}?ssl_ca_certs={kept(trustme.CA(), tmp_path)}")

    assert error is not None
    assert "certificate verify failed" in error
