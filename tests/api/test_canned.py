"""Canned answers over REST, and the labels in use."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.api.conftest import Client, begin, hire, now, signed_in

from havana.api.services import Services
from havana.chat.site import Site
from havana.ids import new_id
from havana.storage import sites, staff

Json = dict[str, Any]
HERE = "/api/canned/c1"
HELLO: Json = {"name": "hello", "text": "Hello {visitor}, I am {agent}.", "site": None}

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
async def ben(services: Services, site: Site, password_hash: str) -> AsyncIterator[Client]:
    async with signed_in(services, await hire(services, "ben@example.com", "Ben", password_hash)) as browser:
        yield browser


async def save(agent: Client, change: Json | None = None, *, path: str = HERE) -> Json:
    answer = await agent.put(path, json=HELLO | (change or {}))
    assert answer.status_code == 200, answer.text
    saved: Json = answer.json()
    return saved


async def test_what_one_writes_the_others_find(agent: Client, ben: Client):
    saved = await save(agent)

    assert saved == HELLO | {"id": "c1", "by": "Ana", "version": saved["version"], "updated_at": saved["updated_at"]}
    assert (await ben.get("/api/canned")).json() == {"answers": [saved], "sites": {"school": "The School"}}


async def test_an_agent_who_is_no_admin_writes_them_too(services: Services, password_hash: str, site: Site):
    eva = await services.database.write(
        lambda conn: staff.add_agent(conn, "eva@example.com", "Eva", "agent", password_hash=password_hash, now=now())
    )
    async with signed_in(services, eva) as browser:
        assert (await save(browser))["by"] == "Eva"


async def test_in_a_conversation_there_are_those_of_its_site_and_of_all(
    agent: Client, visitor: Client, services: Services
):
    shop = Site(id=new_id(), key="shop", name="The Shop")
    await services.database.write(lambda conn: sites.store(conn, shop, now()))
    here = await save(agent, {"name": "a", "site": "school"}, path="/api/canned/a")
    await save(agent, {"name": "b", "site": "shop"}, path="/api/canned/b")
    everywhere = await save(agent, {"name": "c"}, path="/api/canned/c")

    found = await agent.get("/api/canned", params={"conversation": await begin(visitor)})
    assert found.json() == {"answers": [here, everywhere], "sites": {"school": "The School"}}
    assert len((await agent.get("/api/canned")).json()["answers"]) == 3
    assert (await agent.get("/api/canned", params={"conversation": "nowhere"})).status_code == 404


async def test_a_save_or_delete_on_an_outdated_version_is_refused_with_who_came_first(agent: Client, ben: Client):
    first = await save(agent)
    second = await save(ben, {"text": "Hi", "version": first["version"]})
    at = f"{second['updated_at'][:10]} at {second['updated_at'][11:16]} UTC"

    refused = await agent.put(HERE, json=HELLO | {"text": "Mine", "version": first["version"]})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "stale")
    assert refused.json()["error"]["message"] == (
        f"Ben saved this canned answer on {at}. Read it again, then say its version."
    )
    assert (await agent.delete(HERE, params={"version": first["version"]})).status_code == 409
    assert (await agent.delete(HERE, params={"version": second["version"]})).status_code == 204
    assert (await agent.delete(HERE, params={"version": second["version"]})).status_code == 404
    gone = await agent.put(HERE, json=HELLO | {"version": second["version"]})
    assert gone.json()["error"]["message"].startswith("Somebody has deleted this canned answer.")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"name": " \n"}, "The name is empty."),
        ({"text": " "}, "The text is empty."),
        ({"text": "Hi {name}"}, "Nothing is known to put in for {name}. There are {visitor}, {agent}, {site}."),
    ],
)
async def test_what_makes_no_sense_is_refused_with_why(agent: Client, change: Json, why: str):
    refused = await agent.put(HERE, json=HELLO | change)

    assert (refused.status_code, refused.json()["error"]["message"]) == (400, why)


async def test_names_are_lines(agent: Client):
    assert (await save(agent, {"name": "  good\n bye "}))["name"] == "good bye"


async def test_they_are_for_agents_alone(visitor: Client, client: Client):
    for somebody in (visitor, client):
        for path in ("/api/canned", "/api/labels"):
            assert (await somebody.get(path)).status_code == 401
        assert (await somebody.put(HERE, json=HELLO)).status_code == 401
        assert (await somebody.delete(HERE)).status_code == 401


async def test_labels_in_use_are_told_with_those_of_a_conversation(agent: Client, visitor: Client):
    conversation = await begin(visitor)
    where = {"conversation": conversation}
    await agent.post(f"/api/conversations/{conversation}/label", json={"labels": ["refund", " Refund "]})

    used = [{"label": "refund", "conversations": 1}]
    assert (await agent.get("/api/labels")).json() == {"labels": used, "own": []}
    assert (await agent.get("/api/labels", params=where)).json() == {"labels": used, "own": ["refund"]}
    assert (await agent.get("/api/labels", params={"site": "school"})).json() == {"labels": used, "own": []}
    assert (await agent.get("/api/labels", params={"site": "nowhere"})).status_code == 404
    assert (await agent.get("/api/labels", params={"conversation": "nowhere"})).status_code == 404
