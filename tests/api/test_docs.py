"""`/api/docs`: what it says of every address, and that this is so."""

import re
from typing import Any

import msgspec
import pytest
from tests.api.conftest import Client, begin

from havana.chat.commands import COMMANDS
from havana.chat.people import Agent
from havana.ids import new_id

Json = dict[str, Any]
CONVERSATION = "/api/conversations/{conversation}"


async def described(client: Client) -> Json:
    schema: Json = (await client.get("/api/docs/openapi.json")).json()
    return schema


def shape(schema: Json, reference: Json) -> Json:
    """The shape that is referred to."""
    found: Json = schema["components"]["schemas"][reference["$ref"].removeprefix("#/components/schemas/")]
    return found


def content(part: Json) -> Json:
    found: Json = part["content"]["application/json"]["schema"]
    return found


async def test_the_page_lists_every_address_and_every_shape_and_needs_nothing_but_itself(client: Client) -> None:
    page = await client.get("/api/docs")
    schema = await described(client)

    assert page.headers["content-type"].startswith("text/html")
    assert all(f"<code>{path}</code>" in page.text for path in schema["paths"])
    assert all(f'id="{name}"' in page.text for name in schema["components"]["schemas"])
    assert set(re.findall(r'href="#(\w+)"', page.text)) <= schema["components"]["schemas"].keys()
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert "://" not in page.text
    linked = re.findall(r'<link rel="(\w+)" href="([^"]+)"', page.text)
    kinds = {rel: (await client.get(address)).headers["content-type"].split(";")[0] for rel, address in linked}
    assert kinds == {"stylesheet": "text/css", "icon": "image/svg+xml"}


async def test_every_reference_leads_somewhere(client: Client) -> None:
    answer = await client.get("/api/docs/openapi.json")

    named = set(re.findall(r'"#/components/schemas/(\w+)"', answer.text))
    assert named <= answer.json()["components"]["schemas"].keys()
    assert {"Event", "Envelope", "MessagePosted", "State", "WireError"} <= named


@pytest.mark.parametrize("do", COMMANDS)
async def test_every_command_has_its_fields_its_reply_and_who_may_give_it(do: str, client: Client) -> None:
    schema = await described(client)
    fields = msgspec.structs.fields(COMMANDS[do])

    operation = schema["paths"][f"{CONVERSATION}/{do}"]["post"]

    assert operation["description"]
    assert [name for requirement in operation["security"] for name in requirement] == list(COMMANDS[do].who)
    assert ("requestBody" in operation) == bool(fields)
    if fields:
        body = shape(schema, content(operation["requestBody"]))
        assert list(body["properties"]) == [field.name for field in fields]
        assert body["required"] == [field.name for field in fields if field.required]
    reply = shape(schema, content(operation["responses"]["200"]))
    assert ("state" in reply["properties"]) == (do != "post")


async def test_a_conversation_begins_with_a_post_or_with_what_do_names(client: Client) -> None:
    schema = await described(client)

    choices = content(schema["paths"]["/api/conversations"]["post"]["requestBody"])["oneOf"]

    begins = {choice["properties"]["do"]["const"]: choice["required"] for choice in choices}
    assert begins == {do: [] if do == "post" else ["do"] for do, kind in COMMANDS.items() if kind.opens}


async def test_whatever_names_no_credentials_needs_none_and_the_rest_is_401_without(client: Client) -> None:
    schema = await described(client)

    for path, item in schema["paths"].items():
        for method, operation in item.items():
            answer = await client.request(method, path.replace("{", "").replace("}", ""))
            assert (answer.status_code == 401) == ("security" in operation), (method, path)
    assert set(schema["components"]["securitySchemes"]) == {"visitor", "agent"}


async def test_reading_a_conversation_may_be_too_much(client: Client) -> None:
    paths = (await described(client))["paths"]

    assert all("429" in paths[path]["get"]["responses"] for path in (CONVERSATION, f"{CONVERSATION}/events"))


async def test_replies_and_errors_have_the_fields_that_are_listed(visitor: Client, agent: Client, ana: Agent) -> None:
    schema = await described(visitor)
    conversation = await begin(visitor)
    here = f"/api/conversations/{conversation}"
    asked = [
        ("get", "/api/conversations", await visitor.get("/api/conversations")),
        ("get", CONVERSATION, await agent.get(here)),
        ("get", f"{CONVERSATION}/events", await visitor.get(f"{here}/events")),
        ("post", f"{CONVERSATION}/post", await visitor.post(f"{here}/post", json={"key": new_id(), "text": "Hi"})),
        ("post", f"{CONVERSATION}/request_human", await visitor.post(f"{here}/request_human")),
        ("post", f"{CONVERSATION}/transfer", await agent.post(f"{here}/transfer", json={"to": ana.id})),
        ("post", f"{CONVERSATION}/rate", await visitor.post(f"{here}/rate", json={"score": 9})),
        ("post", f"{CONVERSATION}/note", await visitor.post(f"{here}/note", json={"text": "x"})),
    ]

    assert [answer.status_code for _, _, answer in asked] == [200] * 5 + [409, 400, 403]
    for method, path, answer in asked:
        reply = content(schema["paths"][path][method]["responses"][str(answer.status_code)])
        assert answer.json().keys() == shape(schema, reply)["properties"].keys(), path
    error = shape(schema, shape(schema, {"$ref": "#/components/schemas/Failure"})["properties"]["error"])
    assert asked[-1][2].json()["error"].keys() == error["properties"].keys()
    event = asked[2][2].json()["events"][0]
    named = {**schema["components"]["schemas"]["Envelope"]["properties"]}
    named |= schema["components"]["schemas"]["MessagePosted"]["properties"]
    assert event.keys() <= named.keys()
