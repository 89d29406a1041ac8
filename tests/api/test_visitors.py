"""Visitors, sites and what else is public."""

from tests.api.conftest import Client, arrive, begin, open_client

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


async def test_what_one_agent_writes_down_the_others_read_and_may_not_write_over_unseen(
    agent: Client, services: Services, site: Site
) -> None:
    async with open_client(services) as page:
        here = f"/api/visitors/{await arrive(page, site)}"
        await begin(page)
    first = await agent.put(f"{here}/details", json={"field": "name", "value": " Ada "})
    [name] = first.json()["details"]
    stale = await agent.put(f"{here}/details", json={"field": "name", "value": "Grace"})
    email = await agent.put(f"{here}/details", json={"field": "email", "value": "ada"})
    gone = await agent.put(f"{here}/details", json={"field": "name", "value": "", "version": name["version"]})

    assert first.status_code == 200
    assert name == {"field": "name", "value": "Ada", "by": "Ana"} | {
        key: name[key] for key in ("version", "updated_at")
    }
    assert stale.status_code == 409
    assert stale.json()["error"]["code"] == "stale"
    assert stale.json()["error"]["message"].startswith("Ana saved this detail on ")
    assert email.status_code == 400
    assert gone.json() == (await agent.get(here)).json() == {"visitor": here[14:], "context": None, "details": []}


async def test_what_the_team_knows_of_a_visitor_is_for_the_team(
    agent: Client, client: Client, services: Services, site: Site
) -> None:
    async with open_client(services) as page:
        here = f"/api/visitors/{await arrive(page, site)}"
        unknown = await agent.get(here)
        await begin(page)
        change = {"field": "name", "value": "Ada"}
        asked = [(await who.get(here), await who.put(f"{here}/details", json=change)) for who in (page, client)]

    assert unknown.status_code == 404
    assert [[answer.status_code for answer in answers] for answers in asked] == [[401, 401], [401, 401]]
    assert (await agent.get(here)).json()["details"] == []
