"""The summary of a hand-over, down to the log: by a model behind HTTP that answers, talks nonsense or hangs."""

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.assistant.asking import settings
from tests.assistant.openai_server import Fault, OpenAIServer, Reply, ends, refuses, reply, says
from tests.jobs import KINDS

from havana.assistant.builtin import BuiltinModel
from havana.assistant.interface import Model
from havana.assistant.models.opening import close, open_model
from havana.assistant.team.summarising import Overtaken, Summaries
from havana.chat import events as e
from havana.chat.views import for_visitor
from havana.desk import Desk, Done, Request
from havana.storage import jobs
from havana.storage.jobs import Job

from .conftest import ANA, BEN, Office

TOLD = {"wants": "A refund.", "tried": "Nothing.", "open": "The refund.", "mood": "annoyed", "language": "en"}


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer(reply(*says(json.dumps(TOLD)), *ends())) as server:
        yield server


@pytest.fixture
async def model(server: OpenAIServer) -> AsyncIterator[Model]:
    model = open_model(settings(server))
    yield model
    await close(model)


async def waiting(office: Office, *said: str) -> str:
    """A conversation in which this was said before a person was asked for."""
    visitor = office.visitor()
    for text in said or ("I want my money back",):
        conversation = (await office.posts(visitor, text)).fold.id
    await office.desk.perform(conversation, lambda c: c.request_human(visitor, on_duty=True))
    return conversation


async def summarises(
    office: Office,
    conversation: str,
    model: Model,
    *,
    within_s: float = 10,
    attempts: int = 0,
    desk: Desk | None = None,
) -> None:
    job = Job("j", "summary", conversation, 0, 1, attempts)
    await Summaries(desk or office.desk, office.database, model, within_s=within_s).summarise(job)


async def summaries(office: Office, conversation: str) -> list[e.Summarised]:
    return [event.fact for event in await office.log(conversation) if isinstance(event.fact, e.Summarised)]


async def test_whoever_needs_a_person_causes_the_job(office: Office):
    await waiting(office)
    later = office.clock() + dt.timedelta(days=2)
    due = office.database.write_now(lambda conn: jobs.lease(conn, KINDS, later, later, 10))

    assert "summary" in {job.kind for job in due}


async def test_the_model_tells_it_in_one_call_without_tools(office: Office, server: OpenAIServer, model: Model):
    conversation = await waiting(office)
    asked = (await office.stored(conversation)).since
    await summarises(office, conversation, model)

    assert await summaries(office, conversation) == [e.Summarised(asked, "Coral Heron", **TOLD, by="model")]
    [request] = server.requests
    assert not request.body.get("tools")
    assert "Visitor: I want my money back" in request.body["messages"][-1]["content"]


async def test_it_is_the_systems_and_no_visitor_sees_it(office: Office, model: Model):
    conversation = await waiting(office)
    await summarises(office, conversation, model)
    event = (await office.log(conversation))[-1]

    assert (event.author.role, event.public_seq) == ("system", None)
    assert for_visitor(event) is None


async def test_a_job_that_runs_twice_tells_it_once(office: Office, server: OpenAIServer, model: Model):
    conversation = await waiting(office)
    await asyncio.gather(*(summarises(office, conversation, model) for _ in range(3)))
    asked = len(server.requests)
    await summarises(office, conversation, model)

    assert len(await summaries(office, conversation)) == 1
    assert len(server.requests) == asked


async def test_whoever_takes_the_chat_that_waited_gets_no_second_one_and_the_next_in_charge_does(
    office: Office, model: Model
):
    conversation = await waiting(office)
    await summarises(office, conversation, model)
    await office.desk.perform(conversation, lambda c: c.claim(ANA))
    await summarises(office, conversation, model)
    assert len(await summaries(office, conversation)) == 1
    await office.desk.perform(conversation, lambda c: c.transfer(ANA, BEN))
    await summarises(office, conversation, model)

    first, second = await summaries(office, conversation)
    assert first.handover < second.handover


@pytest.mark.parametrize(
    "answer",
    [
        reply(*says("I would say that they want a refund."), *ends()),
        reply(*says('{"wants": "A refu'), Fault.CUT),
        reply(*says("{"), Fault.STALL),
        reply(Fault.STALL),
        refuses(401),
    ],
    ids=["nonsense", "cut off", "half an answer", "silence", "refused"],
)
async def test_whatever_the_model_does_the_team_is_told(
    office: Office, server: OpenAIServer, model: Model, answer: Reply
):
    server.script(answer)
    conversation = await waiting(office)
    asked = (await office.stored(conversation)).since
    await summarises(office, conversation, model, within_s=0.3)

    wants = "I want my money back"
    assert await summaries(office, conversation) == [
        e.Summarised(asked, "Coral Heron", wants, "", wants, "calm", "en", "extracted")
    ]


async def test_without_a_named_model_it_is_extracted(office: Office):
    conversation = await waiting(office)
    await summarises(office, conversation, BuiltinModel())

    assert [summary.by for summary in await summaries(office, conversation)] == ["extracted"]


async def test_a_model_that_has_just_failed_the_visitor_is_not_waited_for_again(
    office: Office, server: OpenAIServer, model: Model
):
    conversation = (await office.posts(office.visitor(), "I want my money back")).fold.id
    await office.desk.perform(conversation, lambda c: c.start_answer("answer-1"))
    failed = {"text": "", "reason": "model_failure", "summary": "HTTP 500", "on_duty": True}
    await office.desk.perform(conversation, lambda c: c.fail_answer("answer-1", **failed))
    await summarises(office, conversation, model)

    assert [summary.by for summary in await summaries(office, conversation)] == ["extracted"]
    assert server.requests == []


async def test_where_nothing_was_said_there_is_nothing_to_sum_up(office: Office):
    visitor = office.visitor()
    done = await office.desk.open(visitor, lambda c: c.request_human(visitor, on_duty=True))
    await summarises(office, done.fold.id, BuiltinModel())

    assert await summaries(office, done.fold.id) == []


async def test_where_the_visitor_has_gone_back_to_the_assistant_nobody_needs_it(office: Office):
    conversation = await waiting(office)
    fold = await office.stored(conversation)
    await office.desk.perform(conversation, lambda c: c.hand_back(ANA))
    await summarises(office, conversation, BuiltinModel())

    assert fold.control == "pending"
    assert await summaries(office, conversation) == []


# Redaction


async def redacts(office: Office, conversation: str, place: int = 0) -> None:
    target = (await office.log(conversation))[place]
    await office.desk.perform(conversation, lambda c: c.redact(ANA, target))


async def test_a_redaction_in_the_conversation_empties_it(office: Office, model: Model):
    conversation = await waiting(office)
    await summarises(office, conversation, model)
    await redacts(office, conversation)

    [emptied] = await summaries(office, conversation)
    assert (emptied.who, emptied.wants, emptied.tried, emptied.open) == ("", "", "", "")
    assert emptied.redacted


async def test_after_a_redaction_there_is_another_without_the_words(office: Office, model: Model):
    conversation = await waiting(office, "My card is 4111", "I want my money back")
    await summarises(office, conversation, model)
    await redacts(office, conversation)
    for _ in range(2):
        await summarises(office, conversation, model)

    emptied, another = await summaries(office, conversation)
    assert emptied.redacted
    assert not another.redacted
    assert "4111" not in str(another)


async def test_it_can_be_redacted_by_itself(office: Office, model: Model):
    conversation = await waiting(office)
    await summarises(office, conversation, model)
    await redacts(office, conversation, -1)

    await summarises(office, conversation, model)

    [emptied] = await summaries(office, conversation)
    assert emptied.redacted
    assert (await office.log(conversation))[-1].public_seq is None


async def test_what_was_redacted_while_the_model_thought_is_not_told_again(
    office: Office, server: OpenAIServer, model: Model
):
    thought, clean = asyncio.Event(), TOLD | {"wants": "Something."}
    server.script(
        reply(thought, *says(json.dumps(TOLD | {"wants": "Has the card 4111."})), *ends()),
        reply(*says(json.dumps(clean)), *ends()),
    )
    conversation = await waiting(office, "My card is 4111", "I want my money back")
    making = asyncio.create_task(summarises(office, conversation, model))
    await server.request(0)
    await redacts(office, conversation)
    thought.set()
    await making

    assert [summary.wants for summary in await summaries(office, conversation)] == ["Something."]
    assert "4111" not in str(server.requests[1].body)


async def test_what_is_said_while_the_model_thinks_costs_no_second_call(
    office: Office, server: OpenAIServer, model: Model
):
    thought = asyncio.Event()
    server.script(reply(thought, *says(json.dumps(TOLD)), *ends()))
    conversation = await waiting(office)
    making = asyncio.create_task(summarises(office, conversation, model))
    await server.request(0)
    await office.desk.perform(conversation, lambda c: c.note(ANA, "I know them"))
    thought.set()
    await making

    assert len(await summaries(office, conversation)) == 1
    assert len(server.requests) == 1


# What it may cost


async def test_a_model_is_asked_twice_at_most_however_often_something_is_redacted_meanwhile(
    office: Office, server: OpenAIServer, model: Model
):
    thought = [asyncio.Event(), asyncio.Event()]
    server.script(
        *(reply(each, *says(json.dumps(TOLD | {"wants": "Has the card 4111."})), *ends()) for each in thought)
    )
    conversation = await waiting(office, "My card is 4111", "It is 4111!", "I want my money back")
    making = asyncio.create_task(summarises(office, conversation, model))
    for number, each in enumerate(thought):
        await server.request(number)
        await redacts(office, conversation, number)
        each.set()
    await making

    assert [(told.by, told.wants) for told in await summaries(office, conversation)] == [
        ("extracted", "I want my money back")
    ]
    assert len(server.requests) == 2


async def test_a_redaction_gives_a_model_no_more_time(office: Office, server: OpenAIServer, model: Model):
    server.script(reply(Fault.STALL))
    conversation = await waiting(office, "My card is 4111", "I want my money back")
    making = asyncio.create_task(summarises(office, conversation, model, within_s=0.5))
    await server.request(0)
    await redacts(office, conversation)
    await making

    assert [told.by for told in await summaries(office, conversation)] == ["extracted"]
    assert len(server.requests) == 1


class Crowded(Desk):
    """Somebody always writes first."""

    async def perform(self, conversation: str, request: Request, **more: Any) -> Done:
        await super().perform(conversation, lambda c: c.note(ANA, "Me first"))
        return await super().perform(conversation, request, **more)


async def test_where_others_always_write_first_the_model_is_not_asked_for_it_again(
    office: Office, server: OpenAIServer, model: Model
):
    conversation = await waiting(office)
    crowded = Crowded(office.database, office.bus, office.worker, office.clock)
    with pytest.raises(Overtaken):
        await summarises(office, conversation, model, desk=crowded)
    assert await summaries(office, conversation) == []
    await summarises(office, conversation, model, attempts=1)

    assert [told.by for told in await summaries(office, conversation)] == ["extracted"]
    assert len(server.requests) == 1
