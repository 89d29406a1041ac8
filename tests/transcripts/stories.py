"""The conversations that are recorded, told through the requests that the product itself makes."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.chat.story import ANA, BEN, NOON, VISITOR

from havana.chat import calls
from havana.chat import events as e
from havana.chat.people import TeamName

if TYPE_CHECKING:
    from tests.transcripts.record import Recording

SOURCE = e.Source("Welding", "https://example.com/welding", "A seam costs 40 a metre.")
STAFF_ONLY = "for-the-staff-only"


def plain_answer(story: "Recording") -> None:
    story.does(lambda c: c.post(VISITOR, "What does welding cost? 🔧", "key-0001"))
    story.does(lambda c: c.start_answer("answer-1"))
    story.looks()
    story.shows("🔥 A seam ")
    story.shows("costs 40")
    story.looks()
    story.does(lambda c: c.finish_answer("answer-1", "🔥 A seam costs 40 a metre [1].", (SOURCE,)))
    story.does(lambda c: c.offer_call(VISITOR.author, "key-0002"))
    story.does(lambda c: c.rate(VISITOR, 5, "Quick"))


def burst(story: "Recording") -> None:
    """Of the first two answers nothing was shown, so they leave no trace; the third is cut off by a crash."""
    story.does(lambda c: c.post(VISITOR, "Hello", "key-0001"))
    story.does(lambda c: c.start_answer("answer-1"))
    story.does(lambda c: c.post(VISITOR, "Do you weld", "key-0002"))
    story.does(lambda c: c.start_answer("answer-2"))
    story.does(lambda c: c.post(VISITOR, "aluminium?", "key-0003"))
    story.looks()
    story.does(lambda c: c.start_answer("answer-3"))
    story.shows("We do, and")
    story.does(lambda c: c.start_answer("answer-4"))
    story.shows("We weld ")
    story.does(lambda c: c.post(VISITOR, "And steel?", "key-0004"))
    story.looks()
    story.does(lambda c: c.finish_answer("answer-4", "We weld aluminium."))
    story.does(lambda c: c.start_answer("answer-5"))
    story.does(lambda c: c.finish_answer("answer-5", "Steel, too."))


def takeover(story: "Recording") -> None:
    story.does(lambda c: c.post(VISITOR, "Is my order ready?", "key-0001"))
    story.does(lambda c: c.start_answer("answer-1"))
    story.shows("I can only ")
    story.does(lambda c: c.note(ANA, STAFF_ONLY))
    story.shows("guess")
    story.does(lambda c: c.reply(ANA, "It is: shelf 4.", "key-0002"))
    story.looks()
    # Who lost the race says nothing any more.
    assert story.does(lambda c: c.finish_answer("answer-1", "I can only guess that it is.")) == []
    story.does(lambda c: c.transfer(ANA, BEN))
    story.does(lambda c: c.return_to_queue(BEN, on_duty=True))
    story.does(lambda c: c.route(ANA, TeamName("team", STAFF_ONLY), STAFF_ONLY, on_duty=True))
    story.looks()
    story.does(lambda c: c.claim(BEN))
    story.does(lambda c: c.reply(BEN, "I have put it by the door.", "key-0003"))
    story.looks()
    story.does(lambda c: c.hand_back(BEN))


def button(story: "Recording") -> None:
    """The button before the first word; nobody comes, so the words offer ways out, and one is taken."""
    story.does(lambda c: c.request_human(VISITOR, on_duty=True, key="key-0001"))
    story.does(lambda c: c.post(VISITOR, "Anybody there?", "key-0002"))
    story.does(lambda c: c.remind(c.fold.since, on_duty=True))
    story.looks()
    story.does(lambda c: c.leave_contact(VISITOR, "Rosa", "rosa@example.com", "key-0003"))
    story.does(lambda c: c.withdraw_request(VISITOR, "key-0004"))
    story.does(lambda c: c.start_answer("answer-1"))
    story.does(lambda c: c.finish_answer("answer-1", "I am here."))


def escalation(story: "Recording") -> None:
    """Between what a visitor sees lie facts that only the staff see: the two count differently."""
    story.does(lambda c: c.post(VISITOR, "My weld broke!", "key-0001"))
    story.does(lambda c: c.label(ANA, (STAFF_ONLY,)))
    story.does(lambda c: c.start_answer("answer-1"))
    story.shows("I am sorry")
    story.does(
        lambda c: c.escalate(
            "answer-1", text="I am sorry. Let me ask.", reason="frustrated", summary=STAFF_ONLY, on_duty=False
        )
    )
    story.looks()
    story.does(lambda c: c.note(ANA, STAFF_ONLY))
    story.does(lambda c: c.claim(ANA))
    story.does(lambda c: c.post(VISITOR, "Hello?", "key-0002"))
    story.does(lambda c: c.return_from(ANA.id, on_duty=False))


def redaction(story: "Recording") -> None:
    """Words of all kinds go for good: also from the answer that is repeating them right now."""
    story.does(lambda c: c.post(VISITOR, "My card is 4111", "key-0001"))
    card = story.events[-1]
    story.does(lambda c: c.start_answer("answer-1"))
    story.does(lambda c: c.finish_answer("answer-1", "Your card is 4111", (SOURCE,)))
    answer = story.events[-1]
    story.does(lambda c: c.leave_contact(VISITOR, "Rosa", "4111@example.com", "key-0002"))
    contact, thanks = story.events[-2:]
    story.does(lambda c: c.rate(VISITOR, 1, "You know 4111"))
    rating = story.events[-1]
    story.does(lambda c: c.note(ANA, "4111 is a card"))
    note = story.events[-1]
    story.does(lambda c: c.post(VISITOR, "Please forget it", "key-0003"))
    story.does(lambda c: c.start_answer("answer-2"))
    story.shows("Forget what?")
    story.looks()
    for event in (card, answer, contact, thanks, rating, note):
        story.does(lambda c, target=event: c.redact(ANA, target))


def close_and_reopen(story: "Recording") -> None:
    story.does(lambda c: c.post(VISITOR, "Hello", "key-0001"))
    story.does(lambda c: c.start_answer("answer-1"))
    story.shows("Good ")
    story.does(lambda c: c.close(VISITOR.author))
    story.looks()
    story.does(lambda c: c.post(VISITOR, "One more thing", "key-0002"))
    story.does(lambda c: c.start_answer("answer-2"))
    story.does(lambda c: c.finish_answer("answer-2", "Yes?"))
    story.looks()
    story.does(lambda c: c.close_idle(c.fold.seq))
    story.does(lambda c: c.reopen(ANA))
    story.does(lambda c: c.close(ANA.author, reason="blocked"))


def approval(story: "Recording") -> None:
    """The assistant may do some things only if the team lets it; of what it asks and does visitors read words."""
    # Far away, for the story is told by clocks of today as well.
    until = NOON + dt.timedelta(days=365 * 100)
    asked = calls.Made("call-1", "answer-1", "cancel_order", {"order": STAFF_ONLY})
    again = calls.Made("call-2", "answer-2", "cancel_order", {"order": STAFF_ONLY})
    story.does(lambda c: c.post(VISITOR, "Cancel order 17, please", "key-0001"))
    story.does(lambda c: c.start_answer("answer-1"))
    story.does(lambda c: calls.report(c, asked, "done", STAFF_ONLY))
    story.does(lambda c: calls.ask(c, asked, until, on_duty=True))
    story.looks()
    story.shows("I have asked")
    story.does(lambda c: c.finish_answer("answer-1", "I have asked."))
    story.does(lambda c: calls.refuse(c, ANA, "call-1"))
    story.does(lambda c: c.start_answer("answer-2"))
    story.does(lambda c: calls.ask(c, again, until, on_duty=False))
    story.does(lambda c: c.finish_answer("answer-2", "It was refused, so I have asked again."))
    story.does(lambda c: calls.allow(c, BEN, "call-2"))
    story.does(lambda c: calls.start(c, "call-2", until))
    story.looks()
    story.does(lambda c: calls.finish(c, "call-2", "unknown", STAFF_ONLY, on_duty=True))


STORIES: dict[str, Callable[["Recording"], None]] = {
    tell.__name__: tell
    for tell in (plain_answer, burst, takeover, button, escalation, redaction, close_and_reopen, approval)
}
