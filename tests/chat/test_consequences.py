"""Which durable work an append causes."""

import datetime as dt

import pytest

from havana.chat.consequences import Wanted, consequences
from havana.chat.conversation import Conversation

from .story import ANA, BEN, NOON, SITE, VISITOR, Story, answering, begun, closed, held, pending


def caused(story: Story, request) -> list[Wanted]:
    before = len(story.events)
    story.does(request)
    return consequences(story.events[before:], story.fold, SITE)


def kinds(wanted: list[Wanted]) -> list[str]:
    return [job.kind for job in wanted]


def test_a_first_message_wants_an_answer_and_starts_the_idle_clock():
    assert caused(Story(), lambda c: c.post(VISITOR, "Hi", "key-0001")) == [
        Wanted("answer"),
        Wanted("idle", 24 * 3600, 1),
    ]


def test_a_later_message_wants_an_answer():
    assert kinds(caused(begun(), lambda c: c.post(VISITOR, "Hi", "key-0002"))) == ["answer"]


def test_a_message_during_an_answer_wants_the_next_one():
    assert kinds(caused(answering("shown"), lambda c: c.post(VISITOR, "Hi", "key-0002"))) == ["answer"]


def test_a_message_to_a_person_wants_a_look_at_whether_they_are_still_here():
    assert caused(held(), lambda c: c.post(VISITOR, "Hi", "key-0002")) == [Wanted("agent_gone")]


def test_a_message_while_waiting_wants_nothing():
    assert caused(pending(), lambda c: c.post(VISITOR, "Hi", "key-0002")) == []


def test_a_request_for_a_person_wants_a_reminder_that_belongs_to_that_change_and_a_summary():
    story = begun()
    wanted = caused(story, lambda c: c.request_human(VISITOR, on_duty=True))

    since = story.fold.since
    assert wanted == [Wanted("remind", 120, since), Wanted("unseen", 60, since), Wanted("summary")]


def test_no_reminder_where_the_way_out_was_offered_at_once():
    assert kinds(caused(begun(), lambda c: c.request_human(VISITOR, on_duty=False))) == ["unseen", "summary"]


def test_a_return_to_the_queue_wants_a_reminder_and_a_summary():
    assert kinds(caused(held(), lambda c: c.return_to_queue(ANA, on_duty=True))) == ["remind", "unseen", "summary"]


def test_whoever_is_given_a_chat_wants_a_summary():
    assert "summary" in kinds(caused(held(), lambda c: c.transfer(ANA, BEN)))


@pytest.mark.parametrize(
    ("story", "request_"),
    [
        (held, lambda c: c.hand_back(ANA)),
        (pending, lambda c: c.withdraw_request(VISITOR)),
        (closed, lambda c: c.post(VISITOR, "Again", "key-0002")),
        (closed, lambda c: c.reopen(ANA)),
    ],
    ids=["handed back", "withdrawn", "reopened by words", "reopened by an agent"],
)
def test_coming_back_to_the_assistant_with_an_open_question_wants_an_answer(story, request_):
    assert kinds(caused(story(), request_)) == ["answer", "idle"]


def test_coming_back_with_everything_answered_wants_none():
    story = held()
    story.does(lambda c: c.reply(ANA, "Done.", "key-0002"))

    assert kinds(caused(story, lambda c: c.hand_back(ANA))) == ["idle"]


def test_a_finished_answer_wants_nothing():
    assert caused(answering(), lambda c: c.finish_answer("answer-1", "Words.")) == []
    assert dt.timedelta(seconds=SITE.remind_after_s) == dt.timedelta(minutes=2)


@pytest.mark.parametrize("request_", [lambda c: c.claim(ANA), lambda c: c.reply(ANA, "Hi", "key-0002")])
def test_whoever_takes_a_chat_is_looked_for_only_while_the_visitor_waits(request_):
    wanted = kinds(caused(begun(), request_))

    replied = request_(Conversation(begun().fold, SITE, NOON))[-1].key
    assert wanted == (["summary"] if replied else ["agent_gone", "summary"])


def test_a_redaction_that_ends_an_answer_wants_another():
    story = answering("You said")
    first = story.events[0]

    assert "answer" in kinds(caused(story, lambda c: c.redact(ANA, first)))
