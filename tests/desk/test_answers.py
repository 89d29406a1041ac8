"""An answer while it is written, as other nodes see it."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from havana.assistant.interface import Model, Prompt, Tool
from havana.assistant.responder import Responder
from havana.assistant.turn import Parts
from havana.bus import Delta, DraftWanted, Message, conversation_topic
from havana.chat.people import Agent
from havana.drafts import Drafts
from havana.duty import Duty
from havana.knowledge.search import Knowledge
from havana.storage.jobs import Job

from .conftest import ANA, Office


class Halting:
    """A model that says a word and then thinks for ever, until it is told to stop."""

    name = "halting"

    def __init__(self) -> None:
        self.stopped = asyncio.Event()

    async def answer(self, prompt: Prompt, tools: Sequence[Tool]) -> AsyncGenerator[str, None]:
        yield "Welding"
        try:
            await asyncio.Event().wait()
        finally:
            self.stopped.set()


class Booking:
    """A model that asks for the booking link twice, as one whose database may have stored the first has to."""

    name = "booking"

    async def answer(self, prompt: Prompt, tools: Sequence[Tool]) -> AsyncGenerator[str, None]:
        book = next(tool for tool in tools if tool.name == "book_call")
        for _ in range(2):
            await book.call({})
        yield "Here you are."


class Words:
    """What comes over the bus of an answer."""

    def __init__(self, office: Office, conversation: str) -> None:
        self._heard = asyncio.Queue[Delta]()
        office.bus.subscribe(conversation_topic(conversation), self._hear)

    def _hear(self, message: Message) -> None:
        if isinstance(message, Delta):
            self._heard.put_nowait(message)

    async def next(self) -> Delta:
        async with asyncio.timeout(20):
            return await self._heard.get()


async def answering(office: Office, model: Model, conversation: str) -> asyncio.Task[None]:
    knowledge = Knowledge(office.database)
    duty = Duty(office.clock)
    parts = Parts(office.desk, office.database, office.bus, Drafts(), duty, knowledge, model, office.clock)
    return asyncio.create_task(Responder(parts).answer(Job("j", "answer", conversation, 0, 1, 0)))


async def test_whoever_lacks_words_of_an_answer_gets_all_of_them_from_whoever_writes_it(office: Office):
    conversation = (await office.posts(office.visitor(), "What is it?")).fold.id
    words = Words(office, conversation)
    writing = await answering(office, Halting(), conversation)
    first = await words.next()
    office.bus.publish(conversation_topic(conversation), DraftWanted(conversation, "another"))
    office.bus.publish(conversation_topic(conversation), DraftWanted(conversation, first.answer))

    assert await words.next() == first == Delta(conversation, first.answer, 0, "Welding")
    writing.cancel()


async def test_a_claim_on_another_node_cuts_the_answer_as_soon_as_it_is_heard_of(office: Office):
    model = Halting()
    conversation = (await office.posts(office.visitor(), "What is it?")).fold.id
    words = Words(office, conversation)
    writing = await answering(office, model, conversation)
    await words.next()
    ana = Agent(ANA.id, ANA.name)
    elsewhere = office.another_desk(office.bus)
    await elsewhere.perform(conversation, lambda c: c.claim(ana))

    async with asyncio.timeout(20):
        await model.stopped.wait()
        await writing
    assert (await office.kinds(conversation))[-3:] == ["answer_finished", "claimed", "message_posted"]


async def test_a_booking_link_stands_once_in_an_answer_however_often_it_is_asked_for(office: Office):
    visitor = office.visitor()
    conversation = (await office.posts(visitor, "What does it cost?")).fold.id
    await (await answering(office, Booking(), conversation))
    assert (await office.kinds(conversation))[1:] == ["answer_started", "call_offered", "answer_finished"]
    assert (await office.log(conversation))[-1].fact.outcome == "complete"

    await office.posts(visitor, "Again?")
    await (await answering(office, Booking(), conversation))
    assert (await office.kinds(conversation)).count("call_offered") == 2
