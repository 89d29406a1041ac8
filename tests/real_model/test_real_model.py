"""A real model in the loop, no mock: words and calls that it makes up itself, through the whole of `havana serve`.

What is said is not looked at, for a model this small says anything; only that it arrives as the protocol has it.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from tests.browser.server import a_server
from tests.stories.house import Frame, Person

from havana.cli import run

from .model import Proxy, a_model

MOST_TOKENS = 160
"""Of an answer, so that nobody waits for a model that cannot stop."""
# Few words, since a machine that has other work reads them slowly, and no visitor waits longer than forty seconds.
SITE = f"""
key = "small"
name = "Small School"
persona = "You are brief."
call_url = "https://calendar.example.com/call"
answer_tokens = {MOST_TOKENS}
"""
ARTICLE = "# Welding\n\nThe welding program costs 9,800 dollars.\n"
WORDS_S = 120
"""The machine may have other work."""


@asynccontextmanager
async def a_visitor(data: Path, proxy: Proxy) -> AsyncIterator[Person]:
    async with a_server(data, HAVANA_MODEL="openai:smollm2", OPENAI_BASE_URL=proxy.url) as server:
        (data / "site.toml").write_text(SITE, encoding="utf-8")
        (data / "welding.md").write_text(ARTICLE, encoding="utf-8")
        assert run(["site", "apply", str(data / "site.toml"), "--data", str(data)]) == 0
        assert run(["knowledge", "add", str(data / "welding.md"), "--site", "small", "--data", str(data)]) == 0
        async with httpx.AsyncClient(base_url=server.url) as browser:
            token = (await browser.post("/api/visitors", json={"site": "small"})).json()["token"]
        person = await Person.hello(server.url, token)
        yield person
        await person.leave()


async def ended(visitor: Person) -> Frame:
    event: Frame = (
        await visitor.sees(lambda f: f.get("event", {}).get("kind") == "answer_finished", within_s=WORDS_S)
    )["event"]
    return event


async def test_words_are_streamed_as_they_are_written_and_stored_as_they_were_read(tmp_path: Path) -> None:
    async with a_model() as port, Proxy(port) as proxy, a_visitor(tmp_path, proxy) as visitor:
        await visitor.post("Hello! Tell me about welding.")
        finished = await ended(visitor)

        deltas = [frame for frame in visitor.received if frame.get("push") == "delta"]
        shown = ""
        for delta in deltas:
            assert delta["offset"] == len(shown)
            shown += delta["text"]
        assert finished["outcome"] == "complete"
        assert len(deltas) > 1
        assert finished["text"].startswith(shown.strip())
        assert proxy.bodies[0]["max_tokens"] == MOST_TOKENS
        assert proxy.received.count(b'"finish_reason":"') == 1


EFFECTS = {
    "search_knowledge": "answer_finished",
    "book_call": "call_offered",
    "escalate_to_human": "human_requested",
}


@pytest.mark.parametrize("tool", EFFECTS)
async def test_a_call_that_the_model_streams_is_made(tmp_path: Path, tool: str) -> None:
    async with a_model() as port, Proxy(port, insist=tool) as proxy, a_visitor(tmp_path, proxy) as visitor:
        chat = (await visitor.post("How much does the welding program cost?"))["conversation"]
        finished = await ended(visitor)

        # In pieces, as a real server streams it.
        assert proxy.received.count(b'"tool_calls":[') > 1
        assert EFFECTS[tool] in [event["kind"] for event in visitor.events(chat)]
        assert finished["outcome"] == "complete"
        if tool == "escalate_to_human":
            assert len(proxy.bodies) == 1
            return
        asked, told = proxy.bodies[1]["messages"][-2:]
        [call] = asked["tool_calls"]
        assert (call["function"]["name"], told["role"], told["tool_call_id"]) == (tool, "tool", call["id"])
        if tool == "search_knowledge":
            assert isinstance(json.loads(call["function"]["arguments"])["query"], str)
            assert isinstance(json.loads(told["content"]), list)
