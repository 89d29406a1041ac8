"""Which durable work an append causes. Pure: the desk writes it in the commit of the events."""

from collections.abc import Sequence

import msgspec

from havana.chat import events as e
from havana.chat.fold import Fold
from havana.chat.site import Site

CHANGED_HANDS = {e.Claimed, e.Transferred}
CAME_BACK = {e.HandedBack, e.RequestWithdrawn, e.Reopened, e.Redacted}
"""A redaction ends an open answer, and the question may still stand."""
WAITS = {e.HumanRequested, e.ReturnedToQueue}


class Wanted(msgspec.Struct, frozen=True):
    """A job to be done. There is at most one of a kind per conversation; wanting it again moves `delay_s` anew."""

    kind: str
    delay_s: float = 0
    seq: int = 0
    """The change of control, or the last event, that a timer belongs to."""


def consequences(events: Sequence[e.Event], fold: Fold, site: Site) -> list[Wanted]:
    """`events` are one append, `fold` the conversation after it."""
    wanted: list[Wanted] = []
    visitor_spoke = any(type(event.fact) is e.MessagePosted and event.author.role == "visitor" for event in events)
    facts = {type(event.fact) for event in events}
    changed_hands = not facts.isdisjoint(CHANGED_HANDS)
    came_back = not facts.isdisjoint(CAME_BACK)

    if fold.control == "ai" and fold.unanswered and (visitor_spoke or came_back):
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
    return wanted
