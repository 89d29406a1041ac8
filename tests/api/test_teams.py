"""Teams over REST: all read them, admins make them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.api.conftest import Client, now, signed_in

from havana.api.services import Services
from havana.chat.people import Agent
from havana.storage import staff

Json = dict[str, Any]
HERE = "/api/teams/sales"


@pytest.fixture
async def eva(services: Services, password_hash: str) -> Agent:
    """No admin."""
    return await services.database.write(
        lambda conn: staff.add_agent(conn, "eva@example.com", "Eva", "agent", password_hash=password_hash, now=now())
    )


@pytest.fixture
async def colleague(services: Services, eva: Agent) -> AsyncIterator[Client]:
    async with signed_in(services, eva) as browser:
        yield browser


async def changes(agent: Client) -> list[tuple[str, Json]]:
    return [(one["kind"], one["details"]) for one in (await agent.get("/api/audit")).json()["entries"]]


async def test_admins_make_them_all_read_them_and_each_change_is_told_once(
    agent: Client, colleague: Client, ana: Agent, eva: Agent
):
    made = {"name": " Sales \n team", "members": [eva.id, ana.id]}
    saved = (await agent.put(HERE, json=made)).json()
    await agent.put(HERE, json=made)
    read = (await colleague.get("/api/teams")).json()
    refused = await agent.put(HERE, json={"name": "Tours"})
    removed = await agent.delete(HERE, params={"version": saved["version"]})

    assert saved == {
        "id": "sales",
        "name": "Sales team",
        "members": [ana.id, eva.id],
        "assign": "off",
        "answer_within_s": 180,
        "version": saved["version"],
        "updated_at": saved["updated_at"],
        "by": "Ana",
    }
    assert read == {"teams": [saved]}
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "stale")
    assert removed.status_code == 204
    assert (await agent.delete(HERE, params={"version": saved["version"]})).status_code == 404
    assert await changes(agent) == [("team_deleted", {"name": "Sales team"}), ("team_saved", {"name": "Sales team"})]


async def test_only_admins_change_them(colleague: Client, agent: Client):
    saved = (await agent.put(HERE, json={"name": "Sales"})).json()

    assert (await colleague.put(HERE, json={"name": "Tours", "version": saved["version"]})).status_code == 403
    assert (await colleague.delete(HERE, params={"version": saved["version"]})).status_code == 403
    assert (await colleague.get("/api/teams")).json() == {"teams": [saved]}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"name": " \n"}, "The name is empty."),
        ({"name": "TOURS"}, "There is a team of this name already."),
        (
            {"members": ["nobody"]},
            "Somebody of these is not an agent any more. Choose again who is in the team.",
        ),
    ],
)
async def test_what_makes_no_sense_is_refused_with_why(agent: Client, change: Json, why: str):
    await agent.put("/api/teams/tours", json={"name": "Tours"})
    refused = await agent.put(HERE, json={"name": "Sales"} | change)

    assert (refused.status_code, refused.json()["error"]["message"]) == (400, why)
    assert [team["name"] for team in (await agent.get("/api/teams")).json()["teams"]] == ["Tours"]


async def test_they_are_for_agents_alone(visitor: Client, client: Client):
    for somebody in (visitor, client):
        assert (await somebody.get("/api/teams")).status_code == 401
        assert (await somebody.put(HERE, json={"name": "Sales"})).status_code == 401
        assert (await somebody.delete(HERE)).status_code == 401
