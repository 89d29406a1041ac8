"""The rules of the design's chapter "An answer", one by one."""

import msgspec
import pytest

from havana.chat import events as e
from havana.chat import redaction
from havana.chat.errors import BadRequest

from .story import ANA, SITE, VISITOR, answering, begun, held


def test_an_answer_is_started_once_and_its_id_is_the_fence():
    story = begun()
    assert story.does(lambda c: c.start_answer("answer-1")) == ["answer_started"]
    assert story.fold.open_answer == "answer-1"

    assert story.asks(lambda c: c.finish_answer("answer-0", "Late words.")) == []
    assert story.does(lambda c: c.finish_answer("answer-1", "It costs 9,800 dollars.")) == ["answer_finished"]
    assert story.last == e.AnswerFinished("answer-1", "complete", "It costs 9,800 dollars.")
    assert story.fold.open_answer is None


def test_nothing_is_answered_twice():
    story = answering()
    story.does(lambda c: c.finish_answer("answer-1", "It costs 9,800 dollars."))

    assert story.asks(lambda c: c.start_answer("answer-2")) == []


@pytest.mark.parametrize(
    "late",
    [
        lambda c: c.finish_answer("answer-1", "Late words."),
        lambda c: c.escalate("answer-1", text="", reason="asked", summary="", on_duty=True),
        lambda c: c.fail_answer("answer-1", text="", reason="model_failure", summary="", on_duty=True),
        lambda c: c.offer_call(SITE.assistant_author, answer="answer-1"),
        lambda c: c.start_answer("answer-1"),
    ],
    ids=["finish", "escalate", "fail", "book_call", "start"],
)
def test_after_a_claim_nothing_of_the_answer_is_accepted(late):
    story = answering(shown="Welding")
    story.does(lambda c: c.claim(ANA))

    assert story.asks(late) == []


def test_a_message_supersedes_an_answer_of_which_nothing_was_shown():
    story = answering(shown="")

    assert story.does(lambda c: c.post(VISITOR, "And HVAC?", "key-0002")) == ["answer_finished", "message_posted"]
    assert story.events[-2].fact == e.AnswerFinished("answer-1", "superseded", "")


def test_a_message_during_shown_text_lets_the_answer_finish_and_the_next_one_cover_the_rest():
    story = answering(shown="Welding costs")
    assert story.does(lambda c: c.post(VISITOR, "And HVAC?", "key-0002")) == ["message_posted"]
    story.does(lambda c: c.finish_answer("answer-1", "Welding costs 9,800 dollars."))

    assert story.fold.unanswered
    assert story.does(lambda c: c.start_answer("answer-2")) == ["answer_started"]


def test_an_escalation_is_one_append_with_the_words_so_far():
    story = answering(shown="Let me get")

    assert story.does(
        lambda c: c.escalate(
            "answer-1", text="Let me get somebody.", reason="asked", summary="Wants Ana.", on_duty=True
        )
    ) == ["answer_finished", "human_requested", "handover_noted", "words"]
    assert story.fact(e.AnswerFinished) == e.AnswerFinished("answer-1", "complete", "Let me get somebody.")
    assert story.fact(e.HumanRequested) == e.HumanRequested("assistant")
    assert story.fact(e.HandoverNoted) == e.HandoverNoted("asked", "Wants Ana.")


def test_a_model_failure_ends_with_words_to_the_visitor_and_a_place_in_the_queue():
    story = answering(shown="Weld")

    assert story.does(
        lambda c: c.fail_answer("answer-1", text="Weld", reason="model_failure", summary="HTTP 500", on_duty=True)
    ) == ["answer_finished", "human_requested", "handover_noted", "words"]
    assert story.fact(e.AnswerFinished) == e.AnswerFinished("answer-1", "failed", "Weld")
    assert story.fact(e.HumanRequested) == e.HumanRequested("system")
    assert story.last == e.MessagePosted(SITE.words.failed)
    assert story.fold.control == "pending"


def test_a_dead_workers_answer_is_superseded_if_nothing_was_shown():
    story = answering(shown="")

    assert story.does(lambda c: c.start_answer("answer-2")) == ["answer_finished", "answer_started"]
    assert story.events[-2].fact == e.AnswerFinished("answer-1", "superseded", "")


def test_a_dead_workers_answer_is_interrupted_with_words_if_something_was_shown():
    story = answering(shown="Welding co")

    assert story.does(lambda c: c.start_answer("answer-2")) == ["answer_finished", "words", "answer_started"]
    assert story.events[-3].fact == e.AnswerFinished("answer-1", "interrupted", "Welding co")
    assert story.fold.open_answer == "answer-2"


def test_a_redaction_ends_an_open_answer_first():
    story = answering(shown="You said")
    first = story.events[0]

    assert story.does(lambda c: c.redact(ANA, first)) == ["answer_finished", "redacted"]


def test_a_redaction_of_what_is_redacted_already_changes_nothing():
    story = begun()
    story.does(lambda c: c.redact(ANA, story.events[0]))
    first = msgspec.structs.replace(story.events[0], fact=redaction.emptied(story.events[0].fact))

    assert story.asks(lambda c: c.redact(ANA, first)) == []


def test_an_answer_without_words_has_none_to_redact():
    story = answering(shown="")
    story.does(lambda c: c.claim(ANA))
    ended = next(event for event in story.events if isinstance(event.fact, e.AnswerFinished))

    with pytest.raises(BadRequest):
        story.asks(lambda c: c.redact(ANA, ended))


def test_an_interrupted_answer_does_not_count_as_one():
    story = answering(shown="Welding")
    story.does(lambda c: c.claim(ANA))
    story.does(lambda c: c.hand_back(ANA))

    assert story.does(lambda c: c.start_answer("answer-2")) == ["answer_started"]


def test_no_answer_starts_while_a_person_is_in_charge():
    assert held().asks(lambda c: c.start_answer("answer-1")) == []
