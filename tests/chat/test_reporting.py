"""What of a conversation is counted: how it came out, and each time that a person was wanted."""

import datetime as dt

from tests.chat.story import ANA, BEN, NOON, SITE, VISITOR, Story, answering, begun, closed, held, pending

from havana.chat import events as e
from havana.chat.reporting import Handover, Outcome, Rating, outcome_of

SECOND = dt.timedelta(seconds=1)


def counted(story: Story) -> Outcome:
    return outcome_of(story.events)


def answered() -> Story:
    story = answering()
    story.does(lambda c: c.finish_answer("answer-1", "300 a term", ()))
    return story


def test_what_the_assistant_answered_and_nobody_else_is_solved_once_it_is_closed():
    story = answered()
    assert counted(story) == Outcome(NOON + SECOND, len(story.events), "open", [], None)

    story.does(lambda c: c.close(SITE.system_author, reason="idle"))
    assert counted(story).came_out == "solved"
    story.does(lambda c: c.post(VISITOR, "And housing?", "key-0002"))
    assert counted(story).came_out == "open"


def test_what_was_closed_without_an_answer_was_left():
    assert counted(closed()).came_out == "left"


def test_an_answer_that_was_interrupted_solves_nothing():
    story = answering("It costs")
    story.does(lambda c: c.close(SITE.system_author))

    assert counted(story).came_out == "left"


def test_a_wish_counts_with_how_long_the_visitor_waited_for_a_person_and_for_words():
    story = pending()
    wanted_at = story.now
    story.does(lambda c: c.claim(ANA))
    story.now += 5 * SECOND
    story.does(lambda c: c.reply(ANA, "Hello", "k1"))
    story.does(lambda c: c.reply(ANA, "How can I help?", "k2"))

    outcome = counted(story)
    [handover] = outcome.handovers
    claimed_at, words_at = wanted_at + SECOND, wanted_at + 7 * SECOND
    assert handover == Handover(2, wanted_at, "asked", ANA.id, claimed_at, words_at)
    assert (outcome.came_out, handover.claim_s, handover.words_s) == ("person", 1, 7)


def test_why_the_assistant_gave_up_is_the_reason():
    story = answering()
    story.does(lambda c: c.escalate("answer-1", text="", reason="policy", summary="A refund", on_duty=True))

    assert [one.reason for one in counted(story).handovers] == ["policy"]


def test_whoever_steps_in_was_not_waited_for():
    story = held(ANA)
    story.does(lambda c: c.reply(ANA, "Hello", "k1"))

    [handover] = counted(story).handovers
    assert (handover.reason, handover.agent) == ("stepped_in", ANA.id)
    assert (handover.claim_s, handover.words_s) == (None, None)


def test_what_returns_to_the_queue_is_wanted_again_and_the_next_person_claims_that():
    story = pending()
    story.does(lambda c: c.claim(ANA))
    story.does(lambda c: c.return_to_queue(ANA, on_duty=True))
    story.does(lambda c: c.reply(BEN, "Hello", "k1"))

    assert [(one.reason, one.agent) for one in counted(story).handovers] == [("asked", ANA.id), ("returned", BEN.id)]
    assert [one.words_s is None for one in counted(story).handovers] == [True, False]


def test_a_wish_that_was_withdrawn_is_claimed_by_nobody_who_comes_later():
    story = pending()
    story.does(lambda c: c.withdraw_request(VISITOR))
    story.does(lambda c: c.claim(ANA))

    assert [(one.reason, one.agent) for one in counted(story).handovers] == [("asked", None), ("stepped_in", ANA.id)]


def test_the_last_rating_counts_for_whom_the_visitor_had_before_it():
    story = answered()
    story.does(lambda c: c.rate(VISITOR, 2))
    assert counted(story).rating == Rating(2, story.now, None)

    story.does(lambda c: c.reply(BEN, "Hello", "k1"))
    story.does(lambda c: c.rate(VISITOR, 5))
    assert counted(story).rating == Rating(5, story.now, BEN.id)


def test_clocks_that_differ_make_no_time_that_is_negative():
    handover = Handover(2, NOON, "asked", ANA.id, NOON - SECOND, NOON)

    assert (handover.claim_s, handover.words_s) == (0, 0)


def test_facts_that_are_not_looked_at_may_be_left_out():
    story = begun()
    story.does(lambda c: c.note(ANA, "A note"))
    story.does(lambda c: c.claim(ANA))

    seen = [event for event in story.events if not isinstance(event.fact, e.NotePosted)]
    assert outcome_of(seen) == counted(story)
