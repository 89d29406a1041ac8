"""A chain of models: who answers, who is passed over and for how long, and that nothing is done or said twice."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

import pytest
from tests.assistant.asking import HELLO, KEY, PROMPT, Desk
from tests.assistant.dialects import Anthropic
from tests.assistant.openai_server import Fault, OpenAIServer, Reply, calls, ends, refuses, reply, says

from havana.assistant.interface import AnswerEnded, ModelFailed, Prompt, Tool
from havana.assistant.models.chain import RESTS_S, Chain
from havana.assistant.models.opening import close, open_model
from havana.assistant.models.settings import ModelSettings


class Scripted:
    """A model that says these words, or fails in this way; counts how often it was asked."""

    def __init__(self, name: str, *says: str | ModelFailed) -> None:
        self.name = name
        self.says: Sequence[str | ModelFailed] = says
        self.asked = 0

    async def answer(self, prompt: Prompt, tools: Sequence[Tool]) -> AsyncGenerator[str, None]:
        self.asked += 1
        for word in self.says:
            if isinstance(word, ModelFailed):
                raise word
            yield word


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


DOWN = ModelFailed("model_failure", "HTTP 503", outage=True)
ODD = ModelFailed("model_failure", "the answer was empty")


async def said(model: Any, tools: Sequence[Tool] = ()) -> str:
    async with aclosing(model.answer(PROMPT, tools)) as pieces:
        return "".join([piece async for piece in pieces])


async def test_the_first_that_can_answers() -> None:
    chain = Chain([first := Scripted("a", "A"), second := Scripted("b", "B")])

    assert (await said(chain), first.asked, second.asked) == ("A", 1, 0)
    assert chain.name == "a,b"


@pytest.mark.parametrize("failure", [DOWN, ODD, ModelFailed("tool_failure", "a call without a name")])
async def test_whoever_fails_before_the_first_word_is_followed_by_the_next(failure: ModelFailed) -> None:
    assert await said(Chain([Scripted("a", failure), Scripted("b", " ", failure), Scripted("c", "C")])) == " C"


async def test_after_the_first_word_nobody_else_is_asked() -> None:
    chain = Chain([Scripted("a", "A", DOWN), second := Scripted("b", "B")])

    with pytest.raises(ModelFailed):
        await said(chain)
    assert second.asked == 0


async def test_when_all_fail_the_last_failure_is_told() -> None:
    with pytest.raises(ModelFailed, match="empty"):
        await said(Chain([Scripted("a", DOWN), Scripted("b", ODD)]))


async def test_a_model_that_wanted_a_person_is_not_followed_by_another() -> None:
    wanted = ModelFailed("tool_failure", "half a call of escalate_to_human", final=True)

    with pytest.raises(ModelFailed, match="half a call"):
        await said(Chain([Scripted("a", wanted), Scripted("b", "B")]))


class Calling(Scripted):
    """One that makes every call there is, and then fails."""

    async def answer(self, prompt: Prompt, tools: Sequence[Tool]) -> AsyncGenerator[str, None]:
        for tool in tools:
            await tool.call({})
        async for word in super().answer(prompt, tools):
            yield word


@pytest.mark.parametrize("changes", [False, True])
async def test_a_model_that_has_changed_something_outside_is_not_followed_by_one_that_might_do_it_again(
    changes: bool,
) -> None:
    async def call(_arguments: dict[str, Any]) -> str:
        return '"done"'

    tools = [Tool("cancel_order", "", {}, call, changes=changes)]
    chain = Chain([Calling("a", DOWN), Scripted("b", "B")])

    if changes:
        with pytest.raises(ModelFailed, match="503"):
            await said(chain, tools)
    else:
        assert await said(chain, tools) == "B"


async def test_a_model_that_is_down_is_passed_over_and_then_tried_by_one_answer() -> None:
    clock = Clock()
    chain = Chain([first := Scripted("a", DOWN), Scripted("b", "B")], clock)
    await said(chain)

    clock.now = RESTS_S - 1
    await said(chain)
    assert first.asked == 1

    clock.now = RESTS_S
    probing = chain.answer(PROMPT, [])
    first.says = ["A", "A"]
    assert await anext(probing) == "A"
    # It has not finished yet: others do not wait to see.
    assert (await said(chain), first.asked) == ("B", 2)

    await probing.aclose()
    clock.now = 2 * RESTS_S
    assert (await said(chain), await said(chain), first.asked) == ("AA", "AA", 4)


async def test_what_one_visitor_s_question_did_to_a_model_is_not_the_others_business() -> None:
    chain = Chain([first := Scripted("a", ODD), Scripted("b", "B")])

    await said(chain)
    await said(chain)

    assert first.asked == 2


async def test_when_all_others_fail_those_that_rest_are_asked_after_all() -> None:
    chain = Chain([first := Scripted("a", DOWN), second := Scripted("b", "B")])
    await said(chain)
    first.says, second.says = ["A"], [DOWN]

    assert await said(chain) == "A"


async def answer(settings: ModelSettings, desk: Desk) -> list[str]:
    model = open_model(settings)
    try:
        async with aclosing(model.answer(PROMPT, desk.tools)) as pieces:
            return [piece async for piece in pieces]
    finally:
        await close(model)


def two(first: OpenAIServer, second: OpenAIServer, **more: Any) -> ModelSettings:
    plain = {"name": "openai:test,anthropic:claude-sonnet-5", "api_key": KEY, "base_url": first.url, "retry_s": 0.001}
    return ModelSettings(**{**plain, "variables": Anthropic.variables(second), **more})


FAILING: dict[str, Reply] = {
    "down": refuses(500),
    "no money": refuses(429, {"message": "You exceeded your quota", "code": "insufficient_quota"}),
    "a wrong key": refuses(401),
    "silent": reply(Fault.STALL),
    "empty": reply(*ends()),
    "half a call, twice": reply(*calls("search_knowledge", '{"que'), *ends()),
    "cut before a word": reply(*says("<think>hm"), Fault.CUT),
    "all its tokens thought away": reply(*says("<think>hm"), *ends("length")),
}


@pytest.mark.parametrize("case", FAILING)
async def test_another_provider_answers_in_place_of_one_that_fails(case: str) -> None:
    good = reply(*Anthropic.says("Hello"), *Anthropic.ends())
    async with OpenAIServer(FAILING[case]) as first, OpenAIServer(good) as second:
        assert await answer(two(first, second, first_token_s=4), Desk()) == ["Hello"]
        assert len(first.requests) <= 2


async def test_what_a_tool_has_done_for_one_it_does_not_do_again_for_the_next() -> None:
    book = [*calls("book_call", "{}"), *ends("tool_calls")]
    again = reply(*Anthropic.calls("book_call", "{}"), *Anthropic.ends("tool_calls"))
    good = reply(*Anthropic.says("Here it is."), *Anthropic.ends())
    desk = Desk()
    async with OpenAIServer(reply(*book), refuses(500)) as first, OpenAIServer(again, good) as second:
        assert await answer(two(first, second), desk) == ["Here it is."]
        assert "result of book_call" in str(second.requests[1].body)

    assert desk.called == [("book_call", {})]


async def test_an_escalation_ends_the_answer_for_all_of_them() -> None:
    wanted = reply(*calls("escalate_to_human", '{"summary": "x"}'), *ends("tool_calls"))
    async with OpenAIServer(wanted) as first, OpenAIServer(HELLO) as second:
        with pytest.raises(AnswerEnded):
            await answer(two(first, second), Desk())
        assert second.requests == []


async def test_one_alone_keeps_all_its_time_and_tries() -> None:
    [alone] = ModelSettings(name="openai:x", api_key=KEY).chain
    first, second, last = ModelSettings(name="openai:x, ollama:y,builtin", api_key=KEY, first_token_s=21).chain

    assert (alone.first_token_s, alone.tries) == (20, 3)
    assert [(one.full_name, one.first_token_s, one.tries) for one in (first, second, last)] == [
        ("openai:x", 7, 2),
        ("ollama:y", 7, 2),
        ("builtin", 21, 3),
    ]


async def test_the_built_in_model_may_be_the_last() -> None:
    desk = Desk()
    desk.tools = []
    async with OpenAIServer(refuses(500)) as down:
        settings = ModelSettings(name="openai:x,builtin", api_key=KEY, base_url=down.url, retry_s=0.001)
        words = "".join(await answer(settings, desk))

    assert words.startswith("I have found no answer")
