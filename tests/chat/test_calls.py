"""Calls of a site's tools: asked for, allowed or not, made, over."""

import datetime as dt

import pytest

from havana.chat import calls, redaction
from havana.chat import events as e
from havana.chat.consequences import Wanted, consequences
from havana.chat.errors import AlreadyClaimed, LimitReached, Stale
from havana.chat.fold import OpenCall
from havana.chat.views import summary_of

from .story import ADA, ANA, BEN, NOON, SITE, VISITOR, Story, answering

UNTIL = NOON + dt.timedelta(minutes=10)
SOON = NOON + dt.timedelta(seconds=25)
CALL = calls.Made("call-1", "answer-1", "cancel_order", {"order": "17"})
ALLOWED = calls.Made("call-2", "answer-1", "send_receipt", {"to": "me"})


def asking(shown: str = "") -> Story:
    story = answering(shown)
    story.does(lambda c: calls.ask(c, CALL, UNTIL, on_duty=True))
    return story


def waiting() -> Story:
    """The answer that asked is finished."""
    story = asking()
    story.does(lambda c: c.finish_answer("answer-1", "I have asked the team."))
    return story


def allowed() -> Story:
    story = waiting()
    story.does(lambda c: calls.allow(c, ANA, "call-1"))
    return story


def started() -> Story:
    story = allowed()
    story.does(lambda c: calls.start(c, "call-1", SOON))
    return story


def changing() -> Story:
    """An answer is making a call that needs nobody's leave."""
    story = answering()
    story.does(lambda c: calls.begin(c, ALLOWED, SOON))
    return story


def caused(story: Story, request) -> list[Wanted]:
    before = len(story.events)
    story.does(request)
    return consequences(story.events[before:], story.fold, SITE)


def test_the_team_is_asked_and_the_visitor_is_told_in_one_append():
    story = answering()

    assert story.does(lambda c: calls.ask(c, CALL, UNTIL, on_duty=True)) == ["tool_requested", "words"]
    assert story.last == e.MessagePosted(SITE.words.approval_asked)
    assert story.fact(e.ToolRequested) == e.ToolRequested("call-1", "answer-1", "cancel_order", {"order": "17"}, UNTIL)
    assert story.fold.calls == (OpenCall("call-1", "cancel_order", "asked", UNTIL, "answer-1"),)


def test_with_nobody_on_duty_the_visitor_is_told_when_it_will_not_be_done():
    story = answering()
    story.does(lambda c: calls.ask(c, CALL, UNTIL, on_duty=False))

    assert "nobody is here right now" in story.last.text
    assert "within 10 minutes" in story.last.text


def test_an_answer_that_somebody_has_closed_asks_for_nothing():
    story = answering("Let me")
    story.does(lambda c: c.claim(ANA))

    assert story.asks(lambda c: calls.ask(c, CALL, UNTIL, on_duty=True)) == []
    assert story.asks(lambda c: calls.begin(c, ALLOWED, SOON)) == []
    assert story.asks(lambda c: calls.report(c, ALLOWED, "done", "{}")) == []


def test_the_team_is_not_asked_twice_for_the_same_tool_nor_for_many_at_once():
    story = asking()
    with pytest.raises(Stale, match="has not decided yet"):
        story.asks(lambda c: calls.ask(c, CALL, UNTIL, on_duty=True))

    for number in (2, 3):
        made = calls.Made(f"call-{number}", "answer-1", f"tool-{number}", {})
        story.does(lambda c, made=made: calls.ask(c, made, UNTIL, on_duty=True))
    with pytest.raises(LimitReached):
        story.asks(lambda c: calls.ask(c, calls.Made("call-4", "answer-1", "tool-4", {}), UNTIL, on_duty=True))


def test_an_agent_allows_it_and_the_visitor_reads_who():
    story = waiting()

    assert story.does(lambda c: calls.allow(c, ANA, "call-1")) == ["tool_allowed", "words"]
    assert story.last == e.MessagePosted("Ana has allowed it.")
    assert story.events[-2].author == ANA.author


def test_whoever_decides_second_is_told_that_it_is_decided():
    for first in (calls.allow, calls.refuse):
        for second in (calls.allow, calls.refuse):
            story = waiting()
            story.does(lambda c, first=first: first(c, ANA, "call-1"))
            with pytest.raises(Stale, match="decided already"):
                story.asks(lambda c, second=second: second(c, BEN, "call-1"))


def test_a_call_that_nobody_knows_of_is_not_decided():
    with pytest.raises(Stale):
        waiting().asks(lambda c: calls.allow(c, ANA, "call-9"))


def test_in_the_hands_of_an_agent_it_is_decided_by_that_agent_or_an_admin():
    story = waiting()
    story.does(lambda c: c.claim(ANA))
    with pytest.raises(AlreadyClaimed, match="Ana"):
        story.asks(lambda c: calls.allow(c, BEN, "call-1"))

    assert story.asks(lambda c: calls.refuse(c, ADA, "call-1")) != []
    assert story.does(lambda c: calls.allow(c, ANA, "call-1")) == ["tool_allowed", "words"]
    assert story.fold.control == "human"


def test_after_a_refusal_the_assistant_goes_on():
    story = waiting()

    assert caused(story, lambda c: calls.refuse(c, ANA, "call-1")) == [Wanted("answer")]
    assert story.last == e.MessagePosted(SITE.words.refused)
    assert story.does(lambda c: c.start_answer("answer-2")) == ["answer_started"]
    assert story.fold.calls == ()


def test_a_time_out_is_a_refusal_and_comes_once():
    story = waiting()

    assert caused(story, lambda c: calls.expire(c, "call-1")) == [Wanted("answer")]
    assert story.fact(e.ToolRefused) == e.ToolRefused("call-1", "cancel_order", "expired")
    assert story.last == e.MessagePosted(SITE.words.not_allowed)
    assert story.asks(lambda c: calls.expire(c, "call-1")) == []
    with pytest.raises(Stale):
        story.asks(lambda c: calls.allow(c, ANA, "call-1"))


def test_a_click_after_its_time_is_up_allows_nothing_however_late_the_time_out_is_told():
    story = waiting()
    story.now = UNTIL

    with pytest.raises(Stale, match="time is up"):
        story.asks(lambda c: calls.allow(c, ANA, "call-1"))
    assert story.does(lambda c: calls.refuse(c, ANA, "call-1")) == ["tool_refused", "words"]


def test_a_chat_that_is_closed_says_that_what_waited_was_not_done():
    story = waiting()
    story.does(lambda c: c.close(VISITOR.author))

    words = [event.fact.text for event in story.events if isinstance(event.fact, e.MessagePosted)]
    assert words[-2:] == [SITE.words.not_done, SITE.words.closed]


def test_what_was_allowed_does_not_expire():
    assert allowed().asks(lambda c: calls.expire(c, "call-1")) == []


def test_a_request_is_looked_at_when_its_time_is_up_and_what_is_allowed_is_made_at_once():
    story = answering()
    wanted = caused(story, lambda c: calls.ask(c, CALL, UNTIL, on_duty=True))
    assert wanted == [Wanted("tool_watch", (UNTIL - story.now).total_seconds())]
    assert caused(waiting(), lambda c: calls.allow(c, ANA, "call-1")) == [Wanted("tool_calls")]


def test_a_call_is_begun_once_whoever_tries():
    story = started()

    assert story.asks(lambda c: calls.start(c, "call-1", SOON)) == []
    assert waiting().asks(lambda c: calls.start(c, "call-1", SOON)) == []


def test_its_result_is_news_that_the_assistant_tells():
    story = started()

    assert caused(story, lambda c: calls.finish(c, "call-1", "done", "{}", on_duty=True)) == [Wanted("answer")]
    assert story.fold.unanswered
    assert story.does(lambda c: c.start_answer("answer-2")) == ["answer_started"]
    story.does(lambda c: c.finish_answer("answer-2", "It is cancelled."))
    assert not story.fold.unanswered


def test_news_during_an_answer_want_the_next_one():
    story = started()
    story.does(lambda c: c.post(VISITOR, "And?", "key-0002"))
    story.does(lambda c: c.start_answer("answer-2"))
    story.does(lambda c: calls.finish(c, "call-1", "done", "{}", on_duty=True))
    story.does(lambda c: c.finish_answer("answer-2", "Not yet."))

    assert story.fold.unanswered


def test_in_the_hands_of_an_agent_the_result_is_for_the_agent():
    story = started()
    story.does(lambda c: c.claim(ANA))

    assert caused(story, lambda c: calls.finish(c, "call-1", "done", "{}", on_duty=True)) == []
    assert story.fold.control == "human"


def test_an_unknown_outcome_leads_to_people_and_is_told_as_what_it_is():
    story = started()

    assert story.does(lambda c: calls.lose(c, "call-1", on_duty=True)) == [
        "tool_finished",
        "words",
        "human_requested",
        "handover_noted",
        "words",
    ]
    assert story.fact(e.ToolFinished).outcome == "unknown"
    assert story.fact(e.HandoverNoted).reason == "tool_failure"
    assert story.fold.control == "pending"
    assert story.asks(lambda c: calls.lose(c, "call-1", on_duty=True)) == []


def test_an_unknown_outcome_changes_nobody_who_is_in_charge():
    story = started()
    story.does(lambda c: c.claim(ANA))
    assert story.does(lambda c: calls.lose(c, "call-1", on_duty=True)) == ["tool_finished", "words"]

    story = started()
    story.does(lambda c: c.close(ANA.author))
    assert story.does(lambda c: calls.lose(c, "call-1", on_duty=True)) == ["tool_finished"]


def test_within_an_answer_the_visitor_is_told_that_it_is_not_certain_and_the_answer_ends_with_people():
    story = changing()
    assert story.does(lambda c: calls.finish(c, "call-2", "unknown", "", on_duty=True)) == ["tool_finished", "words"]
    assert story.last == e.MessagePosted(SITE.words.unsure)

    failed = {"text": "", "reason": "tool_failure", "summary": "Nobody knows.", "on_duty": True}
    story.does(lambda c: c.fail_answer("answer-1", **failed))
    assert story.fold.control == "pending"


def test_an_answer_that_has_changed_something_is_not_superseded_by_more_words():
    story = changing()
    assert story.does(lambda c: c.post(VISITOR, "Quick!", "key-0002")) == ["message_posted"]

    story.does(lambda c: calls.finish(c, "call-2", "done", "{}", on_duty=True))
    assert story.does(lambda c: c.post(VISITOR, "Please!", "key-0003")) == ["message_posted"]
    assert story.fold.open_answer == "answer-1"


def test_an_answer_that_has_changed_something_is_not_written_again_by_another_worker():
    for finished in (False, True):
        story = changing()
        if finished:
            story.does(lambda c: calls.finish(c, "call-2", "done", "{}", on_duty=True))
        assert story.does(lambda c: c.start_answer("answer-2")) == [
            "answer_finished",
            "human_requested",
            "handover_noted",
            "words",
        ]
        assert story.fold.open_answer is None


def test_a_finished_answer_leaves_nothing_of_its_calls():
    story = changing()
    story.does(lambda c: calls.finish(c, "call-2", "done", "{}", on_duty=True))
    story.does(lambda c: c.finish_answer("answer-1", "Sent."))

    assert story.fold.calls == ()
    assert not story.fold.unanswered


def test_a_call_that_outlives_its_answer_is_remembered_until_a_person_has_said_something():
    story = changing()
    story.does(lambda c: c.claim(ANA))
    assert story.does(lambda c: calls.finish(c, "call-2", "done", "{}", on_duty=True)) == ["tool_finished"]
    assert story.fold.changed_something

    story.does(lambda c: c.reply(ANA, "It is on its way.", "key-0002"))
    assert story.fold.calls == ()


CUTS = {
    "redaction": [lambda c: c.redact(ANA, changing().events[0])],
    "hand-back": [lambda c: c.claim(ANA), lambda c: c.hand_back(ANA)],
    "withdrawal": [lambda c: c.request_human(VISITOR, on_duty=True), lambda c: c.withdraw_request(VISITOR)],
}


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
@pytest.mark.parametrize("is_over", [True, False])
def test_what_was_done_is_not_begun_anew_when_the_answer_was_cut_before_it_was_told(cut, is_over: bool):
    story = changing()
    if is_over:
        story.does(lambda c: calls.finish(c, "call-2", "done", "{}", on_duty=True))
    for request in cut:
        story.does(request)

    assert story.does(lambda c: c.start_answer("answer-2")) == ["human_requested", "handover_noted", "words"]
    if is_over:
        # They have been told; who then chooses the assistant gets it.
        story.does(lambda c: c.withdraw_request(VISITOR))
        assert story.does(lambda c: c.start_answer("answer-3")) == ["answer_started"]


def test_closing_refuses_what_waits():
    story = waiting()

    assert story.does(lambda c: c.close(VISITOR.author)) == ["tool_refused", "words", "closed", "words"]
    assert story.fact(e.ToolRefused).reason == "closed"
    with pytest.raises(Stale):
        story.asks(lambda c: calls.allow(c, ANA, "call-1"))


def test_what_was_allowed_is_made_though_the_conversation_was_closed_since():
    story = allowed()
    story.does(lambda c: c.close(VISITOR.author))

    assert story.does(lambda c: calls.start(c, "call-1", SOON)) == ["tool_started"]
    assert story.does(lambda c: calls.finish(c, "call-1", "done", "{}", on_duty=True)) == ["tool_finished"]
    assert story.fold.control == "closed"


def test_a_redaction_refuses_what_waits_for_its_arguments_are_emptied():
    story = waiting()
    first = story.events[0]

    assert story.does(lambda c: c.redact(ANA, first)) == ["tool_refused", "words", "redacted"]
    assert redaction.emptied(story.fact(e.ToolRequested)).arguments == {}


def test_a_redaction_refuses_what_was_allowed_and_is_not_begun():
    story = allowed()
    first = story.events[0]

    assert caused(story, lambda c: c.redact(ANA, first)) == [Wanted("answer"), Wanted("idle", 86400, story.fold.seq)]
    assert story.fact(e.ToolRefused) == e.ToolRefused("call-1", "cancel_order", "redacted")
    assert story.asks(lambda c: calls.start(c, "call-1", SOON)) == []


@pytest.mark.parametrize(("making", "call"), [(started, "call-1"), (changing, "call-2")], ids=["allowed", "unasked"])
@pytest.mark.parametrize("outcome", ["done", "failed", "unknown"])
def test_of_a_call_in_flight_a_redaction_leaves_that_it_was_made_and_how_it_ended(making, call: str, outcome):
    story = making()
    tool = story.fold.calls[0].tool
    story.does(lambda c: c.redact(ANA, story.events[0]))
    assert story.last == e.Redacted("e1")
    story.does(lambda c: calls.finish(c, call, outcome, "You said 4111", on_duty=True))

    assert story.fact(e.ToolFinished) == e.ToolFinished(call, tool, outcome, "", redacted=True)
    assert "4111" not in str(story.events[-1])


def test_what_is_lost_after_a_redaction_still_leads_to_people():
    story = started()
    story.does(lambda c: c.redact(ANA, story.events[0]))

    assert story.does(lambda c: calls.lose(c, "call-1", on_duty=True))[2:4] == ["human_requested", "handover_noted"]
    assert story.fold.control == "pending"


def test_a_call_that_begins_after_a_redaction_keeps_what_it_gives_back():
    story = started()
    story.does(lambda c: c.redact(ANA, story.events[0]))
    story.does(lambda c: calls.finish(c, "call-1", "done", "4111", on_duty=True))
    story.does(lambda c: c.start_answer("answer-2"))
    story.does(lambda c: calls.begin(c, calls.Made("call-3", "answer-2", "send_receipt", {}), SOON))
    story.does(lambda c: calls.finish(c, "call-3", "done", "Sent.", on_duty=True))

    assert story.fact(e.ToolFinished) == e.ToolFinished("call-3", "send_receipt", "done", "Sent.")


def test_agents_see_in_the_list_until_when_a_call_waits_and_visitors_do_not():
    story = waiting()
    assert summary_of(story.fold, public=False, unread=0)["approval_until"] == UNTIL
    assert summary_of(story.fold, public=True, unread=0)["approval_until"] is None

    assert summary_of(allowed().fold, public=False, unread=0)["approval_until"] is None
