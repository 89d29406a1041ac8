"""Tool calls, in every form in which servers write them, and the ones that cannot be made."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.assistant.asking import (
    DONE,
    HELLO,
    Desk,
    answer,
    failure,
)
from tests.assistant.openai_server import (
    Fault,
    OpenAIServer,
    Step,
    calls,
    chunk,
    ends,
    fragment,
    reply,
    says,
    sse,
)

from havana.assistant.interface import AnswerEnded, Tool


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer(HELLO) as running:
        yield running


def whole(name: str, arguments: object = "{}", **fields: Any) -> dict[str, Any]:
    return {"type": "function", **fields, "function": {"name": name, "arguments": arguments}}


ONE = {"index": 0, "id": "a", "name": "search_knowledge"}
TWO = {"index": 1, "id": "b", "name": "book_call"}
FORMS: dict[str, list[bytes]] = {
    "one after the other": [
        *calls("search_knowledge", '{"query": "x"}'),
        *calls("book_call", index=1, call_id="b"),
    ],
    "mixed": [
        fragment('{"query"', **ONE),
        fragment("", **TWO),
        fragment(': "x"}', index=0),
        fragment("{}", index=1),
    ],
    "both at index 0": [fragment('{"query": "x"}', **ONE), fragment("{}", **{**TWO, "index": 0})],
    "no index": [
        fragment('{"query": ', id="a", name="search_knowledge"),
        fragment('"x"}'),
        fragment("{}", id="b", name="book_call"),
    ],
    "no ids": [
        fragment('{"query": "x"}', index=0, name="search_knowledge"),
        fragment("{}", index=1, name="book_call"),
    ],
    "name and id in every chunk": [
        fragment('{"query": ', **ONE),
        fragment('"x"}', **ONE),
        fragment("{}", **TWO),
    ],
    "a new id in every chunk": [
        fragment('{"query": ', **ONE),
        fragment('"x"}', **{**ONE, "id": "z"}),
        fragment("{}", **TWO),
    ],
    "the same id for both": [
        fragment('{"query": "x"}', **ONE),
        fragment("{}", **{**TWO, "id": "a"}),
    ],
    "the same id for both, and in every chunk": [
        fragment('{"query": ', **ONE),
        fragment('"x"}', **ONE),
        fragment("{", **{**TWO, "id": "a"}),
        fragment("}", **{**TWO, "id": "a"}),
    ],
    "the same id and index for both": [
        fragment('{"query": "x"}', **ONE),
        fragment("{}", **{**TWO, "index": 0, "id": "a"}),
    ],
    "empty ids": [
        fragment('{"query": ', **{**ONE, "id": ""}),
        fragment('"x"}', index=0, id=""),
        fragment("{}", **{**TWO, "id": ""}),
    ],
    "both whole in one chunk": [chunk({"tool_calls": [whole(**ONE, arguments='{"query": "x"}'), whole(**TWO)]})],
    "both whole in one chunk, and nothing to tell them apart": [
        chunk({"tool_calls": [whole(name="search_knowledge", arguments='{"query": "x"}'), whole(name="book_call")]})
    ],
    "both whole in the chunk that ends": [
        chunk({"tool_calls": [whole(**ONE, arguments={"query": "x"}), whole(**TWO, arguments={})]}, "tool_calls")
    ],
    "empty choices first": [
        sse({"id": "c", "choices": []}),
        sse({"id": "c", "choices": None}),
        *calls("search_knowledge", '{"query": "x"}'),
        *calls("book_call", index=1, call_id="b"),
    ],
    "name in pieces": [
        fragment("", index=0, id="a", name="search_"),
        fragment('{"query": "x"}', index=0, name="knowledge"),
        fragment("{}", **TWO),
    ],
    "arguments as an object": [fragment({"query": "x"}, **ONE), fragment({}, **TWO)],
    "arguments encoded twice": [fragment(json.dumps('{"query": "x"}'), **ONE), fragment("{}", **TWO)],
    "empty names afterwards": [
        fragment('{"query": ', **ONE),
        fragment('"x"}', index=0, id="", name=""),
        fragment("{}", **TWO),
    ],
    "usage and empty chunks between": [
        chunk(None),
        fragment('{"query": ', **ONE),
        sse(
            {
                "id": "c",
                "choices": [],
                "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
            }
        ),
        chunk({"content": None}),
        fragment('"x"}', index=0),
        fragment("{}", **TWO),
    ],
    "a tag in the text": [
        *says("Hm. <tool_", 'call>{"name": "search_knowledge", "argum', 'ents": {"query": "x"}}</tool_call', ">"),
        *says('<tool_call>{"name": "book_call"}'),
    ],
    "the thoughts first": [
        *says("<thi", "nk>A visitor", " asks</thi", "nk>"),
        *calls("search_knowledge", '{"query": "x"}'),
        *calls("book_call", index=1, call_id="b"),
    ],
    "fenced JSON": [
        *says(
            '```json\n[{"name": "search_knowledge", "parameters": {"query"',
            ': "x"}},{"name": "book_call"}]\n``',
            "`",
        )
    ],
    "bare JSON": [
        *says('{"name": "search_kno', 'wledge", "arguments": "{\\"query\\": \\"x\\"}"}\n{"name":"book_call"}')
    ],
    "Mistral's mark": [
        *says(
            "[TOOL_",
            'CALLS][{"name": "search_knowledge", "arguments": {"query": "x"}},{"name": "book_call"}]',
        )
    ],
    "Llama's and Qwen's tags": [
        *says('<function=search_knowledge>{"query": "x"}</function>', "<function=book_call>\n</function>")
    ],
    "Qwen's parameters": [
        *says(
            "<tool_call>\n<function=search_knowledge>\n<parameter=query>\nx\n</parameter>\n</function>\n</tool_call>"
        ),
        *calls("book_call"),
    ],
}


@pytest.mark.parametrize("finish", ["tool_calls", "stop"])
@pytest.mark.parametrize("form", FORMS)
async def test_two_calls_are_made_however_the_server_writes_them(
    server: OpenAIServer, desk: Desk, form: str, finish: str
) -> None:
    server.script(reply(*FORMS[form], *ends(finish)), DONE)

    text = "".join(await answer(server, desk))

    assert sorted(desk.called) == [("book_call", {}), ("search_knowledge", {"query": "x"})]
    assert text in ("It is free.", "Hm. \n\nIt is free.", "Hm. It is free.")
    ids = [call["id"] for call in server.requests[1].body["messages"][2]["tool_calls"]]
    assert len(set(ids)) == 2


async def test_one_tool_may_be_called_twice_by_one_id(server: OpenAIServer, desk: Desk) -> None:
    twice = [fragment('{"query": "x"}', **ONE), fragment('{"query": "y"}', **{**ONE, "index": 1})]
    server.script(reply(*twice, *ends("tool_calls")), DONE)

    assert await answer(server, desk) == ["It is free."]
    assert desk.called == [("search_knowledge", {"query": "x"}), ("search_knowledge", {"query": "y"})]


SHOWN = {
    "a comparison": (["a <", " b and c <", "t"], "a < b and c <t"),
    "a citation first": (["[", "1] says so."], "[1] says so."),
    "a link first": (["[Fees](https://a.b) are low."], "[Fees](https://a.b) are low."),
    "a code block": (["Try\n```py", "thon\nprint(1)\n```\nthen"], "Try\n```python\nprint(1)\n```\nthen"),
    "JSON that is no call": (
        ['```json\n{"name": "Ana"}\n``', "` is it"],
        '```json\n{"name": "Ana"}\n``` is it',
    ),
    "an object first": (['{"a"', ": 1} is JSON"], '{"a": 1} is JSON'),
    "a brace that stays open": (['{"a', " is not closed"], '{"a is not closed'),
    "thoughts in one chunk": (["<think>hm</think>\n\n", "Yes"], "Yes"),
    "thoughts cut anywhere": (["<t", "hink>", "h<m</th", "ink>Y", "es"], "Yes"),
    "thoughts in between": (["Yes, <think>hm</think>", "it is"], "Yes, it is"),
    "white space first": ([" \n", "Yes"], "Yes"),
    "a fence at the end": (["Yes `", "``"], "Yes ```"),
}


@pytest.mark.parametrize("case", SHOWN)
async def test_only_what_is_meant_for_the_reader_is_shown(server: OpenAIServer, desk: Desk, case: str) -> None:
    pieces, shown = SHOWN[case]
    server.script(reply(*says(*pieces), *ends()))

    assert "".join(await answer(server, desk)) == shown


async def test_thoughts_in_a_field_of_their_own_are_not_shown(server: OpenAIServer, desk: Desk) -> None:
    server.script(reply(chunk({"reasoning_content": "hm"}), *says("Yes"), *ends()))

    assert await answer(server, desk) == ["Yes"]


async def test_an_answer_ended_by_a_tool_stops_at_once(server: OpenAIServer, desk: Desk) -> None:
    both = [
        *calls("escalate_to_human", '{"summary": "Wants Ana"}'),
        *calls("book_call", index=1, call_id="b"),
    ]
    server.script(reply(*says("A moment."), *both, *ends("tool_calls")), HELLO)

    with pytest.raises(AnswerEnded):
        await answer(server, desk)

    assert desk.called == [("escalate_to_human", {"summary": "Wants Ana"})]
    assert len(server.requests) == 1


BAD_CALLS = {
    "half": calls("search_knowledge", '{"query": "x'),
    "unknown": calls("open_door", "{}"),
    "no name": [fragment("{}", index=0, id="a")],
    "a field missing": calls("search_knowledge", "{}"),
    "a wrong type": calls("search_knowledge", '{"query": 7}'),
    "not an object": calls("search_knowledge", "[]"),
    "unreadable in a tag": says("<tool_call>search_knowledge: x</tool_call>"),
}


@pytest.mark.parametrize("bad", BAD_CALLS)
async def test_a_bad_call_is_answered_and_may_be_made_right(server: OpenAIServer, desk: Desk, bad: str) -> None:
    right = reply(*calls("search_knowledge", '{"query": "x"}'), *ends("tool_calls"))
    server.script(reply(*BAD_CALLS[bad], *ends("tool_calls")), right, DONE)

    assert await answer(server, desk) == ["It is free."]
    assert desk.called == [("search_knowledge", {"query": "x"})]


@pytest.mark.parametrize("bad", BAD_CALLS)
async def test_a_second_bad_call_is_the_last(server: OpenAIServer, desk: Desk, bad: str) -> None:
    server.script(reply(*BAD_CALLS[bad], *ends("tool_calls")))

    assert (await failure(server, desk)).reason == "tool_failure"
    assert len(server.requests) == 2


ESCALATIONS: dict[str, list[Step]] = {
    "half": [*calls("escalate_to_human", '{"summ'), *ends("tool_calls")],
    "cut off by a limit": [*calls("escalate_to_human", '{"summ'), *ends("length")],
    "without its summary": [*calls("escalate_to_human", "{}"), *ends("tool_calls")],
    "unreadable in a tag": [*says("<tool_call>escalate_to_human please</tool_call>"), *ends()],
    "the stream just ends": [*calls("escalate_to_human", '{"summ')],
    "the connection drops": [*calls("escalate_to_human", '{"summ'), Fault.CUT],
    "the server falls silent": [*calls("escalate_to_human", '{"summ'), Fault.STALL],
}


@pytest.mark.parametrize("case", ESCALATIONS)
async def test_an_escalation_that_cannot_be_read_is_still_a_handover(
    server: OpenAIServer, desk: Desk, case: str
) -> None:
    server.script(reply(*ESCALATIONS[case]), HELLO)

    assert (await failure(server, desk, next_token_s=0.1)).reason == "tool_failure"
    assert (desk.called, len(server.requests)) == ([], 1)


async def test_half_a_call_at_a_stream_s_end_is_tried_once_more(server: OpenAIServer, desk: Desk) -> None:
    half = reply(*calls("search_knowledge", '{"que'))
    server.script(half, HELLO)
    assert "".join(await answer(server, desk)) == "Hello there."

    server.script(half)
    assert (await failure(server, desk)).reason == "tool_failure"


async def test_five_replies_with_calls_are_enough(server: OpenAIServer, desk: Desk) -> None:
    server.script(reply(*calls("book_call", "{}"), *ends("tool_calls")))

    assert (await failure(server, desk)).reason == "tool_failure"
    assert len(server.requests) == 5


async def test_a_tool_that_breaks_is_a_tool_failure(server: OpenAIServer) -> None:
    async def broken(arguments: dict[str, Any]) -> str:
        raise RuntimeError("disk full")

    desk = Desk()
    desk.tools = [Tool("book_call", "Offers a call.", {"type": "object", "properties": {}}, broken)]
    server.script(reply(*calls("book_call", "{}"), *ends("tool_calls")))

    assert (await failure(server, desk)).reason == "tool_failure"
