"""Visitors, sites and what else is public."""

from pathlib import Path

from litestar import Litestar
from litestar.testing import AsyncTestClient
from tests.api.conftest import Client, replaced

from havana.api.routes import application
from havana.api.services import Services
from havana.chat.site import Site
from havana.storage import tables
from havana.storage.database import Database


async def test_a_visitor_gets_a_token_and_a_friendly_name_and_nothing_is_stored(
    client: Client, site: Site, services: Services
) -> None:
    answer = (await client.post("/api/visitors", json={"site": "school"})).json()

    visitor = await services.identity.visitor(answer["token"])
    assert answer["visitor"] == {"id": visitor.id, "name": visitor.name}
    assert visitor.site == site.id
    assert await services.database.read(lambda conn: conn.execute(tables.visitors.select()).all()) == []


async def test_an_old_token_gives_a_fresh_one_for_the_same_visitor(client: Client, site: Site) -> None:
    first = (await client.post("/api/visitors", json={"site": "school"})).json()

    second = (await client.post("/api/visitors", json={"token": first["token"]})).json()

    assert second["visitor"] == first["visitor"]


async def test_wrong_arrivals_are_refused(client: Client, site: Site) -> None:
    statuses = [
        (await client.post("/api/visitors", json=body)).status_code
        for body in ({"site": "nowhere"}, {"token": "made up"}, {})
    ]

    assert statuses == [404, 401, 400]


async def test_a_crowd_from_one_address_is_slowed_down(client: Client, site: Site) -> None:
    statuses = [(await client.post("/api/visitors", json={"site": "school"})).status_code for _ in range(61)]

    assert statuses == [200] * 60 + [429]


async def test_a_sites_public_settings_are_public_and_no_others(client: Client, site: Site) -> None:
    answer = await client.get("/api/sites/school")

    assert answer.json() == {
        "key": "school",
        "name": "The School",
        "assistant": "Assistant",
        "greeting": "Hello",
        "suggestions": ["Which programs are there?"],
        "call": True,
    }
    assert (await client.get("/api/sites/nowhere")).status_code == 404


async def test_health(client: Client) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    assert (await client.get("/readyz")).json() == {"status": "ok"}


async def test_a_server_without_its_database_is_not_ready_and_says_nothing_of_why(
    services: Services, tmp_path: Path
) -> None:
    empty = Database(tmp_path / "never migrated")
    app = application(replaced(services, database=empty))
    async with AsyncTestClient[Litestar](app, base_url="http://havana.test", raise_server_exceptions=False) as client:
        answer = await client.get("/readyz")
    await empty.close()

    assert answer.status_code >= 500
    assert "sites" not in answer.text
    assert (answer.json()["error"]["code"]) in {"busy", "internal"}
