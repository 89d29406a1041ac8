"""Money and fallbacks in the whole product, with models behind HTTP: whatever is used up or down, somebody answers."""

from pathlib import Path

import msgspec
from tests.assistant.dialects import Anthropic
from tests.assistant.openai_server import OpenAIServer, calls, chunk, ends, refuses, reply, says, sse

from .house import SITE, a_house

USAGE = {"prompt_tokens": 1_000_000, "completion_tokens": 500_000, "total_tokens": 1_500_000}
DEAR = reply(*says("It is free."), chunk({}, "stop"), sse({"id": "c", "choices": [], "usage": USAGE}), sse("[DONE]"))


async def test_when_the_money_is_spent_the_visitor_is_told_and_the_team_reads_why(
    tmp_path: Path, database_url: str | None
):
    site = msgspec.structs.replace(SITE, money_per_day=0.5)
    async with OpenAIServer(DEAR) as server:
        model = {"model": "openai:gpt-5-mini", "openai_base_url": server.url}
        async with a_house(tmp_path, site, database_url=database_url, **model) as house:
            visitor, ana = await house.visitor(), await house.agent("Ana")
            chat = (await visitor.post("What does it cost?"))["conversation"]
            await visitor.sees_event("answer_finished", outcome="complete")

            await ana.do("follow", conversation=chat)
            await visitor.post("And housing?", chat)

            await visitor.sees_event("message_posted", text=SITE.words.enough)
            noted = await ana.sees_event("handover_noted", reason="policy")
            # A quarter of a dollar for what was read, and one for what was written.
            assert "1.25 dollars" in noted["summary"]
            assert len(server.requests) == 1


async def test_a_booking_link_of_a_model_that_then_fails_stands_once_beside_the_words_of_the_next(
    tmp_path: Path, database_url: str | None
):
    book = reply(*calls("book_call", "{}"), *ends("tool_calls"))
    again = reply(*Anthropic.calls("book_call", "{}"), *Anthropic.ends("tool_calls"))
    words = reply(*Anthropic.says("Here", " it is."), *Anthropic.ends())
    async with OpenAIServer(book, refuses(400)) as first, OpenAIServer(again, words) as second:
        settings = {
            "model": "openai:test,anthropic:claude-sonnet-5",
            "openai_base_url": first.url,
            "providers": Anthropic.variables(second),
        }
        async with a_house(tmp_path, database_url=database_url, **settings) as house:
            visitor = await house.visitor()
            chat = (await visitor.post("How do I book a time?"))["conversation"]

            await visitor.sees_event("answer_finished", outcome="complete", text="Here it is.")
            kinds = [event["kind"] for event in visitor.events(chat)]
            assert kinds == ["message_posted", "answer_started", "call_offered", "answer_finished"]


async def test_an_answer_cut_by_its_limit_is_finished_with_a_way_on(tmp_path: Path):
    site = msgspec.structs.replace(SITE, answer_tokens=64)
    async with OpenAIServer(reply(*says("It is a long"), *ends("length"))) as server:
        async with a_house(tmp_path, site, model="openai:test", openai_base_url=server.url) as house:
            visitor = await house.visitor()
            await visitor.post("Tell me everything.")

            await visitor.sees_event("answer_finished", outcome="complete", text="It is a long")
            await visitor.sees_event("message_posted", text=SITE.words.cut_short)
            assert server.requests[0].body["max_tokens"] == 64
