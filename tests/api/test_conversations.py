"""Conversations over REST."""

import asyncio
from typing import Any

import pytest
from tests.api.conftest import Client, arrive, begin, hire, signed_in

from havana.api.services import Services
from havana.chat.site import Site
from havana.ids import new_id


async def test_the_first_message_makes_the_conversation_and_is_answered_after_it_is_stored(
    visitor: Client,
) -> None:
    key = new_id()

    answer = await visitor.post("/api/conversations", json={"key": key, "text": " Hello "})

    assert answer.status_code == 200
    posted = answer.json()
    assert (posted["seq"], posted["repeated"]) == (1, False)
    followed = (await visitor.get(f"/api/conversations/{posted['conversation']}")).json()
    assert followed["mode"] == "snapshot"
    assert followed["state"]["control"] == "ai"
    [event] = followed["events"]
    assert (event["kind"], event["text"], event["key"], event["seq"]) == ("message_posted", "Hello", key, 1)


async def test_a_conversation_may_begin_with_asking_for_a_person(visitor: Client) -> None:
    answer = await visitor.post("/api/conversations", json={"do": "request_human"})

    assert answer.status_code == 200, answer.text
    assert answer.json()["state"]["control"] == "pending"
    [mine] = (await visitor.get("/api/conversations")).json()["conversations"]
    assert mine["conversation"] == answer.json()["conversation"]


@pytest.mark.parametrize(
    ("do", "status", "code"),
    [
        ("rate", 400, "bad_request"),
        ("claim", 403, "forbidden"),
        ("dance", 404, "unknown_command"),
        (7, 400, "bad_request"),
    ],
)
async def test_a_conversation_does_not_begin_with_anything_else(
    do: Any, status: int, code: str, visitor: Client
) -> None:
    answer = await visitor.post("/api/conversations", json={"do": do, "score": 5})

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert (await visitor.get("/api/conversations")).json()["conversations"] == []


async def test_the_same_key_again_gets_the_same_answer(visitor: Client) -> None:
    message = {"key": new_id(), "text": "Hello"}
    first = (await visitor.post("/api/conversations", json=message)).json()

    again = (await visitor.post("/api/conversations", json=message | {"text": "Other words"})).json()

    assert again == first | {"repeated": True}


async def test_every_command_of_the_live_channel_has_an_address(visitor: Client, agent: Client) -> None:
    conversation = await begin(visitor)

    asked = await visitor.post(f"/api/conversations/{conversation}/request_human")
    claimed = await agent.post(f"/api/conversations/{conversation}/claim")
    said = await agent.post(f"/api/conversations/{conversation}/post", json={"key": new_id(), "text": "Hi"})
    back = await agent.post(f"/api/conversations/{conversation}/hand_back", json={})

    assert [answer.status_code for answer in (asked, claimed, said, back)] == [200] * 4
    assert asked.json()["state"]["control"] == "pending"
    assert claimed.json()["state"]["agent"]["name"] == "Ana"
    assert back.json()["state"]["control"] == "ai"


async def test_agents_see_all_conversations_page_by_page(
    visitor: Client, agent: Client, site: Site, services: Services
) -> None:
    made = [await begin(visitor)]
    for _ in range(2):
        await arrive(visitor, site)
        made.append(await begin(visitor))

    first = (await agent.get("/api/conversations", params={"limit": 2})).json()
    second = (await agent.get("/api/conversations", params={"limit": 2, "cursor": first["next"]})).json()

    seen = [summary["conversation"] for summary in first["conversations"] + second["conversations"]]
    assert seen == made[::-1]
    assert second["next"] is None


async def test_a_list_can_be_narrowed_to_those_who_wait(visitor: Client, agent: Client, site: Site) -> None:
    await begin(visitor)
    await arrive(visitor, site)
    waiting = await begin(visitor)
    await visitor.post(f"/api/conversations/{waiting}/request_human")

    listed = (await agent.get("/api/conversations", params={"control": "pending"})).json()

    assert [summary["conversation"] for summary in listed["conversations"]] == [waiting]


async def test_a_visitor_lists_the_current_conversation_only(visitor: Client, site: Site) -> None:
    await begin(visitor)
    await arrive(visitor, site)
    assert (await visitor.get("/api/conversations")).json() == {"conversations": [], "next": None}

    mine = await begin(visitor)

    listed = (await visitor.get("/api/conversations")).json()
    assert [summary["conversation"] for summary in listed["conversations"]] == [mine]


async def test_events_come_in_pages(visitor: Client) -> None:
    conversation = await begin(visitor, "1")
    for text in "2345":
        await begin(visitor, text)

    page = (await visitor.get(f"/api/conversations/{conversation}/events?before=5&limit=2")).json()

    assert [event["text"] for event in page["events"]] == ["3", "4"]
    assert page["before"] == 3


async def test_somebody_elses_conversation_and_an_unknown_one_are_alike(visitor: Client, site: Site) -> None:
    others = await begin(visitor)
    await arrive(visitor, site)

    for method, rest in (("GET", ""), ("GET", "/events"), ("POST", "/request_human")):
        theirs = await visitor.request(method, f"/api/conversations/{others}{rest}")
        nobodys = await visitor.request(method, f"/api/conversations/{new_id()}{rest}")

        assert theirs.status_code == nobodys.status_code == 404
        assert theirs.json() == nobodys.json()


async def test_staff_notes_never_reach_the_visitor(visitor: Client, agent: Client) -> None:
    conversation = await begin(visitor)
    note = {"key": new_id(), "text": "Secret"}
    assert (await agent.post(f"/api/conversations/{conversation}/note", json=note)).status_code == 200

    seen = await visitor.get(f"/api/conversations/{conversation}")

    assert "Secret" not in seen.text
    assert "Secret" in (await agent.get(f"/api/conversations/{conversation}")).text


async def test_of_two_agents_the_second_reads_who_was_first(
    visitor: Client, agent: Client, services: Services, password_hash: str
) -> None:
    eve = await hire(services, "eve@example.com", "Eve", password_hash)
    conversation = await begin(visitor)
    await agent.post(f"/api/conversations/{conversation}/claim")

    async with signed_in(services, eve) as browser:
        answer = await browser.post(f"/api/conversations/{conversation}/claim")

    assert answer.status_code == 409
    error = answer.json()["error"]
    assert error["code"] == "already_claimed"
    assert error["state"]["control"] == "human"
    assert error["state"]["agent"]["name"] == "Ana"


@pytest.mark.parametrize(
    ("command", "body", "status", "code"),
    [
        ("dance", {}, 404, "unknown_command"),
        ("claim", {}, 403, "forbidden"),
        ("note", {"text": "x"}, 403, "forbidden"),
        ("post", {"text": "no key"}, 400, "bad_request"),
        ("post", {"key": "k" * 36, "text": "  \n"}, 400, "bad_request"),
        ("post", {"key": "k" * 36, "text": 5}, 400, "bad_request"),
        ("post", {"key": "k" * 36, "text": "x" * 8001}, 413, "too_large"),
        ("post", {"key": "k" * 36, "text": "x" * 70_000}, 413, "too_large"),
        ("rate", {"score": 6}, 400, "bad_request"),
        ("post", [1], 400, "bad_request"),
    ],
)
async def test_a_wrong_command_gets_its_own_clear_error(
    command: str, body: Any, status: int, code: str, visitor: Client
) -> None:
    conversation = await begin(visitor)

    answer = await visitor.post(f"/api/conversations/{conversation}/{command}", json=body)

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


@pytest.mark.parametrize("body", ["{", "\xff\xfe", "[" * 60_000, '{"a":' * 10_000])
async def test_a_body_that_is_not_json_or_too_deep_is_refused(body: str, visitor: Client) -> None:
    for address in ("/api/conversations", "/api/visitors", "/api/session"):
        answer = await visitor.post(
            address, content=body.encode("latin-1"), headers={"Content-Type": "application/json"}
        )

        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")


@pytest.mark.parametrize("place", ["-1", "99999999999999999999", "9007199254740993", "x"])
@pytest.mark.parametrize("field", ["before", "after", "until"])
async def test_a_place_that_no_log_can_have_is_refused(field: str, place: str, visitor: Client) -> None:
    conversation = await begin(visitor)

    answer = await visitor.get(f"/api/conversations/{conversation}/events", params={field: place})

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")
    assert field in answer.json()["error"]["message"]


async def test_half_an_emoji_as_a_browser_sends_it_is_text_all_the_same(visitor: Client) -> None:
    body = r'{"key": "key-0001", "text": "torn \ud83d, whole \ud83d\ude00"}'
    answer = await visitor.post("/api/conversations", content=body)

    [event] = (await visitor.get(f"/api/conversations/{answer.json()['conversation']}")).json()["events"]
    assert event["text"] == "torn \ufffd, whole \U0001f600"


async def test_odd_text_is_stored_as_it_was_written(visitor: Client) -> None:
    text = "👩‍👩‍👧‍👦 \u202eabc\u202c <script>alert(1)</script> [x](javascript:alert(1)) مرحبا"

    conversation = await begin(visitor, text + "\x00\x1b")

    [event] = (await visitor.get(f"/api/conversations/{conversation}")).json()["events"]
    assert event["text"] == text


async def test_a_flood_is_refused_with_the_time_to_wait(visitor: Client) -> None:
    posts = (visitor.post("/api/conversations", json={"key": new_id(), "text": "One more"}) for _ in range(80))
    answers = await asyncio.gather(*posts)
    assert sum(answer.status_code == 200 for answer in answers) >= 20
    answer = next(answer for answer in answers if answer.status_code != 200)

    assert answer.status_code == 429
    error = answer.json()["error"]
    assert error["code"] == "rate"
    assert 0 < error["retry_ms"] <= 500
    assert answer.headers["retry-after"] == "1"
