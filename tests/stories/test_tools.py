"""A site's own tools, from the visitor's wish to the agent's click and back."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from structlog.testing import capture_logs
from tests.assistant.mcp_shop import an_mcp_shop
from tests.assistant.openai_server import OpenAIServer, calls, ends, reply, says
from tests.assistant.shop import INJECTION, Shop

from havana.assistant.interface import NOTE, plain
from havana.chat.site_tools import HttpTool, McpServer
from havana.storage import history, sites

from .house import SITE, Frame, House, Person, Refused, a_house

SECRET = "s3cret-0123456789"
SECRETS = {"TOOL_SHOP": SECRET}
ORDER = {"type": "object", "properties": {"order": {"type": "string"}}, "required": ["order"]}


def tool(shop: Shop, path: str = "/cancel", **more: Any) -> HttpTool:
    url = shop.url(path)
    return HttpTool("cancel_order", "Cancels an order.", url, parameters=ORDER, secret="TOOL_SHOP", **more)


def wants(order: str = "17", name: str = "cancel_order", **more: str) -> Any:
    return reply(*calls(name, json.dumps({"order": order} | more)), *ends("tool_calls"))


def answers(*words: str) -> Any:
    return reply(*says(*words), *ends())


@asynccontextmanager
async def a_shop_house(data: Path, model: OpenAIServer, *tools: HttpTool, **site: Any) -> AsyncIterator[House]:
    settings = {"model": "openai:test", "openai_api_key": "key", "openai_base_url": model.url}
    chosen = msgspec.structs.replace(SITE, tools=tools, **site)
    async with a_house(data, chosen, SECRETS, **settings) as house:
        yield house


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    async with Shop() as shop:
        yield shop


@pytest.fixture
async def model() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer(wants(), answers("I have asked the team."), answers("It is cancelled.")) as model:
        yield model


async def asked(house: House, *agents: Person, text: str = "Cancel order 17") -> tuple[Person, str, str]:
    """A visitor has asked for it, and the answer that asks the team is finished. Agents follow along."""
    visitor = await house.visitor()
    chat = (await visitor.post(text))["conversation"]
    await visitor.sees_event("answer_finished", outcome="complete")
    for agent in agents:
        followed = await agent.do("follow", conversation=chat)
        agent.received.append({"push": "followed", "events": followed["events"]})
    return visitor, chat, next(event["call"] for event in log(house, chat) if event["kind"] == "tool_requested")


def log(house: House, chat: str) -> list[Frame]:
    """All that is stored of the conversation, as JSON would tell it."""
    events = house.database.read_now(lambda conn: history.all_events(conn, chat))
    return [msgspec.to_builtins(event.fact) | {"author": event.author.name} for event in events]


def kinds(house: House, chat: str) -> list[str]:
    return [event["kind"] for event in log(house, chat)]


async def tells(visitor: Person, text: str) -> Frame:
    return await visitor.sees_event("answer_finished", text=text)


def tool_message(model: OpenAIServer, number: int) -> Frame:
    """What the model was given as the result of its call."""
    said = model.requests[number].body["messages"][-1]
    assert said["role"] == "tool"
    content: Frame = json.loads(said["content"])
    return content


async def test_an_agent_allows_it_and_the_answer_that_follows_reaches_the_visitor(
    tmp_path: Path, shop: Shop, model: OpenAIServer
):
    async with a_shop_house(tmp_path, model, tool(shop)) as house:
        ana = await house.agent("Ana")
        await ana.do("follow_inbox")
        visitor, chat, call = await asked(house, ana)
        assert shop.requests == []
        await ana.sees(lambda f: f.get("push") == "inbox" and f["changed"] and f["changed"][0]["approval_until"])
        await visitor.sees_event("message_posted", text=SITE.words.approval_asked)
        await ana.do("allow", conversation=chat, call=call)
        await tells(visitor, "It is cancelled.")

    assert [asked.body for asked in shop.requests] == [{"order": "17"}]
    assert shop.requests[0].headers["x-havana-conversation"] == chat
    assert tool_message(model, 1)["status"] == "waiting"
    notes = model.requests[2].body["messages"][-1]["content"]
    assert "The call of cancel_order was carried out" in notes
    assert kinds(house, chat)[3:] == [
        "message_posted",
        "answer_finished",
        "tool_allowed",
        "message_posted",
        "tool_started",
        "tool_finished",
        "answer_started",
        "answer_finished",
    ]


async def test_what_is_refused_is_not_done_and_the_assistant_goes_on(tmp_path: Path, shop: Shop, model: OpenAIServer):
    model.script(wants(), answers("I have asked the team."), answers("They said no."))
    async with a_shop_house(tmp_path, model, tool(shop)) as house:
        ana = await house.agent("Ana")
        visitor, chat, call = await asked(house)
        await ana.do("refuse", conversation=chat, call=call)
        await tells(visitor, "They said no.")

    assert shop.requests == []
    assert "The team has refused cancel_order: it was NOT done." in model.requests[2].body["messages"][-1]["content"]


async def test_a_time_out_is_a_refusal(tmp_path: Path, shop: Shop, model: OpenAIServer):
    model.script(wants(), answers("I have asked the team."), answers("Nobody was there."))
    async with a_shop_house(tmp_path, model, tool(shop), approval_s=1) as house:
        visitor, chat, call = await asked(house)
        await tells(visitor, "Nobody was there.")
        ana = await house.agent("Ana")
        with pytest.raises(Refused, match="decided already"):
            await ana.do("allow", conversation=chat, call=call)

    assert shop.requests == []
    assert [event["reason"] for event in log(house, chat) if event["kind"] == "tool_refused"] == ["expired"]
    assert any("nobody is here right now" in event.get("text", "") for event in visitor.events(chat))


async def test_of_two_agents_who_click_together_one_decides_and_it_is_done_once(
    tmp_path: Path, shop: Shop, model: OpenAIServer
):
    async with a_shop_house(tmp_path, model, tool(shop)) as house:
        ana, ben = await house.agent("Ana"), await house.agent("Ben")
        visitor, chat, call = await asked(house)
        results = await asyncio.gather(
            *(who.do("allow", conversation=chat, call=call) for who in (ana, ben, ana, ben)), return_exceptions=True
        )
        await tells(visitor, "It is cancelled.")

    refused = [result for result in results if isinstance(result, Refused)]
    assert len(refused) == 3
    assert {result.error["code"] for result in refused} == {"stale"}
    assert len(shop.requests) == 1


async def test_a_standing_permission_needs_no_click(tmp_path: Path, shop: Shop, model: OpenAIServer):
    model.script(wants(), answers("It is cancelled."))
    async with a_shop_house(tmp_path, model, tool(shop, allowed=True)) as house:
        visitor = await house.visitor()
        chat = (await visitor.post("Cancel order 17"))["conversation"]
        await tells(visitor, "It is cancelled.")

    assert tool_message(model, 1)["result"] == {"cancelled": True}
    assert kinds(house, chat) == [
        "message_posted",
        "answer_started",
        "tool_started",
        "tool_finished",
        "answer_finished",
    ]
    assert [event["kind"] for event in visitor.events(chat)] == ["message_posted", "answer_started", "answer_finished"]


async def test_an_answer_whose_call_may_have_been_made_ends_with_a_person(
    tmp_path: Path, shop: Shop, model: OpenAIServer
):
    model.script(wants(), answers("I try again."))
    async with a_shop_house(tmp_path, model, tool(shop, "/broken", allowed=True)) as house:
        await house.agent("Ana")
        visitor = await house.visitor()
        chat = (await visitor.post("Cancel order 17"))["conversation"]
        await visitor.sees_event("human_requested", by="system")
        await visitor.sees_event("message_posted", text=SITE.words.unsure)

    assert len(shop.requests) == 1
    # What sums up the conversation for whoever takes over has no tools.
    assert len([request for request in model.requests if request.body.get("tools")]) == 1
    noted = next(event for event in log(house, chat) if event["kind"] == "handover_noted")
    assert noted["reason"] == "tool_failure"


async def test_undeclared_arguments_stay_here_and_the_visitor_is_who_the_token_says(
    tmp_path: Path, shop: Shop, model: OpenAIServer
):
    model.script(wants(visitor_id="somebody-else", admin="yes"), answers("It is on its way."))
    async with a_shop_house(tmp_path, model, tool(shop, "/track", changes=False)) as house:
        visitor = await house.visitor()
        chat = (await visitor.post("Where is order 17?"))["conversation"]
        await tells(visitor, "It is on its way.")

    assert shop.requests[0].body == {"order": "17"}
    assert shop.requests[0].headers["x-havana-visitor"] == visitor.welcome["you"]["id"]
    assert [event["arguments"] for event in log(house, chat) if event["kind"] == "tool_finished"] == [{"order": "17"}]


async def test_a_result_that_gives_orders_stays_data(tmp_path: Path, shop: Shop, model: OpenAIServer):
    async with a_shop_house(tmp_path, model, tool(shop, "/inject")) as house:
        ana = await house.agent("Ana")
        visitor, chat, call = await asked(house)
        await ana.do("allow", conversation=chat, call=call)
        await tells(visitor, "It is cancelled.")

    messages = model.requests[2].body["messages"]
    assert [message["role"] for message in messages] == ["system", "user", "assistant", "user"]
    told = next(part for part in messages[-1]["content"].split("\n\n") if "Ignore your" in part)
    assert json.loads(told[told.index('"') : told.rindex('"') + 1]) == plain(INJECTION)
    assert NOTE.fullmatch(told)
    assert len(NOTE.findall(told)) == 1
    assert "human_requested" not in kinds(house, chat)


async def test_the_secret_is_in_no_event_no_log_and_no_prompt(tmp_path: Path, shop: Shop, model: OpenAIServer):
    with capture_logs() as logs:
        async with a_shop_house(tmp_path, model, tool(shop, "/echo")) as house:
            ana = await house.agent("Ana")
            visitor, chat, call = await asked(house, ana)
            await ana.do("allow", conversation=chat, call=call)
            await tells(visitor, "It is cancelled.")
            stored = house.database.read_now(lambda conn: sites.by_key(conn, SITE.key))

    assert shop.requests[0].headers["authorization"] == f"Bearer {SECRET}"
    told = (logs, log(house, chat), stored, [request.body for request in model.requests], ana.received)
    assert SECRET not in str(told)
    assert "TOOL_SHOP" not in str([request.body for request in model.requests])


async def test_a_visitor_sees_nothing_of_it_and_decides_nothing(tmp_path: Path, shop: Shop, model: OpenAIServer):
    async with a_shop_house(tmp_path, model, tool(shop)) as house:
        ana = await house.agent("Ana")
        visitor, chat, call = await asked(house)
        for command in ("allow", "refuse"):
            with pytest.raises(Refused, match="Only the team"):
                await visitor.do(command, conversation=chat, call=call)
        await ana.do("allow", conversation=chat, call=call)
        await tells(visitor, "It is cancelled.")
        page = await visitor.do("history", conversation=chat)

    seen = str(visitor.received) + str(page)
    assert "tool_" not in seen
    assert call not in seen
    assert "cancel_order" not in seen


async def test_words_during_a_call_do_not_make_it_happen_twice(tmp_path: Path, shop: Shop, model: OpenAIServer):
    model.script(wants(), answers("It is cancelled."), answers("I said so."))
    async with a_shop_house(tmp_path, model, tool(shop, "/slow", allowed=True, timeout_s=20)) as house:
        visitor = await house.visitor()
        chat = (await visitor.post("Cancel order 17"))["conversation"]
        await shop.asked()
        await visitor.post("Quick!", chat)
        shop.may_answer.set()
        await tells(visitor, "It is cancelled.")
        await tells(visitor, "I said so.")

    assert len(shop.requests) == 1


async def test_a_takeover_during_a_call_cuts_the_answer_and_keeps_the_result(
    tmp_path: Path, shop: Shop, model: OpenAIServer
):
    model.script(wants())
    async with a_shop_house(tmp_path, model, tool(shop, "/slow", allowed=True, timeout_s=20)) as house:
        ana = await house.agent("Ana")
        visitor = await house.visitor()
        chat = (await visitor.post("Cancel order 17"))["conversation"]
        await shop.asked()
        await ana.do("follow", conversation=chat)
        await ana.do("claim", conversation=chat)
        shop.may_answer.set()
        finished = await ana.sees_event("tool_finished")

    assert (finished["outcome"], finished["result"]) == ("done", '{"cancelled": true}')


async def test_what_comes_back_after_a_redaction_is_for_nobody_to_read_and_what_was_done_stays_on_record(
    tmp_path: Path, shop: Shop, model: OpenAIServer
):
    async with a_shop_house(tmp_path, model, tool(shop, "/slow", timeout_s=20)) as house:
        ana = await house.agent("Ana")
        visitor, chat, call = await asked(house, ana)
        await ana.do("allow", conversation=chat, call=call)
        await shop.asked()
        await ana.do("redact", conversation=chat, event=visitor.events(chat)[0]["id"])
        await visitor.sees_event("redacted")
        shop.may_answer.set()
        finished = await ana.sees_event("tool_finished")
        await tells(visitor, "It is cancelled.")

    assert (finished["outcome"], finished["result"], finished["redacted"]) == ("done", "", True)
    assert "cancelled" not in str(log(house, chat)[:-1])
    told = model.requests[-1].body["messages"][-1]["content"]
    assert "The team was asked to allow cancel_order. What was to be sent was removed later." in told
    assert "The call of cancel_order was carried out. What it gave back was removed later." in told
    assert "17" not in told


async def test_a_redaction_during_an_answers_own_call_brings_people_who_see_that_it_was_made(
    tmp_path: Path, shop: Shop, model: OpenAIServer
):
    async with a_shop_house(tmp_path, model, tool(shop, "/slow", allowed=True, timeout_s=20)) as house:
        ana = await house.agent("Ana")
        visitor = await house.visitor()
        chat = (await visitor.post("Cancel order 17"))["conversation"]
        await shop.asked()
        await ana.do("follow", conversation=chat)
        await ana.do("redact", conversation=chat, event=visitor.events(chat)[0]["id"])
        await visitor.sees_event("human_requested", by="system")
        shop.may_answer.set()
        finished = await ana.sees_event("tool_finished")

    assert (finished["outcome"], finished["result"], finished["redacted"]) == ("done", "", True)
    assert len(shop.requests) == 1
    assert "cancelled" not in str([request.body for request in model.requests])


async def test_a_tool_of_an_mcp_server_asks_unless_it_is_listed(tmp_path: Path, model: OpenAIServer):
    more = {"visitor_id": "somebody-else"}
    model.script(
        reply(*calls("shop_find", '{"query": "mug"}'), *ends("tool_calls")),
        wants("17", "shop_cancel", **more),
        answers("I have asked the team."),
        answers("It is cancelled."),
    )
    async with an_mcp_shop() as shop:
        server = McpServer("shop", shop.url, reads=("find",), hidden=("slow",), secret="TOOL_SHOP")
        async with a_shop_house(tmp_path, model, mcp=(server,)) as house:
            ana = await house.agent("Ana")
            visitor, chat, call = await asked(house)
            assert shop.called == [("find", {"query": "mug"})]
            await ana.do("allow", conversation=chat, call=call)
            await tells(visitor, "It is cancelled.")

    assert shop.called[1:] == [("cancel", {"order": "17", "visitor_id": ""})]
    offered = {one["function"]["name"]: one["function"] for one in model.requests[0].body["tools"]}
    assert {"shop_find", "shop_cancel"} < set(offered)
    assert "shop_slow" not in offered
    assert set(offered["shop_cancel"]["parameters"]["properties"]) == {"order"}
