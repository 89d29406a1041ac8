"""A model behind HTTP: what it is told, what the visitor reads, and what its name means."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from tests.assistant.asking import (
    DONE,
    HELLO,
    KEY,
    PROMPT,
    Desk,
    answer,
    failure,
    sent,
    settings,
)
from tests.assistant.openai_server import (
    OpenAIServer,
    calls,
    ends,
    reply,
    says,
    sse,
)

from havana.assistant.interface import Prompt, Turn
from havana.assistant.models.opening import close, open_model, unpriced, warm
from havana.assistant.models.settings import DEFAULT_MODEL, ModelSettings
from havana.providers import TokenPrice


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer(HELLO) as running:
        yield running


async def test_the_words_come_in_the_pieces_in_which_they_are_written(server: OpenAIServer, desk: Desk) -> None:
    assert await answer(server, desk) == ["Hello", " there."]


async def test_a_server_may_have_its_own_word_for_the_end(server: OpenAIServer, desk: Desk) -> None:
    server.script(reply(*says("Yes"), *ends("eos")))

    assert await answer(server, desk) == ["Yes"]


async def test_the_model_gets_the_instructions_every_turn_and_the_tools(server: OpenAIServer, desk: Desk) -> None:
    turns = [
        Turn("visitor", "Hi"),
        Turn("visitor", "there"),
        Turn("assistant", "Hello."),
        Turn("assistant", " "),
        Turn("visitor", "Price?"),
    ]

    await answer(server, desk, Prompt("Be kind.", turns))

    assert server.requests[0].path == "/v1/chat/completions"
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert sent(server, 0) == [
        ("system", "Be kind."),
        ("user", "Hi\n\nthere"),
        ("assistant", "Hello."),
        ("user", "Price?"),
    ]
    tool = server.requests[0].body["tools"][0]["function"]
    assert (tool["name"], tool["parameters"]["required"]) == ("search_knowledge", ["query"])


async def test_a_piece_arrives_before_the_next_one_is_written(server: OpenAIServer, desk: Desk) -> None:
    read = asyncio.Event()
    server.script(reply(*says("One"), read, *says(" two"), *ends()))
    seen = []

    async for piece in open_model(settings(server)).answer(PROMPT, desk.tools):
        seen.append(piece)
        read.set()

    assert seen == ["One", " two"]


async def test_text_before_between_and_after_calls_is_kept(server: OpenAIServer, desk: Desk) -> None:
    server.script(
        reply(*says("I look."), *calls("search_knowledge", '{"que', 'ry": "fee', '"}'), *ends("tool_calls")),
        reply(*says("And a call."), *calls("book_call", call_id="call_2"), *ends("tool_calls")),
        DONE,
    )

    assert "".join(await answer(server, desk)) == "I look.\n\nAnd a call.\n\nIt is free."
    assert desk.called == [("search_knowledge", {"query": "fee"}), ("book_call", {})]
    assert sent(server, 2)[2:] == [
        ("assistant", "I look."),
        ("tool", "result of search_knowledge"),
        ("assistant", "And a call."),
        ("tool", "result of book_call"),
    ]


def response_events(*events: dict[str, Any]) -> list[bytes]:
    """OpenAI's newer API: one object per event, named by its type."""
    return [sse({"sequence_number": n, **event}, event["type"]) for n, event in enumerate(events)]


def response(status: str, *output: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": f"response.{status}",
        "response": {
            "id": "r1",
            "object": "response",
            "created_at": 1,
            "model": "m",
            "status": status,
            "output": list(output),
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
        },
    }


MESSAGE = {"type": "message", "id": "m1", "role": "assistant", "status": "in_progress", "content": []}
CALL = {"type": "function_call", "id": "f1", "call_id": "c1", "name": "search_knowledge", "arguments": ""}
WORD = {
    "type": "response.output_text.delta",
    "item_id": "m1",
    "output_index": 0,
    "content_index": 0,
    "logprobs": [],
}


async def test_openai_s_newer_api_streams_words_and_calls_too(server: OpenAIServer, desk: Desk) -> None:
    arguments = {"type": "response.function_call_arguments.delta", "item_id": "f1", "output_index": 0}
    server.script(
        reply(
            *response_events(
                {"type": "response.output_item.added", "output_index": 0, "item": CALL},
                {**arguments, "delta": '{"query"'},
                {**arguments, "delta": ': "x"}'},
                {
                    "type": "response.output_item.done",
                    "output_index": 0,
                    "item": {**CALL, "arguments": '{"query": "x"}'},
                },
                response("completed"),
            )
        ),
        reply(
            *response_events(
                {"type": "response.output_item.added", "output_index": 0, "item": MESSAGE},
                {**WORD, "delta": "It is"},
                {**WORD, "delta": " free."},
                response("completed"),
            )
        ),
    )

    assert await answer(server, desk, name="openai-responses:gpt-x") == ["It is", " free."]
    assert desk.called == [("search_knowledge", {"query": "x"})]
    assert server.requests[1].path == "/v1/responses"


async def test_a_cut_of_openai_s_newer_api_is_a_model_failure(server: OpenAIServer, desk: Desk) -> None:
    added = {"type": "response.output_item.added", "output_index": 0, "item": MESSAGE}
    server.script(reply(*response_events(added, {**WORD, "delta": "It is"})))

    assert (await failure(server, desk, name="openai-responses:gpt-x")).reason == "model_failure"


NAMES = {
    "openai:x": "responses",
    "openai-chat:x": "chat",
    "openai-responses:x": "responses",
}


@pytest.mark.parametrize("name", NAMES)
def test_the_name_says_which_api_is_meant(name: str) -> None:
    assert ModelSettings(name=name, api_key=KEY).api == NAMES[name]
    assert ModelSettings(name="openai:x", base_url="http://host/v1").api == "chat"


def test_a_key_alone_is_enough_and_without_one_the_built_in_model_answers() -> None:
    assert open_model(ModelSettings(api_key=KEY)).name == DEFAULT_MODEL
    assert open_model(ModelSettings()).name == "builtin"


@pytest.mark.parametrize(
    "bad", [ModelSettings(name="gpt"), ModelSettings(name="openai:"), ModelSettings(name="openai:x")]
)
def test_settings_that_name_no_model_are_told_in_one_line(bad: ModelSettings) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]+$"):
        open_model(bad)


async def test_the_default_model_can_be_opened() -> None:
    model = open_model(ModelSettings(api_key=KEY))

    assert await warm(model) == []
    await close(model)


async def test_each_of_a_chain_has_a_price_of_its_own_and_those_without_are_told() -> None:
    settings = ModelSettings("openai:mine,openai:theirs,openai:gpt-5-mini,builtin", KEY)
    model = open_model(settings)
    assert await warm(model) == unpriced(settings) == ["openai:mine", "openai:theirs"]
    await close(model)

    free = msgspec.structs.replace(settings, prices={"openai:mine": TokenPrice(0, 0)})
    model = open_model(free)
    assert await warm(model) == unpriced(free) == ["openai:theirs"]
    await close(model)


def test_the_provider_s_library_is_not_imported_before_a_model_needs_it() -> None:
    script = (
        "import sys; from havana.assistant.models.opening import open_model;"
        "from havana.assistant.models.settings import ModelSettings;"
        "open_model(ModelSettings(name='openai:x', api_key='k'));"
        "print([m for m in ('pydantic_ai', 'openai') if m in sys.modules])"
    )

    output = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    assert output == "[]\n"
