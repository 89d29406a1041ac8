"""Search over REST."""

from collections.abc import Mapping
from typing import Any

import pytest
from tests.api.conftest import Client, arrive, begin, now, open_client

from havana.api.services import Services
from havana.chat.site import Site
from havana.ids import new_id
from havana.storage import sites

Json = dict[str, Any]


async def search(agent: Client, text: str, **asked: str) -> Json:
    answer = await agent.get("/api/search", params={"text": text, **asked})
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def marked(hit: Json) -> str:
    return "".join(f"[{piece['text']}]" if piece["marked"] else piece["text"] for piece in hit["excerpt"])


async def test_an_agent_finds_what_a_visitor_said(agent: Client, visitor: Client, services: Services):
    conversation = await begin(visitor, "Where is my order?")
    assert (await search(agent, "orde"))["is_whole"] is False

    await services.searching.catch_up()
    found = await search(agent, "orde")
    [hit] = found["hits"]
    name = hit["visitor"]
    assert marked(hit) == "Where is my [order]?"
    assert hit == {
        "conversation": conversation,
        "visitor": name,
        "site": "school",
        "control": "ai",
        "seq": hit["seq"],
        "kind": "message_posted",
        "author": {"role": "visitor", "id": hit["author"]["id"], "name": name},
        "at": hit["at"],
        "excerpt": hit["excerpt"],
    }
    assert (found["next"], found["is_whole"]) == (None, True)
    [event] = (await agent.get(f"/api/conversations/{conversation}/events")).json()["events"][:1]
    assert (event["seq"], event["at"]) == (hit["seq"], hit["at"])


async def test_notes_names_and_addresses_are_found_and_where_a_name_is_there_is_no_place(
    agent: Client, visitor: Client, services: Services
):
    conversation = await begin(visitor)
    base = f"/api/conversations/{conversation}"
    sent = [
        await agent.post(f"{base}/note", json={"key": new_id(), "text": "Their **invoice** is open"}),
        await visitor.post(f"{base}/leave_contact", json={"key": new_id(), "name": "Zoë", "email": "zoe@example.com"}),
    ]
    assert [answer.status_code for answer in sent] == [200, 200]
    await services.searching.catch_up()

    assert [marked(hit) for hit in (await search(agent, "invoice"))["hits"]] == ["Their [invoice] is open"]
    assert [marked(hit) for hit in (await search(agent, "zoe@exa"))["hits"]] == ["Zoë, [zoe@example].com"]
    name = (await search(agent, "invoice"))["hits"][0]["visitor"]
    [hit] = (await search(agent, f'"{name}"'))["hits"]
    assert (marked(hit), hit["seq"], hit["kind"], hit["author"]) == (f"[{name}]", None, "visitor", None)


async def test_what_is_removed_is_found_no_more(agent: Client, visitor: Client, services: Services):
    conversation = await begin(visitor, "My card is 4111 1111")
    await services.searching.catch_up()
    [hit] = (await search(agent, "4111"))["hits"]
    [event] = (await agent.get(f"/api/conversations/{conversation}/events")).json()["events"][:1]
    removed = await agent.post(f"/api/conversations/{conversation}/redact", json={"event": event["id"]})
    assert (removed.status_code, hit["seq"]) == (200, event["seq"])

    assert (await search(agent, "4111"))["hits"] == []
    await services.searching.catch_up()
    assert (await search(agent, "4111"))["hits"] == []


async def test_of_one_site_only_what_was_said_there(agent: Client, visitor: Client, services: Services):
    await begin(visitor, "Order here")
    shop = Site(id=new_id(), key="shop", name="The Shop")
    await services.database.write(lambda conn: sites.store(conn, shop, now()))
    async with open_client(services) as other:
        await arrive(other, shop)
        await begin(other, "Order there")
    await services.searching.catch_up()

    assert [marked(hit) for hit in (await search(agent, "order"))["hits"]] == ["[Order] there", "[Order] here"]
    assert [marked(hit) for hit in (await search(agent, "order", site="shop"))["hits"]] == ["[Order] there"]
    assert (await agent.get("/api/search", params={"text": "order", "site": "nowhere"})).status_code == 404


async def test_pages_follow_each_other(agent: Client, visitor: Client, services: Services):
    conversation = await begin(visitor, "word 0")
    for number in range(1, 35):
        said = {"key": new_id(), "text": f"word {number}"}
        await agent.post(f"/api/conversations/{conversation}/note", json=said)
    await services.searching.catch_up()

    first = await search(agent, "word")
    second = await search(agent, "word", before=first["next"])
    found = [marked(hit) for page in (first, second) for hit in page["hits"]]
    assert found == [f"[word] {number}" for number in range(34, -1, -1)]
    assert (len(first["hits"]), second["next"]) == (30, None)


@pytest.mark.parametrize("text", ["", '"', "* OR (", "' & !", "NEAR(a b, 3)", "a:b", "\\", "§", "%", "\x00", "a\x00b"])
async def test_whatever_is_typed_is_answered(agent: Client, visitor: Client, services: Services, text: str):
    await begin(visitor, "Hello")
    await services.searching.catch_up()

    assert (await search(agent, text))["hits"] == []


@pytest.mark.parametrize("asked", [{"before": "x"}, {"before": "-1"}, {"before": "9" * 19}, {"text": "x" * 201}])
async def test_what_cannot_be_asked_is_refused(agent: Client, asked: Mapping[str, str]):
    assert (await agent.get("/api/search", params=asked)).status_code == 400


async def test_only_agents_search(visitor: Client, client: Client):
    assert [(await who.get("/api/search?text=a")).status_code for who in (visitor, client)] == [401, 401]
