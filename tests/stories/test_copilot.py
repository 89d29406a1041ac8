"""The copilot through the whole product: it writes for the agent who holds the chat, and nobody else reads a word."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.assistant.openai_server import Fault, OpenAIServer, Reply, calls, ends, refuses, reply, says

from havana.knowledge import ingest

from .house import SITE, Frame, House, Person, Refused, a_house

ARTICLE = "# Welding\n\n## Cost\n\nThe welding program costs $8,400 in all."
SUMMED_UP = reply(*says("No summary."), *ends())
LOOKS_UP = reply(*calls("search_knowledge", '{"query": "welding cost"}'), *ends("tool_calls"))
WRITES = reply(*says("It costs ", "$8,400 [1]", " and you are free to ask."), *ends())


class Held:
    """A visitor has asked what welding costs, and Ana holds the chat."""

    def __init__(self, house: House, visitor: Person, ana: Person, chat: str) -> None:
        self.house = house
        self.visitor = visitor
        self.ana = ana
        self.chat = chat

    async def suggested(self, do: str = "suggest", **fields: Any) -> list[Frame]:
        """All pushes of a suggestion, up to its end."""
        request = await self.ana.send(do, conversation=self.chat, **fields)
        reply = await self.ana.sees(lambda frame: frame.get("id") == request)
        if "error" in reply:
            raise Refused(reply["error"])
        await self.ana.sees(lambda frame: frame.get("request") == request and frame["done"])
        return [frame for frame in self.ana.received if frame.get("request") == request]

    async def log(self) -> list[Frame]:
        events: list[Frame] = (await self.ana.do("follow", conversation=self.chat))["events"]
        return events


@asynccontextmanager
async def held(data: Path, **settings: Any) -> AsyncIterator[Held]:
    async with a_house(data, **settings) as house:
        house.database.write_now(lambda conn: ingest.put(conn, SITE.id, "welding.md", ARTICLE))
        visitor, ana = await house.visitor(), await house.agent("Ana")
        chat = (await visitor.post("Hello"))["conversation"]
        await visitor.sees_event("answer_finished")
        await ana.do("follow", conversation=chat)
        await ana.do("claim", conversation=chat)
        # Until then the model is busy with what is not looked at here.
        await ana.sees_event("summarised")
        await visitor.post("What does welding cost?", chat)
        yield Held(house, visitor, ana, chat)


@asynccontextmanager
async def held_with(server: OpenAIServer, data: Path, *replies: Reply) -> AsyncIterator[Held]:
    named = {"model": "openai:test", "openai_api_key": "key", "openai_base_url": server.url}
    async with held(data, **named) as chat:
        server.script(*replies)
        server.requests.clear()
        yield chat


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer(SUMMED_UP) as server:
        yield server


async def test_a_reply_is_looked_up_streamed_and_never_sent(server: OpenAIServer, tmp_path: Path):
    written = asyncio.Event()
    slowly = reply(*says("It costs "), written, *says("$8,400 [1]", " and you are free to ask."), *ends())
    async with held_with(server, tmp_path, LOOKS_UP, slowly) as chat:
        before = await chat.log()
        suggesting = asyncio.create_task(chat.suggested())
        await chat.ana.sees(lambda frame: frame.get("push") == "suggestion" and frame["text"] == "It costs ")
        written.set()
        *pieces, last = await suggesting

        assert last["text"].startswith("".join(piece["text"] for piece in pieces))
        assert last["text"] == "It costs $8,400 [1] and you are free to ask."
        assert [source["title"] for source in last["sources"]] == ["Welding"]
        assert await chat.log() == before
        said = await chat.visitor.post("Are you there?", chat.chat)
        await chat.visitor.sees_event("message_posted", seq=said["seq"])
        assert "8,400" not in json.dumps(chat.visitor.received)
        assert "suggestion" not in json.dumps(chat.visitor.received)


async def test_the_model_is_told_what_was_said_and_has_one_tool(server: OpenAIServer, tmp_path: Path):
    async with held_with(server, tmp_path, LOOKS_UP, WRITES) as chat:
        await chat.ana.do("note", conversation=chat.chat, text="Owes us money")
        await chat.suggested()

        body = server.requests[0].body
        assert [tool["function"]["name"] for tool in body["tools"]] == ["search_knowledge"]
        asked = body["messages"][-1]["content"]
        assert "⟦Ana of the team took over.⟧\nVisitor: What does welding cost?\n" in asked
        assert "Owes us money" not in json.dumps(body)


async def test_nothing_that_the_model_says_acts(server: OpenAIServer, tmp_path: Path):
    obeys = reply(*calls("escalate_to_human", '{"reason": "asked", "summary": "x"}'), *ends("tool_calls"))
    async with held_with(server, tmp_path, obeys) as chat:
        before = await chat.log()
        last = (await chat.suggested())[-1]

        assert last["error"]["message"] == "The assistant cannot write anything right now. Try again in a moment."
        assert await chat.log() == before


@pytest.mark.parametrize("answer", [refuses(401, {"message": "bad key"}), reply(*says("It"), Fault.CUT)])
async def test_a_providers_failure_is_a_line_for_the_agent_and_nothing_to_the_visitor(
    server: OpenAIServer, tmp_path: Path, answer: Reply
):
    async with held_with(server, tmp_path, answer) as chat:
        before = len(chat.visitor.received)
        last = (await chat.suggested())[-1]

        assert last["error"]["code"] == "internal"
        assert "key" not in json.dumps(last)
        assert chat.visitor.received[before:] == []


async def test_asking_again_ends_the_one_before_at_the_provider(server: OpenAIServer, tmp_path: Path):
    async with held_with(server, tmp_path, reply(*says("It costs"), Fault.STALL), WRITES) as chat:
        first = await chat.ana.send("suggest", conversation=chat.chat)
        await chat.ana.sees(lambda frame: frame.get("request") == first)
        last = (await chat.suggested())[-1]

        async with asyncio.timeout(20):
            await server.requests[0].left.wait()
        assert last["text"] == "It costs $8,400  and you are free to ask."
        assert not any(frame.get("request") == first and frame["done"] for frame in chat.ana.received)


async def test_hanging_up_ends_it_at_the_provider(server: OpenAIServer, tmp_path: Path):
    async with held_with(server, tmp_path, reply(*says("It costs"), Fault.STALL)) as chat:
        await chat.ana.do("suggest", conversation=chat.chat)
        await server.request(0)
        await chat.ana.leave()

        async with asyncio.timeout(20):
            await server.requests[0].left.wait()


async def test_ones_own_words_are_said_in_another_way(server: OpenAIServer, tmp_path: Path):
    async with held_with(server, tmp_path, reply(*says("It is ", "$8,400."), *ends())) as chat:
        last = (await chat.suggested("rewrite", text="I can tell you that it is $8,400.", how="shorter"))[-1]

        assert (last["text"], last["sources"]) == ("It is $8,400.", [])
        body = server.requests[0].body
        assert body["messages"][-1]["content"] == "I can tell you that it is $8,400."
        assert not body.get("tools")


async def test_without_a_model_the_passages_are_quoted(tmp_path: Path):
    async with held(tmp_path) as chat:
        [last] = await chat.suggested()

        assert last["text"] == "The welding program costs $8,400 in all. [1]"
        assert [source["title"] for source in last["sources"]] == ["Welding"]


async def test_without_a_model_nothing_is_rewritten_and_the_refusal_says_why(tmp_path: Path):
    async with held(tmp_path) as chat:
        with pytest.raises(Refused, match="Rewriting needs a language model"):
            await chat.suggested("rewrite", text="Yes.", how="shorter")


@pytest.mark.parametrize(("do", "fields"), [("suggest", {}), ("rewrite", {"text": "Yes.", "how": "shorter"})])
async def test_only_whoever_holds_the_chat_is_written_for(tmp_path: Path, do: str, fields: Frame):
    async with held(tmp_path) as chat:
        ben = await chat.house.agent("Ben")
        named = {"conversation": chat.chat, **fields}
        await ben.do("follow", conversation=chat.chat)

        with pytest.raises(Refused, match="Ana is in charge"):
            await ben.do(do, **named)
        with pytest.raises(Refused, match="Only the team"):
            await chat.visitor.do(do, **named)
        await chat.ana.do("hand_back", conversation=chat.chat)
        with pytest.raises(Refused, match="Take it over first"):
            await chat.ana.do(do, **named)
