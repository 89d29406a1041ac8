"""What a site lets its assistant answer, and what happens when that is used up: people, and never silence."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

import msgspec
import pytest
from structlog.testing import capture_logs

from havana.accounts.limits import Limits
from havana.assistant.interface import CutShort, Model, Prompt, Tool
from havana.assistant.models.chain import Chain
from havana.assistant.responder import Responder
from havana.assistant.turn import LONGEST_ANSWER, Parts
from havana.chat import events as e
from havana.chat.saying import A_PERSON
from havana.chat.site import Site
from havana.drafts import Drafts
from havana.duty import Duty
from havana.knowledge.search import Knowledge
from havana.storage import sites, spending
from havana.storage.jobs import Job

from .conftest import ANA, Office


class Paid:
    """A model whose every answer costs a dollar and a half, and that may have more to say than it can."""

    def __init__(self, *pieces: str, ends: Exception | None = None) -> None:
        self.name = "paid:model"
        self.pieces = pieces or ("It is", " free.")
        self.ends = ends
        self.prompts: list[Prompt] = []

    async def answer(self, prompt: Prompt, tools: Sequence[Tool]) -> AsyncGenerator[str, None]:
        self.prompts.append(prompt)
        try:
            for piece in self.pieces:
                yield piece
            if self.ends is not None:
                raise self.ends
        finally:
            prompt.spent.add(self.name, 1000, 200, 1_500_000)


class Unpriced(Paid):
    """One of which nobody knows what it costs."""

    async def answer(self, prompt: Prompt, tools: Sequence[Tool]) -> AsyncGenerator[str, None]:
        async with aclosing(super().answer(prompt, tools)) as pieces:
            async for piece in pieces:
                yield piece
        prompt.spent.add("own:model", 30, 4, None)


class Free(Paid):
    """Stands for the built-in one."""

    def __init__(self) -> None:
        super().__init__("I quote.")
        self.name = "builtin"

    async def answer(self, prompt: Prompt, tools: Sequence[Tool]) -> AsyncGenerator[str, None]:
        self.prompts.append(prompt)
        yield "I quote."


class House:
    """An office whose assistant is this model, with a site of these limits."""

    def __init__(self, office: Office, model: Model, **site_limits: Any) -> None:
        self.office = office
        self.duty = Duty(office.clock)
        self.visitor = office.visitor()
        limits = Limits(clock=lambda: office.clock().timestamp())
        knowledge = Knowledge(office.database)
        self.responder = Responder(
            Parts(office.desk, office.database, office.bus, Drafts(), self.duty, knowledge, model, office.clock, limits)
        )
        site = msgspec.structs.replace(office.site, **site_limits)
        office.database.write_now(lambda conn: sites.store(conn, site, office.clock()))
        office.clock.advance(seconds=2)  # until it is read again

    async def ask(self, text: str = "What does it cost?") -> list[e.Event]:
        """What was appended after the visitor's message."""
        asked = await self.office.posts(self.visitor, text)
        await self.responder.answer(Job("j", "answer", asked.fold.id, 0, 1, 0))
        self.conversation = asked.fold.id
        return (await self.office.log(asked.fold.id))[asked.fold.seq :]

    async def withdraws(self) -> None:
        await self.office.desk.perform(self.conversation, lambda c: c.withdraw_request(self.visitor))

    def spent(self) -> list[spending.Day]:
        today = self.office.clock.now.date()
        return [day for _, day in self.office.database.read_now(lambda conn: spending.since(conn, today))]


def told(events: list[e.Event]) -> tuple[list[str], str, str]:
    """The kinds, what the team reads, and what the visitor reads."""
    noted = next(event.fact for event in events if isinstance(event.fact, e.HandoverNoted))
    said = events[-1].fact
    assert isinstance(said, e.MessagePosted)
    assert noted.reason == "policy"
    return [event.fact.kind for event in events], noted.summary, said.text


HANDED_OVER = ["answer_started", "answer_finished", "human_requested", "handover_noted", "message_posted"]


async def test_what_answers_cost_adds_up_by_site_and_day(office: Office):
    house = House(office, Paid())

    await house.ask()
    await asyncio.gather(house.ask("One"), House(office, Paid()).ask("Two"))

    [day] = house.spent()
    assert day == spending.Day(office.site.id, office.clock.now.date(), 3, 3000, 600, 4_500_000)


async def test_when_the_day_s_money_is_spent_people_are_called_and_the_next_day_begins_anew(office: Office):
    house = House(office, model := Paid(), money_per_day=2.0)
    house.duty.arrived(ANA.id)
    await house.ask()
    await house.ask()

    kinds, summary, words = told(await house.ask())
    assert (kinds, words) == (HANDED_OVER, office.site.words.enough)
    assert summary == (
        "What the assistant may cost today is spent: 3.00 dollars (money_per_day = 2). "
        "The next day begins at 00:00 UTC."
    )
    assert len(model.prompts) == 2

    await house.withdraws()
    office.clock.advance(days=1)
    assert (await house.ask())[-1].fact == e.AnswerFinished(
        (await office.log(house.conversation))[-1].fact.answer, "complete", "It is free."
    )


async def test_the_built_in_model_goes_on_for_nothing_where_the_chain_has_it(office: Office):
    house = House(office, Chain([Paid(), Free()]), money_per_day=1.0)
    await house.ask()

    finished = (await house.ask())[-1].fact
    assert (finished.outcome, finished.text) == ("complete", "I quote.")
    assert house.spent()[0].answers == 1


async def test_tokens_without_a_price_are_counted_beside_the_money_and_warned_of_once(office: Office):
    house = House(office, Unpriced(), money_per_day=100.0)
    with capture_logs() as logs:
        await house.ask()
        await house.ask()

    [day] = house.spent()
    assert (day.input_tokens, day.output_tokens, day.micros, day.unpriced_tokens) == (2060, 408, 3_000_000, 68)
    assert [line for line in logs if line["log_level"] == "warning"] == [
        {
            "event": "money_per_day does not limit a model whose price is not known",
            "sites": office.site.key,
            "models": "own:model",
            "set": "HAVANA_MODEL_PRICES=own:model=INPUT/OUTPUT",
            "unit": "dollars for a million tokens",
            "log_level": "warning",
        }
    ]


async def test_a_site_without_a_limit_is_warned_of_nothing(office: Office):
    house = House(office, Unpriced())
    with capture_logs() as logs:
        await house.ask()

    assert house.spent()[0].unpriced_tokens == 34
    assert [line["event"] for line in logs if line["log_level"] == "warning"] == []


async def test_a_site_without_money_asks_no_model_that_costs_any(office: Office):
    house = House(office, model := Paid(), money_per_day=0.0)

    told(await house.ask())
    assert model.prompts == []


async def test_a_visitor_who_has_had_the_hour_s_answers_is_handed_to_people(office: Office):
    house = House(office, Paid(), answers_per_hour=2)
    await house.ask()
    await house.ask()

    _, summary, words = told(await house.ask())
    assert summary == "The visitor has had as many answers as one may have in an hour (answers_per_hour = 2)."
    # Nobody is on duty, and the words do not say that somebody comes.
    assert words == office.site.words.enough_nobody

    await house.withdraws()
    office.clock.advance(minutes=31)
    assert (await house.ask())[-1].fact.outcome == "complete"

    house.visitor = office.visitor()
    assert (await house.ask())[-1].fact.outcome == "complete"


async def test_an_answer_of_which_nothing_was_read_costs_money_and_none_of_the_hour_s(office: Office):
    house = House(office, model := Paid(" "), answers_per_hour=1)
    assert (await house.ask())[-1].fact.kind == "message_posted"
    await house.withdraws()
    model.pieces = ("It is free.",)

    assert (await house.ask())[-1].fact.kind == "answer_finished"
    assert house.spent()[0].answers == 2


async def test_an_answer_that_becomes_too_long_is_finished_and_said_to_be_cut(office: Office):
    house = House(office, model := Paid("A long story", ends=CutShort("model_failure")), answer_tokens=100)

    started, finished, words = await house.ask()

    assert finished.fact == e.AnswerFinished(started.fact.answer, "complete", "A long story")
    assert words.fact == e.MessagePosted(office.site.words.cut_short, A_PERSON)
    assert model.prompts[0].answer_tokens == 100
    assert (await office.stored(house.conversation)).control == "ai"


async def test_a_model_that_cannot_stop_is_stopped_with_the_same_words(office: Office):
    house = House(office, Paid("x" * LONGEST_ANSWER, "y", "z"))

    _, finished, words = await house.ask()

    assert (finished.fact.outcome, len(finished.fact.text)) == ("complete", LONGEST_ANSWER)
    assert words.fact == e.MessagePosted(office.site.words.cut_short, A_PERSON)


async def test_what_a_cut_answer_cost_is_counted_too(office: Office):
    gate = asyncio.Event()

    class Slow(Paid):
        async def answer(self, prompt: Prompt, tools: Sequence[Tool]) -> AsyncGenerator[str, None]:
            try:
                yield "Wel"
                gate.set()
                await asyncio.Event().wait()
            finally:
                prompt.spent.add(self.name, 1000, 1, 7)

    house = House(office, Slow())
    asking = asyncio.create_task(house.ask())
    async with asyncio.timeout(20):
        await gate.wait()
        assert house.spent() == []
        current = await office.posts(house.visitor, "Hello?")
        await office.desk.perform(current.fold.id, lambda c: c.claim(ANA))
        await asking

    assert house.spent()[0].micros == 7


@pytest.mark.parametrize("bad", [{"answer_tokens": 3}, {"answers_per_hour": 0}, {"money_per_day": -1.0}])
def test_a_limit_that_makes_no_sense_is_refused(bad: dict[str, float]):
    with pytest.raises(msgspec.ValidationError, match=next(iter(bad))):
        msgspec.convert({"id": "", "key": "k", "name": "n", **bad}, Site)
