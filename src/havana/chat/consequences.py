"""Which durable work an append causes. Pure: the desk writes it in the commit of the events."""

from collections.abc import Sequence

import msgspec

from havana.chat import events as e
from havana.chat.fold import Fold
from havana.chat.site import Site


class Wanted(msgspec.Struct, frozen=True):
    """A job to be done. There is at most one of a kind per conversation; wanting it again moves `delay_s` anew."""

    kind: str
    delay_s: float = 0
    seq: int = 0
    """The change of control, or the last event, that a timer belongs to."""


def consequences(events: Sequence[e.Event], fold: Fold, site: Site) -> list[Wanted]:
    """`events` are one append, `fold` the conversation after it."""
    wanted: list[Wanted] = []
    facts = [event.fact for event in events]
    visitor_spoke = any(isinstance(event.fact, e.MessagePosted) and event.author.role == "visitor" for event in events)
    changed_hands = any(isinstance(fact, e.Claimed | e.Transferred) for fact in facts)
    # A redaction ends an open answer, and the question may still stand.
    came_back = any(isinstance(fact, e.HandedBack | e.RequestWithdrawn | e.Reopened | e.Redacted) for fact in facts)

    if fold.control == "ai" and fold.unanswered and (visitor_spoke or came_back):
        wanted.append(Wanted("answer"))
    if fold.control == "ai" and (came_back or events[0].seq == 1):
        wanted.append(Wanted("idle", site.idle_close_after_s, fold.seq))
    if fold.control == "human" and fold.unanswered and (visitor_spoke or changed_hands):
        # At once: whether the agent is here, and since when not, is looked up by whoever does it.
        wanted.append(Wanted("agent_gone"))
    if any(isinstance(fact, e.HumanRequested | e.ReturnedToQueue) for fact in facts):
        # Where nobody is on duty, the words that offer a way out have been said in this very append.
        offered = any(isinstance(fact, e.MessagePosted) and fact.offers for fact in facts)
        if not offered:
            wanted.append(Wanted("remind", site.remind_after_s, fold.since))
    return wanted
