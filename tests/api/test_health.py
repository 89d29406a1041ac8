"""What whoever watches the process is told."""

import sqlite3
from pathlib import Path

from litestar import Litestar
from litestar.testing import AsyncTestClient
from tests.api.conftest import Client, open_client, replaced

from havana.api.readiness import Readiness
from havana.api.routes import web
from havana.api.services import Services
from havana.storage.sqlite import SqliteDatabase


async def test_a_server_that_can_store_is_ready(client: Client) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok", "service": "havana"}
    assert (await client.get("/readyz")).json() == {"status": "ok", "database": "ok", "bus": "ok"}


async def test_it_is_not_ready_while_it_can_store_nothing_and_ready_again_when_it_can(
    client: Client, services: Services
) -> None:
    other = sqlite3.connect(services.database.path, isolation_level=None)
    await services.database.write(lambda conn: conn.exec_driver_sql("PRAGMA busy_timeout = 1"))
    other.execute("BEGIN IMMEDIATE")
    refused = await client.get("/readyz")
    alive = await client.get("/healthz")
    other.execute("ROLLBACK")
    other.close()

    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "busy")
    assert refused.headers["retry-after"] == "2"
    assert alive.status_code == 200
    assert (await client.get("/readyz")).status_code == 200


async def test_it_is_not_ready_once_it_is_about_to_leave_though_it_still_answers(services: Services) -> None:
    readiness = Readiness(services.database, services.bus)
    async with open_client(replaced(services, readiness=readiness)) as client:
        assert (await client.get("/readyz")).status_code == 200
        readiness.leave()
        refused = await client.get("/readyz")

        assert (refused.status_code, refused.json()["error"]["message"]) == (503, "The server is shutting down.")
        assert (await client.get("/healthz")).status_code == 200


async def test_a_server_without_its_database_is_not_ready_and_says_nothing_of_why(
    services: Services, tmp_path: Path
) -> None:
    empty = SqliteDatabase(tmp_path / "never migrated")
    app = web(replaced(services, database=empty, readiness=Readiness(empty, services.bus)))
    async with AsyncTestClient[Litestar](app, base_url="http://havana.test", raise_server_exceptions=False) as client:
        answer = await client.get("/readyz")
    await empty.close()

    assert answer.status_code >= 500
    assert "sites" not in answer.text
    assert (answer.json()["error"]["code"]) in {"busy", "internal"}
