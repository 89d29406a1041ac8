"""Bad input and bad models: a clear error or the promised words, and nobody else notices."""

import asyncio
import json
from pathlib import Path

import pytest
import websockets
from tests.assistant.openai_server import Fault, OpenAIServer, Reply, calls, chunk, ends, refuses, reply, says, sse

from .house import Refused, a_house

MODELS: dict[str, Reply] = {
    "401": refuses(401, {"message": "bad key"}),
    "429": refuses(429, {"code": "insufficient_quota", "message": "quota"}),
    "500": refuses(500),
    "garbage": reply(b"<html>hello</html>"),
    "not JSON": reply(sse("{nonsense")),
    "half a tool call": reply(*calls("escalate_to_human", '{"reason": "as'), *ends("tool_calls")),
    "a stream that just ends": reply(*says("Well, ")),
    "a cut connection": reply(*says("Well, "), Fault.CUT),
    "nothing": reply(Fault.STALL),
    "comments only": reply(Fault.COMMENTS),
    "white space": reply(*says("  \n"), *ends()),
    "silence after a word": reply(*says("Well, "), Fault.STALL),
    "no choices": reply(sse({"id": "c", "object": "chat.completion.chunk", "choices": []}), *ends()),
}


@pytest.mark.parametrize("name", MODELS)
async def test_a_model_that_fails_ends_with_words_and_a_place_in_the_queue(name: str, tmp_path: Path):
    async with OpenAIServer(MODELS[name]) as model:
        patience = {"model_first_token_s": 0.3, "model_next_token_s": 0.3, "model_turn_s": 3.0}
        async with a_house(
            tmp_path, model="openai:test", openai_api_key="key", openai_base_url=model.url, **patience
        ) as house:
            visitor, ana = await house.visitor(), await house.agent("Ana")
            chat = (await visitor.post("What does welding cost?"))["conversation"]
            requested = await visitor.sees_event("human_requested", by="system")
            words = await visitor.sees_event("message_posted", seq=requested["seq"] + 1)

            assert words["author"]["role"] == "system"
            assert "team" in words["text"]
            log = (await ana.do("follow", conversation=chat))["events"]
            noted = next(event for event in log if event["kind"] == "handover_noted")
            assert noted["reason"] in ("model_failure", "tool_failure")
            assert "key" not in noted["summary"].split()


async def test_text_and_tool_calls_over_real_http(tmp_path: Path):
    search = reply(*calls("search_knowledge", '{"query": ', '"welding cost"}'), *ends("tool_calls"))
    two = reply(
        *calls("search_knowledge", '{"query": "hvac"}', index=0, call_id="a"),
        *calls("book_call", "{}", index=1, call_id="b"),
        *ends("tool_calls"),
    )
    last = reply(chunk({"role": "assistant", "content": ""}), *says("It costs ", "9,800 dollars."), *ends())
    async with OpenAIServer(search, two, last) as model:
        async with a_house(tmp_path, model="openai:test", openai_api_key="key", openai_base_url=model.url) as house:
            visitor = await house.visitor()
            await visitor.post("What does welding cost?")
            answer = await visitor.sees_event("answer_finished")
            offered = await visitor.sees_event("call_offered")

            assert (answer["outcome"], answer["text"]) == ("complete", "It costs 9,800 dollars.")
            assert offered["author"]["role"] == "assistant"
            assert offered["seq"] < answer["seq"]
            assert [request.path for request in model.requests] == ["/v1/chat/completions"] * 3


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"do": "post", "text": "Hi"}, "bad_request"),
        ({"do": "post", "key": "key-00001", "text": "   "}, "bad_request"),
        ({"do": "post", "key": "key-00001", "text": "x" * 20_000}, "too_large"),
        ({"do": "post", "key": "key-00001", "text": 7}, "bad_request"),
        ({"do": "post", "key": "x", "text": "Hi"}, "bad_request"),
        ({"do": "post", "key": "key-00001", "text": "Hi", "conversation": "nowhere"}, "not_found"),
        ({"do": "follow", "conversation": "nowhere"}, "not_found"),
        ({"do": "follow"}, "bad_request"),
        ({"do": "dance"}, "unknown_command"),
        ({"do": "claim", "conversation": "nowhere"}, "forbidden"),
        ({"do": "follow_inbox"}, "forbidden"),
        ({"do": "note", "conversation": "nowhere", "text": "x"}, "forbidden"),
        ({"do": "history", "conversation": "nowhere", "limit": 1000}, "bad_request"),
    ],
    ids=lambda value: json.dumps(value)[:60],
)
async def test_a_wrong_command_gets_its_error_and_the_connection_stays(fields, code, tmp_path: Path):
    async with a_house(tmp_path) as house:
        visitor = await house.visitor()
        command = dict(fields)

        with pytest.raises(Refused) as refused:
            await visitor.do(command.pop("do"), **command)
        assert refused.value.error["code"] == code
        assert len(refused.value.error["message"]) > 10
        assert (await visitor.post("Still here"))["seq"] == 1


@pytest.mark.parametrize(
    ("frame", "close"),
    [
        ("not json", 4501),
        (b"\x00\x01", 4501),
        ('{"do": "post"}', 4501),
        ('{"id": 2}', 4501),
        ("[" * 30_000, 4501),
        ('{"id": 2, "do": "post", "text": "' + "x" * 70_000 + '"}', 1009),
    ],
    ids=["no JSON", "binary", "no id", "no do", "nested too deep", "too large"],
)
async def test_a_broken_frame_ends_its_own_connection_only(frame, close, tmp_path: Path):
    async with a_house(tmp_path) as house:
        visitor, other = await house.visitor(), await house.visitor()
        await visitor._socket.send(frame)

        assert await visitor.sees(lambda f: "closed" in f) == {"closed": close}
        assert (await other.post("I did not notice"))["seq"] == 1


async def test_somebody_elses_conversation_is_as_unknown_as_none(tmp_path: Path):
    async with a_house(tmp_path) as house:
        owner, stranger = await house.visitor(), await house.visitor()
        chat = (await owner.post("My secret"))["conversation"]
        errors = []
        for command, fields in (
            ("follow", {}),
            ("history", {"before": 5}),
            ("post", {"key": "key-00001", "text": "Hi"}),
            ("request_human", {}),
            ("close", {}),
            ("read", {"seq": 1}),
            ("typing", {}),
        ):
            for conversation in (chat, "01900000-0000-7000-8000-000000000000"):
                with pytest.raises(Refused) as refused:
                    await stranger.do(command, conversation=conversation, **fields)
                errors.append((refused.value.error["code"], refused.value.error["message"]))

        assert {code for code, _ in errors} == {"not_found"}
        assert errors[0::2] == errors[1::2]
        assert "My secret" not in str(stranger.received)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "\u202eright to left\u202c",
        "👩‍👩‍👧‍👦🏳️‍🌈",
        "a\tb\nc",
        "مرحبا",
    ],
)
async def test_odd_text_arrives_as_it_was_written(text: str, tmp_path: Path):
    async with a_house(tmp_path) as house:
        visitor = await house.visitor()
        await visitor.post(text)

        assert (await visitor.sees_event("message_posted"))["text"] == text


async def test_a_dead_socket_among_the_followers_delays_nobody(tmp_path: Path):
    async with a_house(tmp_path) as house:
        visitor = await house.visitor()
        dead, living = await house.visitor(visitor.token), await house.visitor(visitor.token)
        dead._socket.transport.pause_reading()
        chat = (await visitor.post("Hello"))["conversation"]
        for number in range(20):
            await visitor.post(f"Message {number}" + "x" * 7000, chat)

        await living.sees_event("message_posted", key=visitor.events(chat)[-1].get("key"))
        dead._socket.transport.abort()


async def test_no_hello_and_a_wrong_token_are_told_apart(tmp_path: Path):
    async with a_house(tmp_path) as house:
        for token, code in (("nonsense", 4500), ("", 4500)):
            socket = await websockets.connect(
                house.url.replace("http", "ws") + "/live", subprotocols=[websockets.Subprotocol("chat.v1")]
            )
            await socket.send(json.dumps({"id": 1, "do": "hello", "v": 1, "token": token}))
            async with asyncio.timeout(10):
                await socket.wait_closed()
            assert socket.close_code == code
