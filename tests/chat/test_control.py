"""The rules of the design's chapter "Control", one by one."""

import pytest

from havana.chat import events as e
from havana.chat.control import TABLE, UnknownTransition, after
from havana.chat.errors import AlreadyClaimed, BadRequest, ConversationClosed, Stale
from havana.chat.people import Person

from .story import ADA, ANA, BEN, SITE, VISITOR, Story, answering, begun, closed, held, pending


@pytest.mark.parametrize(
    ("before", "fact", "then"),
    [
        ("ai", e.HumanRequested("visitor"), "pending"),
        ("ai", e.Claimed(Person("a1", "Ana")), "human"),
        ("pending", e.Claimed(Person("a1", "Ana")), "human"),
        ("pending", e.RequestWithdrawn(), "ai"),
        ("pending", e.HandedBack(), "ai"),
        ("human", e.ReturnedToQueue("returned"), "pending"),
        ("human", e.HandedBack(), "ai"),
        ("human", e.Transferred(Person("a1", "Ana"), Person("a2", "Ben")), "human"),
        ("ai", e.Closed(), "closed"),
        ("pending", e.Closed(), "closed"),
        ("human", e.Closed(), "closed"),
        ("closed", e.Reopened(), "ai"),
    ],
)
def test_control_changes_as_drawn(before, fact, then):
    assert after(before, fact) == then


@pytest.mark.parametrize(
    ("state", "fact"),
    [
        ("human", e.AnswerStarted("x")),
        ("pending", e.AnswerFinished("x", "complete", "words")),
        ("human", e.HumanRequested("visitor")),
        ("closed", e.Claimed(Person("a1", "Ana"))),
        ("ai", e.Reopened()),
        ("ai", e.HandedBack()),
    ],
)
def test_a_pair_that_is_not_drawn_is_an_error(state, fact):
    with pytest.raises(UnknownTransition, match=state):
        after(state, fact)


def test_every_fact_has_a_place_in_the_table_but_what_cannot_be_read():
    assert {fact for _, fact in TABLE} == set(e.AnyFact.__args__) - {e.Unknown}


def test_a_claim_ends_the_open_answer_and_tells_the_visitor_in_one_append():
    story = answering(shown="Welding costs")

    assert story.does(lambda c: c.claim(ANA)) == ["answer_finished", "claimed", "words"]
    assert story.events[-3].fact == e.AnswerFinished("answer-1", "interrupted", "Welding costs")
    assert story.last == e.MessagePosted("Ana has joined the conversation.")
    assert (story.fold.control, story.fold.agent) == ("human", Person("a1", "Ana"))


@pytest.mark.parametrize("story", [begun, pending], ids=["assistant", "waiting"])
def test_any_agent_may_claim_what_nobody_holds(story):
    assert story().does(lambda c: c.claim(BEN)) == ["claimed", "words"]


def test_a_claim_of_what_another_holds_is_refused_with_the_holders_name():
    story = held(by=ANA)

    with pytest.raises(AlreadyClaimed, match="Ana") as refusal:
        story.does(lambda c: c.claim(BEN))
    assert refusal.value.fold.agent == Person("a1", "Ana")


def test_even_an_admin_takes_a_held_conversation_by_transfer_only():
    story = held(by=ANA)

    with pytest.raises(AlreadyClaimed):
        story.does(lambda c: c.claim(ADA))
    assert story.does(lambda c: c.transfer(ADA, ADA)) == ["transferred", "words"]
    assert story.fold.agent == Person("a3", "Ada")


def test_the_holder_may_transfer_and_another_agent_may_not():
    with pytest.raises(AlreadyClaimed, match="Ana"):
        held(by=ANA).does(lambda c: c.transfer(BEN, BEN))
    story = held(by=ANA)

    assert story.does(lambda c: c.transfer(ANA, BEN)) == ["transferred", "words"]
    assert story.last == e.MessagePosted("Ben takes over from Ana.")


def test_what_is_noted_for_whoever_takes_over_stands_before_and_once():
    story = held(by=ANA)

    assert story.does(lambda c: c.transfer(ANA, BEN, "Wants a refund")) == ["note_posted", "transferred", "words"]
    assert story.asks(lambda c: c.transfer(ADA, BEN, "Wants a refund")) == []


@pytest.mark.parametrize("story", [begun, pending])
def test_what_nobody_holds_cannot_be_transferred(story):
    with pytest.raises(Stale, match="Nobody holds"):
        story().does(lambda c: c.transfer(ADA, BEN))


@pytest.mark.parametrize(
    "request_",
    [
        lambda a: lambda c: c.hand_back(a),
        lambda a: lambda c: c.return_to_queue(a, on_duty=True),
        lambda a: lambda c: c.close(a.author, admin=a.admin),
    ],
    ids=["hand_back", "return_to_queue", "close"],
)
def test_what_an_agent_holds_is_ended_by_the_holder_or_an_admin(request_):
    with pytest.raises(AlreadyClaimed, match="Ana"):
        held(by=ANA).does(request_(BEN))

    assert held(by=ANA).does(request_(ANA))[-1] == "words"
    assert held(by=ANA).does(request_(ADA))[-1] == "words"


def test_a_waiting_conversation_may_be_handed_back_or_closed_by_any_agent():
    assert pending().does(lambda c: c.hand_back(BEN)) == ["handed_back", "words"]
    assert pending().does(lambda c: c.close(BEN.author)) == ["closed", "words"]


def test_a_reply_is_a_claim():
    story = answering(shown="It")

    assert story.does(lambda c: c.reply(ANA, "Hello, I am Ana.", "key-0002")) == [
        "answer_finished",
        "claimed",
        "words",
        "message_posted",
    ]
    assert story.events[-1].key == "key-0002"


def test_the_holders_next_reply_is_only_a_message_and_another_agents_is_refused():
    story = held(by=ANA)

    assert story.does(lambda c: c.reply(ANA, "Hello.", "key-0002")) == ["message_posted"]
    with pytest.raises(AlreadyClaimed, match="Ana"):
        story.does(lambda c: c.reply(BEN, "Hello.", "key-0003"))


def test_a_reply_to_a_closed_chat_reopens_and_claims_it_and_a_bare_claim_is_refused():
    assert closed().does(lambda c: c.reply(ANA, "One more thing.", "key-0002")) == [
        "reopened",
        "claimed",
        "words",
        "message_posted",
    ]
    with pytest.raises(ConversationClosed):
        closed().does(lambda c: c.claim(ANA))


def test_the_person_button_closes_an_open_answer_like_a_claim():
    story = answering(shown="Welding")

    assert story.does(lambda c: c.request_human(VISITOR, on_duty=True)) == [
        "answer_finished",
        "human_requested",
        "words",
    ]
    assert story.fold.waiting_since == story.now


def test_an_escalation_after_the_button_changes_nothing():
    story = answering(shown="Welding")
    story.does(lambda c: c.request_human(VISITOR, on_duty=True))

    late = story.asks(lambda c: c.escalate("answer-1", text="Welding", reason="asked", summary="", on_duty=True))
    assert late == []


def test_the_button_opens_a_conversation_and_reopens_a_closed_one():
    assert Story().does(lambda c: c.request_human(VISITOR, on_duty=True)) == ["human_requested", "words"]
    assert closed().does(lambda c: c.request_human(VISITOR, on_duty=True)) == [
        "reopened",
        "human_requested",
        "words",
    ]


@pytest.mark.parametrize(
    ("story", "request_"),
    [
        (pending, lambda c: c.request_human(VISITOR, on_duty=True)),
        (held, lambda c: c.request_human(VISITOR, on_duty=True)),
        (held, lambda c: c.claim(ANA)),
        (begun, lambda c: c.withdraw_request(VISITOR)),
        (begun, lambda c: c.hand_back(ANA)),
        (pending, lambda c: c.return_to_queue(ANA, on_duty=True)),
        (held, lambda c: c.transfer(ANA, ANA)),
        (closed, lambda c: c.close(ANA.author)),
        (begun, lambda c: c.reopen(ANA)),
    ],
)
def test_requests_that_change_nothing_return_no_facts(story, request_):
    assert story().asks(request_) == []


def test_without_anybody_on_duty_the_words_say_so_at_once_and_offer_a_way_out():
    story = begun()
    story.does(lambda c: c.request_human(VISITOR, on_duty=False))

    assert story.last == e.MessagePosted(SITE.words.nobody, ("leave_contact", "withdraw_request"))


def test_while_waiting_the_assistant_is_mute_and_the_visitors_messages_are_stored():
    story = pending()

    assert story.does(lambda c: c.post(VISITOR, "Are you there?", "key-0002")) == ["message_posted"]
    assert story.asks(lambda c: c.start_answer("answer-2")) == []


def test_the_visitor_may_withdraw_the_wish_until_somebody_joins():
    assert pending().does(lambda c: c.withdraw_request(VISITOR)) == ["request_withdrawn", "words"]
    with pytest.raises(Stale, match="joined"):
        held().does(lambda c: c.withdraw_request(VISITOR))


def test_the_reminder_speaks_only_if_nobody_has_claimed_since():
    story = pending()
    since = story.fold.since
    assert story.does(lambda c: c.remind(since, on_duty=True)) == ["words"]
    assert story.last == e.MessagePosted(SITE.words.still_waiting, ("leave_contact", "withdraw_request"))
    assert story.fold.control == "pending"

    story.does(lambda c: c.claim(ANA))
    story.does(lambda c: c.return_to_queue(ANA, on_duty=True))
    assert story.asks(lambda c: c.remind(since, on_duty=True)) == []


def test_an_agent_who_vanishes_with_a_message_unanswered_gives_the_chat_back_to_the_queue():
    story = held(by=ANA)
    assert story.does(lambda c: c.return_from(ANA.id, on_duty=True)) == ["returned_to_queue", "words"]
    assert story.events[-2].fact == e.ReturnedToQueue("agent_gone")
    assert story.events[-2].author.role == "system"


def test_an_agent_who_vanishes_after_answering_keeps_the_chat():
    story = held(by=ANA)
    story.does(lambda c: c.reply(ANA, "It costs 9,800 dollars.", "key-0002"))

    assert story.asks(lambda c: c.return_from(ANA.id, on_duty=True)) == []


def test_a_chat_that_somebody_else_took_meanwhile_is_not_returned():
    story = held(by=ANA)
    story.does(lambda c: c.transfer(ANA, BEN))

    assert story.asks(lambda c: c.return_from(ANA.id, on_duty=True)) == []


def test_after_hand_back_the_assistant_answers_what_is_unanswered_and_else_waits():
    story = held(by=ANA)
    story.does(lambda c: c.hand_back(ANA))
    assert story.does(lambda c: c.start_answer("answer-2")) == ["answer_started"]

    story = held(by=ANA)
    story.does(lambda c: c.reply(ANA, "It costs 9,800 dollars.", "key-0002"))
    story.does(lambda c: c.hand_back(ANA))
    assert story.asks(lambda c: c.start_answer("answer-2")) == []


def test_a_visitors_message_reopens_a_closed_chat_to_the_assistant():
    story = closed()

    assert story.does(lambda c: c.post(VISITOR, "One more thing", "key-0002")) == ["reopened", "message_posted"]
    assert story.fold.control == "ai"


def test_notes_labels_ratings_and_redactions_stay_possible_after_closing():
    story = closed()
    first = story.events[0]

    assert story.does(lambda c: c.note(ANA, "Nice person.")) == ["note_posted"]
    assert story.does(lambda c: c.label(ANA, ("welding",))) == ["labelled"]
    assert story.does(lambda c: c.rate(VISITOR, 5)) == ["rated"]
    assert story.does(lambda c: c.redact(ANA, first)) == ["redacted"]
    assert story.fold.control == "closed"


def test_a_quiet_conversation_with_the_assistant_closes_and_a_busy_or_held_one_does_not():
    story = begun()
    quiet_since = story.fold.seq
    assert story.does(lambda c: c.close_idle(quiet_since)) == ["closed", "words"]

    story = begun()
    story.does(lambda c: c.post(VISITOR, "Hello?", "key-0002"))
    assert story.asks(lambda c: c.close_idle(quiet_since)) == []
    assert held().asks(lambda c: c.close_idle(3)) == []


def test_a_call_is_offered_by_anybody_and_refused_without_a_booking_link():
    story = begun()
    assert story.does(lambda c: c.offer_call(VISITOR.author, "key-0002")) == ["call_offered"]
    assert story.last == e.CallOffered("https://calendar.example.com/call")
    assert story.fold.control == "ai"

    bare = Story(site=type(SITE)(id="s", key="k", name="Bare"))
    with pytest.raises(BadRequest, match="booking link"):
        bare.does(lambda c: c.offer_call(VISITOR.author))


def test_a_contact_is_acknowledged_in_words_in_every_state():
    story = pending()

    assert story.does(lambda c: c.leave_contact(VISITOR, "Coral", "coral@example.com")) == [
        "contact_left",
        "words",
    ]
    assert story.last == e.MessagePosted("Thank you. The team will write to you.")


def test_a_stray_brace_in_a_sites_words_does_not_break_a_handover():
    words = type(SITE.words)(joined="{agent} is here {now}")
    story = Story(site=type(SITE)(id="s", key="k", name="S", words=words))
    story.does(lambda c: c.post(VISITOR, "Hi", "key-0001"))
    story.does(lambda c: c.claim(ANA))

    assert story.last == e.MessagePosted("Ana is here {now}")


def test_a_closed_chat_cannot_be_transferred():
    with pytest.raises(ConversationClosed):
        closed().does(lambda c: c.transfer(ADA, BEN))


@pytest.mark.parametrize(
    "request_",
    [lambda c: c.return_to_queue(ANA, on_duty=False), lambda c: c.return_from(ANA.id, on_duty=False)],
    ids=["returned", "vanished"],
)
def test_back_in_the_queue_with_nobody_on_duty_promises_nobody_and_offers_a_way_out(request_):
    story = held(by=ANA)
    story.does(request_)

    words = SITE.words.returned_nobody.replace("{agent}", "Ana")
    assert story.last == e.MessagePosted(words, ("leave_contact", "withdraw_request"))


def test_a_reminder_does_not_say_busy_where_nobody_is():
    story = pending()
    story.does(lambda c: c.remind(story.fold.since, on_duty=False))

    assert story.last == e.MessagePosted(SITE.words.nobody, ("leave_contact", "withdraw_request"))


def test_whoever_is_blocked_is_not_invited_to_write_again():
    story = held(by=ANA)
    story.does(lambda c: c.close(BEN.author, admin=True, reason="blocked"))

    assert story.last == e.MessagePosted("This conversation has been closed.")
