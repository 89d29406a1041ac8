"""No visitor waits longer than 45 seconds without a word, however many messages they write meanwhile."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from havana.assistant.interface import Prompt, Tool
from havana.assistant.responder import Responder
from havana.assistant.turn import Parts
from havana.chat import events as e
from havana.drafts import Drafts
from havana.duty import Duty
from havana.knowledge.search import Knowledge
from havana.storage.jobs import Job

from .conftest import Office


class Silent:
    """A model that never says anything."""

    name = "silent"

    def __init__(self) -> None:
        self.asked = asyncio.Queue[None]()

    async def answer(self, prompt: Prompt, tools: Sequence[Tool]) -> AsyncGenerator[str, None]:
        self.asked.put_nowait(None)
        await asyncio.Event().wait()
        yield ""


async def test_messages_that_supersede_a_silent_answer_do_not_begin_the_wait_anew(office: Office, monkeypatch):
    # The last chance of a visitor who has waited long enough is shortened, so that the test does not wait for it.
    monkeypatch.setattr("havana.assistant.responder.LAST_CHANCE_S", 0.01)
    model = Silent()
    duty = Duty(office.clock)
    parts = Parts(
        office.desk, office.database, office.bus, Drafts(), duty, Knowledge(office.database), model, office.clock
    )
    responder = Responder(parts)
    visitor = office.visitor()
    conversation = (await office.posts(visitor, "Hello?")).fold.id
    job = Job("j", "answer", conversation, 0, 1, 0)
    for number in range(3):
        answering = asyncio.create_task(responder.answer(job))
        await model.asked.get()
        office.clock.advance(seconds=14)
        await office.posts(visitor, f"Hello? {number}")
        await answering
    assert (await office.stored(conversation)).control == "ai"

    await responder.answer(job)
    log = await office.log(conversation)
    assert (await office.stored(conversation)).control == "pending"
    assert isinstance(log[-1].fact, e.MessagePosted)
    assert log[-1].author.role == "system"
