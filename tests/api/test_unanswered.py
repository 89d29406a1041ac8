"""Questions without an answer, and the articles that are written for them."""

from typing import Any

import pytest
from tests.api.conftest import Client, arrive, begin, open_client

from havana.api.services import Services
from havana.chat.people import Agent
from havana.chat.site import Site
from havana.ids import new_id
from havana.storage import sites

Json = dict[str, Any]
SORRY = "I have found no answer to that."
PIZZA = {"title": "Pizza", "text": "We sell **pizza** at noon.", "questions": ["Do you sell pizza?", "pizza?"]}


async def asks(services: Services, site: Site, *texts: str) -> list[Json]:
    """Visitors who each ask one thing and get no answer; tells the questions as their conversations have them."""
    found = []
    for text in texts:
        async with open_client(services) as page:
            await arrive(page, site)
            conversation = await begin(page, text)
        found += await unanswered(services, conversation)
    return found


async def unanswered(services: Services, conversation: str) -> list[Json]:
    desk, answer = services.requests._desk, new_id()
    await desk.perform(conversation, lambda c: c.start_answer(answer))
    await desk.perform(conversation, lambda c: c.finish_answer(answer, SORRY, sureness=0.0))
    asked = await services.unanswered.in_conversation(conversation)
    return [{"id": one.id, "conversation": conversation, "text": one.text} for one in asked]


async def groups(agent: Client, **query: str) -> list[tuple[str, int]]:
    answer = await agent.get("/api/unanswered", params=query)
    assert answer.status_code == 200, answer.text
    return [(group["text"], group["count"]) for group in answer.json()["groups"]]


async def found(agent: Client, question: str) -> Json:
    answer: Json = (await agent.get("/api/knowledge", params={"question": question, "site": "school"})).json()
    return answer


async def test_questions_come_in_groups_with_their_conversations(services: Services, agent: Client, site: Site):
    pool, pizza, again = await asks(services, site, "Is there a pool?", "Do you sell pizza?", "do you sell PIZZAS")

    answer = (await agent.get("/api/unanswered")).json()
    assert answer["sites"] == {"school": "The School"}
    first, second = answer["groups"]
    assert first["site"] == "school"
    assert (first["count"], first["questions"]) == (2, [again["id"], pizza["id"]])
    assert [(one["text"], one["conversation"]) for one in first["examples"]] == [
        ("do you sell PIZZAS", again["conversation"]),
        ("Do you sell pizza?", pizza["conversation"]),
    ]
    assert first["newest"] == first["examples"][0]["at"]
    assert (second["text"], second["questions"]) == ("Is there a pool?", [pool["id"]])
    assert (await agent.get("/api/unanswered/count")).json() == {"count": 3}


async def test_of_one_site_or_of_all(services: Services, agent: Client, site: Site):
    other = Site(id=new_id(), key="other", name="Another")
    await services.database.write(lambda conn: sites.store(conn, other, services.sessions._clock()))
    await asks(services, site, "Is there a pool?")
    await asks(services, other, "Do you sell pizza?")

    assert await groups(agent) == [("Do you sell pizza?", 1), ("Is there a pool?", 1)]
    assert await groups(agent, site="other") == [("Do you sell pizza?", 1)]
    assert (await agent.get("/api/unanswered", params={"site": "nowhere"})).status_code == 404


async def test_a_conversation_tells_its_own(services: Services, agent: Client, site: Site):
    [pizza] = await asks(services, site, "Do you sell pizza?")
    await asks(services, site, "Is there a pool?")

    answer = (await agent.get(f"/api/conversations/{pizza['conversation']}/unanswered")).json()
    assert [(one["id"], one["text"]) for one in answer["questions"]] == [(pizza["id"], "Do you sell pizza?")]
    assert (await agent.get("/api/conversations/nobody/unanswered")).status_code == 404


async def test_what_is_dismissed_is_gone_until_it_is_taken_back(services: Services, agent: Client, site: Site):
    [pizza, pool] = await asks(services, site, "Do you sell pizza?", "Is there a pool?")
    one = {"questions": [pizza["id"]]}

    assert (await agent.post("/api/unanswered/dismiss", json=one)).json() == {"changed": 1}
    assert (await agent.post("/api/unanswered/dismiss", json=one)).json() == {"changed": 0}
    assert await groups(agent) == [("Is there a pool?", 1)]
    assert (await agent.post("/api/unanswered/reopen", json=one)).json() == {"changed": 1}
    assert (await agent.post("/api/unanswered/reopen", json={"questions": [pool["id"]]})).json() == {"changed": 0}
    assert len(await groups(agent)) == 2


async def test_a_redacted_question_is_shown_no_more(services: Services, agent: Client, site: Site):
    [pizza] = await asks(services, site, "My number is 4929 1234. Do you sell pizza?")
    here = f"/api/conversations/{pizza['conversation']}"
    message = (await agent.get(here)).json()["events"][0]
    assert (await agent.post(f"{here}/redact", json={"event": message["id"]})).status_code == 200

    assert await groups(agent) == []
    assert (await agent.get("/api/unanswered/count")).json() == {"count": 0}


async def test_the_article_that_answers_a_question_is_found_and_the_question_is_settled(
    services: Services, ana: Agent, agent: Client, site: Site
):
    [pizza, _] = await asks(services, site, "Do you sell pizza?", "Is there a pool?")
    assert await found(agent, "pizza") == {"passages": [], "answers": False}

    saved = await agent.put("/api/articles/a1", json=PIZZA | {"answers": [pizza["id"]], "site": "school"})
    assert saved.status_code == 200, saved.text
    assert saved.json() == {
        "id": "a1",
        "site": "school",
        "title": "Pizza",
        "url": None,
        "version": saved.json()["version"],
        "updated_at": saved.json()["updated_at"],
        "by": ana.name,
        "text": PIZZA["text"],
        "questions": PIZZA["questions"],
    }
    assert await groups(agent) == [("Is there a pool?", 1)]
    knows = await found(agent, "Do you sell pizza?")
    assert knows["answers"]
    assert knows["passages"][0]["text"] == PIZZA["text"]
    assert (await agent.post("/api/unanswered/reopen", json={"questions": [pizza["id"]]})).json() == {"changed": 0}


async def test_an_article_can_be_read_changed_and_removed(agent: Client, site: Site):
    saved: Json = {"version": None}
    for text in ("We have none.", "We have some."):
        article = PIZZA | {"text": text, "url": " https://example.com/pizza ", "title": " Pizza\nand pasta "}
        saved = (await agent.put("/api/articles/a1", json=article | {"version": saved["version"]})).json()
    listed = (await agent.get("/api/articles")).json()
    read = (await agent.get("/api/articles/a1")).json()
    removed = await agent.delete("/api/articles/a1", params={"version": read["version"]})
    after = await agent.get("/api/articles/a1")

    assert saved == read
    assert (read["title"], read["text"], read["url"]) == ("Pizza and pasta", article["text"], article["url"].strip())
    assert listed["articles"] == [{k: v for k, v in read.items() if k not in ("text", "questions")}]
    assert (removed.status_code, after.status_code) == (204, 404)
    assert (await found(agent, "Pizza"))["passages"] == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": " "}, "The title is empty."),
        ({"text": "\u200b"}, "The text is empty."),
        ({"text": "<!-- nothing -->"}, "The article cannot be saved: there is no text in it."),
        ({"questions": ["\u200b"]}, "One of the questions is empty."),
        ({"url": "javascript:alert(1)"}, "The article cannot be saved: its url must begin with https://"),
        ({"title": "x" * 201}, "The request is not valid."),
        ({"answers": ["'; DROP TABLE questions"]}, "The request is not valid."),
        ({"text": None}, "The request is not valid."),
    ],
)
async def test_what_is_no_article_is_refused_in_words(agent: Client, site: Site, change: Json, said: str):
    answer = await agent.put("/api/articles/a1", json=PIZZA | {"site": site.key} | change)

    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["message"].startswith(said)
    assert (await agent.get("/api/articles/a1")).status_code == 404


async def test_ids_and_sites_that_are_none_are_refused(agent: Client, site: Site):
    assert (await agent.put("/api/articles/a%00b", json=PIZZA)).status_code == 400
    assert (await agent.get("/api/articles/a%00b")).status_code == 404
    assert (await agent.delete("/api/articles/a1")).status_code == 404
    assert (await agent.put("/api/articles/a1", json=PIZZA | {"site": "nowhere"})).status_code == 404
    assert (await agent.post("/api/unanswered/dismiss", json={"questions": []})).status_code == 400


ASKED = [
    ("GET", "/api/unanswered"),
    ("GET", "/api/unanswered/count"),
    ("GET", "/api/conversations/c1/unanswered"),
    ("POST", "/api/unanswered/dismiss"),
    ("POST", "/api/unanswered/reopen"),
    ("GET", "/api/articles"),
    ("GET", "/api/articles/a1"),
    ("PUT", "/api/articles/a1"),
    ("DELETE", "/api/articles/a1"),
    ("GET", "/api/knowledge"),
]


@pytest.mark.parametrize(("method", "path"), ASKED)
async def test_only_the_team_may_and_writes_only_from_our_own_pages(
    method: str, path: str, visitor: Client, agent: Client
):
    body = {"questions": [new_id()]} | PIZZA
    json = body if method in ("POST", "PUT") else None
    refused = await visitor.request(method, path, json=json)
    foreign = await agent.request(method, path, json=json, headers={"Origin": "https://evil.example"})

    assert refused.status_code == 401
    assert (foreign.status_code == 403) == (method != "GET")
