"""Every way in which a server fails: how the answer ends, what is tried again, that the connection closes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
from tests.assistant.asking import (
    HELLO,
    KEY,
    PROMPT,
    Desk,
    answer,
    failure,
    settings,
)
from tests.assistant.openai_server import (
    Fault,
    OpenAIServer,
    Reply,
    Step,
    calls,
    chunk,
    ends,
    refuses,
    reply,
    says,
    sse,
)

from havana.assistant.interface import ModelFailed
from havana.assistant.models.opening import open_model


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer(HELLO) as running:
        yield running


BROKEN: dict[str, Reply] = {
    "nothing at all": reply(),
    "no choices": reply(sse("[DONE]")),
    "white space": reply(*says(" ", "\n"), *ends()),
    "only thoughts": reply(*says("<think>hm"), *ends()),
    "an ending that is an error": reply(*says("It is"), *ends("error")),
    "a limit in a server's own word": reply(*says("It is"), *ends("max_tokens")),
    "a limit": reply(*says("It is"), *ends("length")),
    "a filter": reply(*says("It is"), *ends("content_filter")),
    "a refusal": reply(chunk({"refusal": "No."}), *ends()),
    "the stream just ends": reply(*says("It is")),
    "ended by the mark only": reply(*says("It is"), sse("[DONE]")),
    "the connection drops after words": reply(*says("It is"), Fault.CUT),
    "garbage": reply(*says("It is"), b"data: {not json}\n\n"),
    "garbage first": reply(b"\x00\xff<html>"),
    "not an object": reply(sse([1, 2]), sse("text"), sse("3")),
    "a page": Reply([b"<html>Welcome</html>"], headers={"content-type": "text/html"}),
    "a whole answer at once": Reply([b'{"choices": []}'], headers={"content-type": "application/json"}),
    "an error in the stream after words": reply(*says("It is"), sse({"error": {"message": "overloaded"}})),
    "no such model": refuses(404, {"message": "no such model", "code": "model_not_found"}),
    "a bad request": refuses(400),
    "a wrong key": refuses(401, {"message": f"Incorrect API key provided: {KEY}", "code": "invalid_api_key"}),
    "no money": refuses(429, {"message": "You exceeded your quota", "code": "insufficient_quota"}),
    "a long wait": refuses(429, retry_after="3600"),
}


@pytest.mark.parametrize("case", BROKEN)
async def test_what_cannot_be_an_answer_is_a_model_failure_and_not_asked_for_again(
    server: OpenAIServer, desk: Desk, case: str
) -> None:
    server.script(BROKEN[case], HELLO)

    failed = await failure(server, desk)

    assert (failed.reason, len(server.requests)) == ("model_failure", 1)
    assert KEY not in f"{failed} {failed.detail} {failed.__cause__} {failed.__context__}"


PASSING = {
    "429": refuses(429, retry_after="0"),
    "429 in milliseconds": refuses(429, retry_after_ms="5"),
    "500": refuses(500),
    "502": refuses(502),
    "503": refuses(503),
    "an overload in the stream": reply(sse({"error": {"message": "overloaded", "type": "server_error"}})),
    "a connection that drops": reply(Fault.CUT),
    "one that drops in mid-thought": reply(*says("<think>hm"), Fault.CUT),
}


@pytest.mark.parametrize("case", PASSING)
async def test_what_may_pass_is_tried_again_before_the_first_word(server: OpenAIServer, desk: Desk, case: str) -> None:
    server.script(PASSING[case], PASSING[case], HELLO)

    assert "".join(await answer(server, desk)) == "Hello there."
    assert len(server.requests) == 3


async def test_three_tries_are_enough(server: OpenAIServer, desk: Desk) -> None:
    server.script(refuses(500))

    failed = await failure(server, desk)

    assert (failed.reason, len(server.requests)) == ("model_failure", 3)
    assert "HTTP 500" in failed.detail


async def test_nothing_is_tried_again_after_the_first_word(server: OpenAIServer, desk: Desk) -> None:
    server.script(reply(*says("I look."), *calls("book_call", "{}"), *ends("tool_calls")), refuses(500))

    assert (await failure(server, desk)).reason == "model_failure"
    assert len(server.requests) == 2


async def test_a_server_that_is_not_there_is_a_model_failure(desk: Desk) -> None:
    async with OpenAIServer(HELLO) as server:
        gone = settings(server)

    with pytest.raises(ModelFailed) as failed:
        [piece async for piece in open_model(gone).answer(PROMPT, desk.tools)]

    assert failed.value.reason == "model_failure"


SILENCES: dict[str, tuple[list[Step], dict[str, float]]] = {
    "no first word": ([Fault.STALL], {"first_token_s": 0.1}),
    "comments instead of a first word": ([Fault.COMMENTS], {"first_token_s": 0.1}),
    "no next word": ([*says("It"), Fault.STALL], {"next_token_s": 0.1}),
    "comments instead of a next word": ([*says("It"), Fault.COMMENTS], {"next_token_s": 0.1}),
    "a turn without end": ([*says("It"), Fault.STALL], {"turn_s": 0.3}),
    "thoughts without a word": ([chunk({"reasoning_content": "hm"}), Fault.STALL], {"first_token_s": 0.1}),
}


@pytest.mark.parametrize("case", SILENCES)
async def test_a_silence_ends_the_answer_and_the_connection(server: OpenAIServer, desk: Desk, case: str) -> None:
    steps, patience = SILENCES[case]
    server.script(reply(*steps))

    failed = await failure(server, desk, **patience)

    async with asyncio.timeout(2):
        await server.requests[0].left.wait()
    assert (failed.reason, len(server.requests)) == ("model_failure", 1)


async def test_a_slow_reader_is_not_the_model_s_silence(server: OpenAIServer, desk: Desk) -> None:
    async with OpenAIServer(reply(Fault.STALL)) as silent:
        pieces = open_model(settings(server, first_token_s=5, next_token_s=0.05)).answer(PROMPT, desk.tools)

        seen = [await anext(pieces)]
        await failure(silent, desk, first_token_s=0.1)  # what the reader does meanwhile, for longer than 0.05 s
        seen += [piece async for piece in pieces]

    assert seen == ["Hello", " there."]


USAGE = sse({"id": "c", "choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}})
ENDINGS: dict[str, list[Step]] = {
    "silence": [Fault.STALL],
    "a cut": [Fault.CUT],
    "the mark, and silence": [sse("[DONE]"), Fault.STALL],
    "usage only": [USAGE, sse("[DONE]")],
    "usage only, and a cut": [USAGE, Fault.CUT],
    "an empty chunk": [sse({"id": "c", "choices": []})],
    "another finish reason": [chunk({}, "stop")],
}


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=list(ENDINGS))
async def test_after_the_finish_reason_the_connection_does_not_matter(
    server: OpenAIServer, desk: Desk, ending: list[Step]
) -> None:
    server.script(reply(*says("Yes"), chunk({}, "stop"), *ending))

    assert await answer(server, desk, next_token_s=5) == ["Yes"]


async def test_a_server_that_never_sends_a_finish_reason_can_be_allowed(server: OpenAIServer, desk: Desk) -> None:
    server.script(reply(*says("Yes"), sse("[DONE]")))

    assert await answer(server, desk, requires_finish_reason=False) == ["Yes"]


@pytest.mark.parametrize("words", [[], ["It is"]])
async def test_a_cancelled_answer_closes_the_connection_at_once(
    server: OpenAIServer, desk: Desk, words: list[str]
) -> None:
    server.script(reply(*says(*words), Fault.STALL))
    task = asyncio.create_task(answer(server, desk))
    request = await server.request(0)

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(1):
        await request.left.wait()


async def test_an_answer_closed_between_two_words_closes_the_connection(server: OpenAIServer, desk: Desk) -> None:
    server.script(reply(*says("It is"), Fault.STALL))

    async with aclosing(open_model(settings(server)).answer(PROMPT, desk.tools)) as pieces:
        assert await anext(pieces) == "It is"

    async with asyncio.timeout(1):
        await server.requests[0].left.wait()
