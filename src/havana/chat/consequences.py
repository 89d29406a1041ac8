"""Which durable work an append causes. Pure: the desk writes it in the commit of the events."""

import datetime as dt
from collections.abc import Sequence

import msgspec

from havana.chat import events as e
from havana.chat.fold import Fold
from havana.chat.site import Site

CHANGED_HANDS = {e.Claimed, e.Transferred}
CAME_BACK = {e.HandedBack, e.RequestWithdrawn, e.Reopened, e.Redacted}
"""A redaction ends an open answer, and the question may still stand."""
WAITS = {e.HumanRequested, e.ReturnedToQueue}
CALLS = {e.ToolRequested, e.ToolAllowed, e.ToolRefused, e.ToolStarted, e.ToolFinished}
UNSEEN_AFTER_S = 60
"""It is looked then whether anybody of the team is there to see that somebody waits."""
HANDS_OVER = CHANGED_HANDS | WAITS
EVERYBODY = "everybody"
"""Whom there is one job for: those who wait are given to somebody one after the other."""


class Wanted(msgspec.Struct, frozen=True):
    """A job to be done. There is at most one of a kind per conversation; wanting it again moves `delay_s` anew."""

    kind: str
    delay_s: float = 0
    seq: int = 0
    """The change of control, or the last event, that a timer belongs to."""
    subject: str = ""
    """Empty for the conversation."""


def consequences(events: Sequence[e.Event], fold: Fold, site: Site) -> list[Wanted]:
    """`events` are one append, `fold` the conversation after it."""
    wanted: list[Wanted] = []
    visitor_spoke = any(type(event.fact) is e.MessagePosted and event.author.role == "visitor" for event in events)
    facts = {type(event.fact) for event in events}
    changed_hands = not facts.isdisjoint(CHANGED_HANDS)
    came_back = not facts.isdisjoint(CAME_BACK)

    # By the visitor, or by what came of a call.
    asked = fold.asked >= events[0].seq

    if fold.control == "ai" and fold.unanswered and (asked or came_back):
        wanted.append(Wanted("answer"))
    if fold.control == "ai" and (came_back or events[0].seq == 1):
        wanted.append(Wanted("idle", site.idle_close_after_s, fold.seq))
    if fold.control == "human" and fold.unanswered and (visitor_spoke or changed_hands):
        # At once: whether the agent is here, and since when not, is looked up by whoever does it.
        wanted.append(Wanted("agent_gone"))
    if not facts.isdisjoint(WAITS):
        # Where nobody is on duty, the words that offer a way out have been said in this very append.
        offered = any(isinstance(event.fact, e.MessagePosted) and event.fact.offers for event in events)
        if not offered:
            wanted.append(Wanted("remind", site.remind_after_s, fold.since))
        wanted.append(Wanted("unseen", UNSEEN_AFTER_S, fold.since))
    wanted += _of_assigning(events, fold, site)
    if not facts.isdisjoint(CALLS):
        wanted += _of_calls(fold, events[-1].at)
    if not facts.isdisjoint(HANDS_OVER) or (e.Redacted in facts and fold.control in ("pending", "human")):
        # Also where somebody takes a chat that waited for them: whoever makes it looks whether it is there already.
        wanted.append(Wanted("summary"))
    return wanted


def _of_assigning(events: Sequence[e.Event], fold: Fold, site: Site) -> list[Wanted]:
    """Who begins to wait may be given to somebody, and whoever was given somebody has so long to answer."""
    facts = [event.fact for event in events]
    wanted = [
        Wanted("assigned", fact.assigned.within_s, fold.since)
        for fact in facts
        if isinstance(fact, e.Claimed) and fact.assigned is not None
    ]
    begins = any(type(fact) in WAITS or isinstance(fact, e.Routed) for fact in facts)
    if begins and (fold.team is not None or site.assign != "off"):
        wanted.append(Wanted("assign", subject=EVERYBODY))
    return wanted


def _of_calls(fold: Fold, now: dt.datetime) -> list[Wanted]:
    """What was allowed is to be made at once; what waits, or is being made, is looked at when its time is up."""
    wanted = [Wanted("tool_calls")] if any(call.step == "allowed" for call in fold.calls) else []
    if (due := next_look(fold)) is not None:
        wanted.append(Wanted("tool_watch", max((due - now).total_seconds(), 0)))
    return wanted


def next_look(fold: Fold) -> dt.datetime | None:
    """When the time of the first call is up that waits for somebody, or is being made."""
    return min((call.until for call in fold.calls if call.step in ("asked", "started")), default=None)
