"""What the list of changes tells of what is changed elsewhere."""

from typing import Any

from tests.api.conftest import PASSWORD, Client, hire

from havana.api.services import Services
from havana.chat.site import Site
from havana.storage import audit

Change = tuple[str, dict[str, Any]]


async def changes(agent: Client) -> list[Change]:
    """The newest first."""
    return [(one["kind"], one["details"]) for one in (await agent.get("/api/audit")).json()["entries"]]


async def test_articles_and_canned_answers_are_told_once_for_each_change(agent: Client, site: Site) -> None:
    article = {"title": "Parking", "text": "Behind the workshop.", "version": None}
    saved = (await agent.put("/api/articles/a1", json=article)).json()
    await agent.put("/api/articles/a1", json=article)
    await agent.delete("/api/articles/a1", params={"version": saved["version"]})
    canned = {"name": "hello", "text": "Hello", "version": None}
    said = (await agent.put("/api/canned/c1", json=canned)).json()
    await agent.put("/api/canned/c1", json=canned)
    refused = await agent.put("/api/canned/c1", json=canned | {"text": "Good day"})
    await agent.delete("/api/canned/c1", params={"version": said["version"]})

    assert refused.status_code == 409
    assert await changes(agent) == [
        ("canned_deleted", {"name": "hello"}),
        ("canned_saved", {"name": "hello"}),
        ("article_deleted", {"title": "Parking"}),
        ("article_saved", {"title": "Parking", "site": site.name}),
    ]


async def test_of_a_profile_a_new_name_and_that_there_is_a_new_password(agent: Client) -> None:
    for name in ("Ana Maria", "Ana Maria"):
        await agent.put("/api/profile", json={"name": name})
    wrong = await agent.put("/api/profile/password", json={"current": "wrong horse", "new": "a better horse"})
    await agent.put("/api/profile/password", json={"current": PASSWORD, "new": "a better horse"})

    assert wrong.status_code == 403
    assert await changes(agent) == [
        ("password_changed", {}),
        ("renamed", {"before": "Ana", "after": "Ana Maria"}),
    ]


async def test_that_somebody_sets_somebody_else_away_and_not_oneself(
    agent: Client, services: Services, password_hash: str
) -> None:
    ben = await hire(services, "ben@example.com", "Ben", password_hash)
    mine = (await agent.get("/api/profile")).json()["id"]
    for who, on_duty in ((mine, False), (ben.id, False), (ben.id, False), (ben.id, True)):
        assert (await agent.put(f"/api/agents/{who}/duty", json={"on_duty": on_duty})).status_code == 200

    of_ben = {"agent": ben.id, "name": "Ben"}
    assert await changes(agent) == [("set_on_duty", of_ben), ("set_away", of_ben)]


async def test_it_goes_on_page_by_page(agent: Client) -> None:
    for number in range(52):
        canned = {"name": f"c{number}", "text": "Hello", "version": None}
        assert (await agent.put(f"/api/canned/c{number}", json=canned)).status_code == 200
    first = (await agent.get("/api/audit")).json()
    rest = (await agent.get("/api/audit", params={"before": first["next"]})).json()

    assert [len(first["entries"]), len(rest["entries"]), rest["next"]] == [50, 2, None]
    assert rest["entries"][-1]["details"] == {"name": "c0"}
    assert rest["entries"][-1]["by"]["name"] == "Ana"


async def test_what_is_not_stored_is_not_told(agent: Client, services: Services, monkeypatch: Any) -> None:
    """The change and its entry are one transaction."""

    def fails(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(audit, "record", fails)
    failed = await agent.put("/api/canned/c1", json={"name": "hello", "text": "Hello", "version": None})
    monkeypatch.undo()

    assert failed.status_code == 500
    assert (await agent.get("/api/canned")).json()["answers"] == []
