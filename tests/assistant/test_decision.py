"""Escalate, offer or answer, from the log."""

import datetime as dt

import pytest

from havana.assistant.understanding.decision import Decision, decide
from havana.chat import events as e
from havana.chat.people import Author

VISITOR = Author("visitor", "v1", "Coral Heron")
ASSISTANT = Author("assistant", "assistant", "Assistant")
SYSTEM = Author("system", "system", "Havana Tech")
NOON = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)

OFFER = e.MessagePosted("Would you rather talk to a person?", ("request_human", "keep_going"))


class Log:
    """A conversation's events, as they are told."""

    def __init__(self) -> None:
        self.events: list[e.Event] = []

    def add(self, fact: e.AnyFact, author: Author = SYSTEM) -> "Log":
        seq = len(self.events) + 1
        self.events.append(e.Event(seq, seq, f"e{seq}", NOON, author, None, fact))
        return self

    def asks(self, *texts: str) -> "Log":
        for text in texts:
            self.add(e.MessagePosted(text), VISITOR)
        return self

    def hears(self, sureness: float | None = 0.9, outcome: e.Outcome = "complete") -> "Log":
        answer = f"answer-{len(self.events)}"
        self.add(e.AnswerStarted(answer), ASSISTANT)
        return self.add(e.AnswerFinished(answer, outcome, "Words.", sureness=sureness), ASSISTANT)


def test_a_question_is_answered():
    assert decide(Log().asks("What does welding cost?").events) == Decision("answer")


def test_an_explicit_wish_is_obeyed_at_once_whatever_stands_beside_it():
    log = Log().asks("What does welding cost?").hears().asks("I want to talk to a person", "how much is hvac?")

    assert decide(log.events) == Decision("escalate")


def test_a_vague_word_gets_the_offer_and_no_answer():
    assert decide(Log().asks("agent?").events) == Decision("offer")


def test_a_question_after_a_vague_word_is_answered():
    assert decide(Log().asks("agent?", "what does welding cost?").events) == Decision("answer")


def test_anger_gets_one_offer_below_an_answer():
    log = Log().asks("This is ridiculous")
    assert decide(log.events) == Decision("answer", offers=True, is_angry=True)

    log.hears(None).add(OFFER).asks("Ridiculous, all of it")
    assert decide(log.events) == Decision("answer", is_angry=True)


@pytest.mark.parametrize(
    "third",
    ["What does welding cost?", "what does WELDING cost", "so what does the welding cost??"],
)
def test_the_same_question_three_times_gets_one_offer(third: str):
    log = Log().asks("What does welding cost?").hears().asks("What does the welding cost").hears()
    assert not decide(log.asks("When does it start?").events).offers

    log.hears().asks(third)
    assert decide(log.events) == Decision("answer", offers=True)

    log.hears().add(OFFER).asks("What does welding cost?")
    assert decide(log.events) == Decision("answer")


def test_thanking_three_times_is_no_question():
    log = Log().asks("thanks").hears(None).asks("thanks").hears(None).asks("thanks")

    assert not decide(log.events).offers


def test_an_answer_that_was_unsure_is_remembered_until_one_was_sure_or_the_offer_was_made():
    log = Log().asks("Do you sell pizza?").hears(0.0).asks("Or burgers?")
    assert decide(log.events).unsure_before

    assert decide(log.hears(None).asks("And fries?").events).unsure_before  # "You are welcome" is neither
    assert not decide(log.hears(0.8).asks("And salad?").events).unsure_before
    assert not decide(log.hears(0.1).add(OFFER).asks("And soup?").events).unsure_before


def test_what_was_said_before_somebody_else_was_in_charge_has_been_heard():
    log = Log().asks("I want to talk to a person").add(e.HumanRequested("visitor"), VISITOR)
    log.add(e.RequestWithdrawn(), VISITOR)

    assert decide(log.events) == Decision("answer")


def test_an_answer_that_was_cut_leaves_the_wish_standing():
    log = Log().asks("agent?").hears(None, "interrupted")

    assert decide(log.events) == Decision("offer")


def test_a_message_that_came_while_an_answer_was_written_is_not_covered_by_it():
    log = Log().asks("What does welding cost?")
    log.add(e.AnswerStarted("answer-1"), ASSISTANT).asks("get me a human please")
    log.add(e.AnswerFinished("answer-1", "complete", "Words.", sureness=0.9), ASSISTANT)

    assert decide(log.events) == Decision("escalate")
