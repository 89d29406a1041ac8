"""Escalate, offer or answer, down to the log: what a visitor reads and the state never disagree."""

from collections.abc import AsyncGenerator, Sequence

import msgspec
import pytest

from havana.assistant.builtin import NOTED, SORRY, BuiltinModel
from havana.assistant.interface import Model, Prompt, Tool
from havana.assistant.responder import Responder
from havana.assistant.turn import Parts
from havana.chat import events as e
from havana.drafts import Drafts
from havana.duty import Duty
from havana.knowledge import ingest
from havana.knowledge.search import Knowledge
from havana.storage import sites
from havana.storage.jobs import Job

from .conftest import Office

ARTICLE = "# Welding\n\n## Cost\n\nWelding costs $8,400."


class Scripted:
    """A model that says what it is told to, after calling what it is told to."""

    name = "scripted"

    def __init__(self, text: str, *calls: tuple[str, dict[str, object]]) -> None:
        self.text = text
        self.calls = calls
        self.prompts: list[Prompt] = []
        self.results: list[str] = []

    async def answer(self, prompt: Prompt, tools: Sequence[Tool]) -> AsyncGenerator[str, None]:
        self.prompts.append(prompt)
        by_name = {tool.name: tool for tool in tools}
        for name, arguments in self.calls:
            self.results.append(await by_name[name].call(arguments))
        if self.text:
            yield self.text


@pytest.fixture
def taught(office: Office) -> Office:
    office.database.write_now(lambda conn: ingest.put(conn, office.site.id, "welding.md", ARTICLE))
    return office


async def answered(office: Office, conversation: str, model: Model) -> list[e.Event]:
    """What one answer appended, with somebody on duty."""
    before = len(await office.log(conversation))
    duty = Duty(office.clock)
    duty.arrived("agent-ana")
    knowledge = Knowledge(office.database)
    parts = Parts(office.desk, office.database, office.bus, Drafts(), duty, knowledge, model, office.clock)
    await Responder(parts).answer(Job("j", "answer", conversation, 0, 1, 0))
    return (await office.log(conversation))[before:]


async def asked(office: Office, text: str, model: Model) -> list[e.Event]:
    """What answering a first message appended."""
    return await answered(office, (await office.posts(office.visitor(), text)).fold.id, model)


def told(events: list[e.Event]) -> list[str]:
    return [event.fact.kind for event in events]


def finished(events: list[e.Event]) -> e.AnswerFinished:
    [fact] = [event.fact for event in events if isinstance(event.fact, e.AnswerFinished)]
    return fact


OFFERED = ["answer_started", "answer_finished", "message_posted"]
HANDED_OVER = ["answer_started", "answer_finished", "human_requested", "handover_noted", "message_posted"]


async def test_an_explicit_wish_is_obeyed_without_asking_the_model(office: Office):
    model = Scripted("No, stay with me.")
    events = await asked(office, "I want to talk to a human", model)

    assert told(events) == HANDED_OVER
    assert finished(events).text == office.site.words.certainly
    assert events[3].fact == e.HandoverNoted("asked", "The visitor asked for a person.")
    assert model.prompts == []


async def test_where_nobody_is_on_duty_a_wish_is_not_answered_with_of_course(office: Office):
    office.site = msgspec.structs.replace(office.site, hours={"mon": ("09:00-10:00",)})
    office.database.write_now(lambda conn: sites.settle(conn, office.site, office.clock()))
    events = await asked(office, "I want to talk to a human", Scripted("No."))

    assert finished(events).text == ""
    assert events[-1].fact.text == f"{office.site.words.nobody} They are back on Monday at 09:00 (UTC)."


async def test_the_team_reads_what_was_asked_before_the_wish(office: Office):
    visitor = office.visitor()
    conversation = (await office.posts(visitor, "How much is HVAC?")).fold.id
    await answered(office, conversation, Scripted("I do not know."))
    await office.posts(visitor, "get me a human please")
    events = await answered(office, conversation, Scripted("No."))

    assert events[3].fact == e.HandoverNoted("asked", "Asked for a person. Before that: How much is HVAC?")


async def test_a_vague_word_is_answered_by_the_offer_alone(office: Office):
    model = Scripted("An agent is somebody who acts.")
    events = await asked(office, "agent?", model)

    assert told(events) == OFFERED
    assert finished(events).text == ""
    assert events[-1].fact == e.MessagePosted(office.site.words.offer, ("request_human", "keep_going"))
    assert model.prompts == []


async def test_anger_gets_an_answer_and_the_offer(office: Office):
    events = await asked(office, "This is ridiculous", BuiltinModel(pause=0))

    assert told(events) == OFFERED
    assert (finished(events).text, finished(events).sureness) == (SORRY, None)


async def test_the_second_question_without_an_answer_gets_the_offer(taught: Office):
    visitor = taught.visitor()
    conversation = (await taught.posts(visitor, "Do you sell pizza?")).fold.id
    first = await answered(taught, conversation, BuiltinModel(pause=0))
    await taught.posts(visitor, "Is there a swimming pool?")
    second = await answered(taught, conversation, BuiltinModel(pause=0))
    await taught.posts(visitor, "May I bring my horse?")
    third = await answered(taught, conversation, BuiltinModel(pause=0))

    assert [told(events) for events in (first, second, third)] == [OFFERED[:2], OFFERED, OFFERED[:2]]
    assert [finished(events).sureness for events in (first, second, third)] == [0.0, 0.0, 0.0]


async def test_an_answer_that_cites_is_as_sure_as_what_it_cites_and_names_the_heading(taught: Office):
    done = finished(await asked(taught, "What does welding cost?", BuiltinModel(pause=0)))

    assert done.sureness is not None
    assert done.sureness > 0.5
    assert done.sources == (e.Source("Welding", None, "Welding costs $8,400.", "Cost"),)


async def test_a_promise_without_the_call_becomes_the_call(office: Office):
    model = Scripted("I'll connect you with an advisor right away.")
    events = await asked(office, "Can I get my money back?", model)

    assert told(events) == HANDED_OVER
    assert finished(events).text == model.text
    assert events[3].fact.reason == "cannot_answer"


async def test_a_model_that_asks_for_the_visitor_gets_the_buttons_below_its_question(office: Office):
    events = await asked(office, "Can I get my money back?", Scripted("Shall I connect you to an advisor?"))

    assert told(events) == OFFERED


async def test_a_model_offers_a_person_by_a_call_and_need_not_add_a_word(office: Office):
    assert told(await asked(office, "Hm.", Scripted("I am not sure.", ("offer_human", {})))) == OFFERED
    assert told(await asked(office, "Hm.", Scripted("", ("offer_human", {})))) == OFFERED


EMAIL = {"name": "Rosa", "email": "rosa@example.com"}


async def test_contact_that_the_visitor_wrote_is_passed_on_once(office: Office):
    model = Scripted("Thank you.", ("leave_contact", EMAIL), ("leave_contact", EMAIL))
    events = await asked(office, "I am Rosa, write to ROSA@example.com", model)

    assert told(events) == ["answer_started", "contact_left", "answer_finished"]
    assert events[1].fact == e.ContactLeft("Rosa", "rosa@example.com")
    assert events[1].author.role == "assistant"


async def test_an_address_that_is_put_right_in_the_same_answer_is_passed_on_too(office: Office):
    right = ("leave_contact", {"name": "Rosa", "email": "rosa@example.org"})
    model = Scripted("Thank you.", ("leave_contact", EMAIL), right)
    events = await asked(office, "I am Rosa, rosa@example.com. No, rosa@example.org", model)

    assert [event.fact.email for event in events if isinstance(event.fact, e.ContactLeft)] == [
        "rosa@example.com",
        "rosa@example.org",
    ]


async def test_a_greeting_that_a_model_looked_up_is_no_question_without_an_answer(taught: Office):
    model = Scripted("Hello.", ("search_knowledge", {"query": "hello"}))

    assert finished(await asked(taught, "Hello", model)).sureness is None


async def test_a_name_that_the_visitor_did_not_write_is_not_theirs(office: Office):
    model = Scripted("Thank you.", ("leave_contact", {"name": "Administrator", "email": "rosa@example.com"}))
    events = await asked(office, "It is rosa@example.com", model)

    assert events[1].fact == e.ContactLeft("Coral Heron", "rosa@example.com")


@pytest.mark.parametrize("email", ["mallory@example.com", "osa@example.com", "rosa@example.co", "", "not an address"])
async def test_contact_that_the_visitor_did_not_write_shows_the_form_instead(office: Office, email: str):
    model = Scripted("Please leave it below.", ("leave_contact", {"name": "Rosa", "email": email}))
    events = await asked(office, "Please write to rosa@example.community, my name is Rosa", model)

    assert told(events) == ["answer_started", "message_posted", "answer_finished"]
    assert events[1].fact == e.MessagePosted(office.site.words.contact, ("leave_contact",))


async def test_the_built_in_assistant_takes_an_address(office: Office):
    events = await asked(office, "My address is rosa@example.com.", BuiltinModel(pause=0))

    assert events[1].fact == e.ContactLeft("Coral Heron", "rosa@example.com")
    assert finished(events).text == NOTED
