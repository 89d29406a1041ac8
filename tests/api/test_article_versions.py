"""Two agents at one article: whoever comes second is told, and nothing of the first is lost."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.api.conftest import Client, hire, signed_in

from havana.api.services import Services
from havana.chat.site import Site

Json = dict[str, Any]
HERE = "/api/articles/a1"
PIZZA: Json = {"title": "Pizza", "text": "We have none.", "questions": [], "site": "school"}
BY_ANA, BY_BEN = PIZZA | {"text": "We have some."}, PIZZA | {"text": "We have pasta."}

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
async def ben(services: Services, site: Site, password_hash: str) -> AsyncIterator[Client]:
    async with signed_in(services, await hire(services, "ben@example.com", "Ben", password_hash)) as browser:
        yield browser


async def save(agent: Client, article: Json, version: str | None = None) -> Json:
    answer = await agent.put(HERE, json=article | {"version": version})
    assert answer.status_code == 200, answer.text
    saved: Json = answer.json()
    return saved


async def test_a_save_on_an_outdated_version_is_refused_with_who_came_first(agent: Client, ben: Client):
    first = await save(agent, PIZZA)
    second = await save(ben, BY_BEN, first["version"])

    for version in (first["version"], None):
        refused = await agent.put(HERE, json=BY_ANA | {"version": version})
        at = second["updated_at"]
        assert refused.status_code == 409
        assert refused.json()["error"] == {
            "code": "stale",
            "message": f"Ben saved this article on {at[:10]} at {at[11:16]} UTC. Read it again, then say its version.",
            "retry_ms": None,
            "state": None,
        }
    assert (await agent.get(HERE)).json() == second
    assert (await save(agent, BY_ANA, second["version"]))["text"] == BY_ANA["text"]


async def test_a_save_whose_answer_was_lost_is_repeated_and_changes_nothing(agent: Client, ben: Client):
    new = await save(agent, PIZZA)
    assert await save(agent, PIZZA) == new

    changed = await save(agent, BY_ANA, new["version"])
    assert await save(agent, BY_ANA, new["version"]) == changed
    # Ben has written the same, and did not change it.
    assert await save(ben, BY_ANA, new["version"]) == changed
    assert len((await agent.get("/api/articles")).json()["articles"]) == 1


async def test_an_article_that_has_changed_is_not_deleted_by_who_did_not_see_it(agent: Client, ben: Client):
    first = await save(agent, PIZZA)
    second = await save(ben, BY_BEN, first["version"])

    for version in (first["version"], ""):
        refused = await agent.delete(HERE, params={"version": version})
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "stale")
        assert refused.json()["error"]["message"].startswith("Ben saved this article on ")
    assert (await agent.get("/api/articles")).json()["articles"][0]["version"] == second["version"]
    assert (await agent.delete(HERE, params={"version": second["version"]})).status_code == 204


async def test_a_save_of_what_was_deleted_says_so_and_brings_it_back_when_it_is_wanted(agent: Client, ben: Client):
    first = await save(agent, PIZZA)
    await ben.delete(HERE, params={"version": first["version"]})

    refused = await agent.put(HERE, json=BY_ANA | {"version": first["version"]})
    assert refused.status_code == 409
    assert refused.json()["error"]["message"] == (
        "Somebody has deleted this article. To write it anew, save it without a version."
    )
    assert (await save(agent, BY_ANA))["text"] == BY_ANA["text"]
