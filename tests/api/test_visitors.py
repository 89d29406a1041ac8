"""Visitors, sites and what else is public."""

from tests.api.conftest import Client

from havana.api.services import Services
from havana.chat.site import Site
from havana.storage import tables


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
