"""Providers other than OpenAI, each over its own wire: words, calls, failures; and what a name needs to be opened."""

import inspect
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any, get_args

import msgspec
import pytest
from pydantic_ai.models import KnownModelName
from pydantic_ai.providers import infer_provider_class
from tests.assistant.asking import PROMPT, Desk
from tests.assistant.dialects import DIALECTS, Dialect, Google, settings_of
from tests.assistant.openai_server import Fault, OpenAIServer, Reply, refuses, reply

from havana.assistant.interface import CutShort, ModelFailed, Prompt
from havana.assistant.models.opening import close, open_model
from havana.assistant.models.settings import ModelSettings
from havana.providers import PROVIDERS, TokenPrice


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer() as running:
        yield running


@pytest.fixture(params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> Dialect:
    return DIALECTS[request.param]


async def answer(settings: ModelSettings, desk: Desk, prompt: Prompt = PROMPT) -> list[str]:
    model = open_model(settings)
    try:
        async with aclosing(model.answer(prompt, desk.tools)) as pieces:
            return [piece async for piece in pieces]
    finally:
        await close(model)


async def failure(settings: ModelSettings, desk: Desk) -> ModelFailed:
    with pytest.raises(ModelFailed) as failed:
        await answer(settings, desk)
    return failed.value


async def test_words_are_streamed(server: OpenAIServer, desk: Desk, dialect: Dialect) -> None:
    server.script(reply(*dialect.says("Hello", " there."), *dialect.ends()))

    assert await answer(settings_of(dialect, server), desk) == ["Hello", " there."]
    assert server.requests[0].path == dialect.path
    assert dialect.secret in str(server.requests[0].headers)
    assert dialect.sent(server.requests[0].body) == "What does it cost?"


async def test_a_call_is_made_and_its_result_told(server: OpenAIServer, desk: Desk, dialect: Dialect) -> None:
    calls = dialect.calls("search_knowledge", '{"que', 'ry": "x"}')
    server.script(reply(*calls, *dialect.ends("tool_calls")), reply(*dialect.says("It is", " free."), *dialect.ends()))

    assert await answer(settings_of(dialect, server), desk) == ["It is", " free."]
    assert desk.called == [("search_knowledge", {"query": "x"})]
    assert "result of search_knowledge" in str(server.requests[1].body)


async def test_what_asking_cost_is_counted(server: OpenAIServer, desk: Desk, dialect: Dialect) -> None:
    server.script(reply(*dialect.says("Hello"), *dialect.ends()))
    prompt = Prompt(PROMPT.instructions, PROMPT.turns)

    await answer(settings_of(dialect, server), desk, prompt)

    spent = prompt.spent
    assert (spent.input_tokens, spent.output_tokens, spent.models) == (10, 5, [dialect.name])
    # Dollars for a million tokens in and out, rounded up; nobody sells Ollama's.
    assert spent.unpriced == ({dialect.name: 15} if dialect.name.startswith("ollama:") else {})
    prices = {"anthropic": 2 * 10 + 10 * 5, "google": -int(-(0.3 * 10 + 2.5 * 5) // 1), "ollama": 0}
    assert spent.micros == prices[dialect.name.partition(":")[0]]


async def test_a_price_that_somebody_told_counts_before_any_list(
    server: OpenAIServer, desk: Desk, dialect: Dialect
) -> None:
    server.script(reply(*dialect.says("Hello"), *dialect.ends()))
    prompt = Prompt(PROMPT.instructions, PROMPT.turns)
    told = {dialect.name: TokenPrice(0.25, 3), "openai:another": TokenPrice(1000, 1000)}

    await answer(msgspec.structs.replace(settings_of(dialect, server), prices=told), desk, prompt)

    assert (prompt.spent.micros, prompt.spent.unpriced) == (18, {})


async def test_a_limit_is_told_and_what_it_cuts_is_known(server: OpenAIServer, desk: Desk, dialect: Dialect) -> None:
    server.script(reply(*dialect.says("Hello"), *dialect.ends("length")))
    prompt = Prompt(PROMPT.instructions, PROMPT.turns, answer_tokens=100)

    with pytest.raises(CutShort):
        await answer(settings_of(dialect, server), desk, prompt)

    assert dialect.limit(server.requests[0].body) == 100


async def test_before_the_first_word_it_is_tried_again(server: OpenAIServer, desk: Desk, dialect: Dialect) -> None:
    server.script(refuses(500), refuses(503), reply(*dialect.says("Hello"), *dialect.ends()))

    assert await answer(settings_of(dialect, server), desk) == ["Hello"]
    assert len(server.requests) == 3


BROKEN: dict[str, Any] = {
    "nothing": lambda _: reply(),
    "the stream just ends": lambda d: reply(*d.says("It is")),
    "the connection drops": lambda d: reply(*d.says("It is"), Fault.CUT),
    "white space": lambda d: reply(*d.says(" "), *d.ends()),
    "a wrong key": lambda d: refuses(401, {"message": f"bad key {d.secret}", "type": "authentication_error"}),
    "a page": lambda _: Reply([b"<html>Welcome</html>"], headers={"content-type": "text/html"}),
}


@pytest.mark.parametrize("case", BROKEN)
async def test_what_is_no_answer_is_a_model_failure(
    server: OpenAIServer, desk: Desk, dialect: Dialect, case: str
) -> None:
    server.script(BROKEN[case](dialect))

    failed = await failure(settings_of(dialect, server), desk)

    assert failed.reason == "model_failure"
    assert dialect.secret not in failed.detail


async def test_silence_ends_the_answer(server: OpenAIServer, desk: Desk, dialect: Dialect) -> None:
    server.script(reply(*dialect.says("It is"), Fault.STALL))

    failed = await failure(settings_of(dialect, server, next_token_s=0.1), desk)

    await server.requests[0].left.wait()
    assert (failed.reason, failed.outage) == ("model_failure", True)


async def test_a_provider_s_former_name_is_understood(server: OpenAIServer, desk: Desk) -> None:
    server.script(reply(*Google.says("Hello"), *Google.ends()))

    assert await answer(settings_of(Google, server, name="google-gla:gemini-2.5-flash"), desk) == ["Hello"]


UNUSABLE = {
    "antropic:claude": "unknown model 'antropic:claude': did you mean anthropic:claude?",
    "opnai:x": "unknown model 'opnai:x': did you mean openai:x?",
    "anthropic:": "unknown model 'anthropic:': say PROVIDER:NAME (openai, anthropic, google, ollama …), or builtin",
    "anthropic:claude": "the model anthropic:claude needs an API key: set ANTHROPIC_API_KEY",
    "google:gemini": "the model google:gemini needs an API key: set GOOGLE_API_KEY",
    "ollama:qwen3": "the model ollama:qwen3 needs an address: set OLLAMA_BASE_URL",
    "deepseek:chat": "the model deepseek:chat needs an API key: set DEEPSEEK_API_KEY",
    "groq:llama": "the model groq:llama needs a package: pip install 'havana[groq]'",
    "mistral:small": "the model mistral:small needs a package: pip install 'havana[mistral]'",
    "builtin,groq:llama": "the model groq:llama needs a package: pip install 'havana[groq]'",
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_what_is_missing_is_said_in_one_line(name: str) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]+$") as error:
        open_model(ModelSettings(name=name))

    assert str(error.value) == UNUSABLE[name]


def test_an_extra_is_named_for_each_package_that_may_be_missing() -> None:
    assert [name for name, one in PROVIDERS.items() if (one.package is None) != (one.extra is None)] == []


@pytest.mark.parametrize(
    "name", [name for name, one in PROVIDERS.items() if one.extra in (None, "anthropic", "google")]
)
def test_each_provider_takes_what_it_is_told(name: str) -> None:
    provider = infer_provider_class(name)

    assert set(PROVIDERS[name].takes) <= set(inspect.signature(provider).parameters)


def test_no_provider_whose_models_chat_is_left_out() -> None:
    named = {name.partition(":")[0] for name in get_args(KnownModelName.__value__) if ":" in name}
    # Gateways and decision models are no chat models of their own; the last two sign in in other ways.
    others = {name for name in named if name.startswith(("gateway/", "openai")) or name.endswith("-decisions")}

    assert named - others - set(PROVIDERS) == {"bedrock-mantle", "typesafe"}
