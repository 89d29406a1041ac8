"""The requests about calls of a site's tools: asked for, allowed or not, made, over.

              ask                allow              start                finish
      (none) ─────▶ asked ───────────────▶ allowed ───────▶ started ───────────────▶ (none)
                      │ refuse, expire,     │ redact            ▲   │ lose: nobody knows whether it was done
                      ▼ close, redact       ▼        begin      │   ▼
                    (none)               (none)  (none) ────────┘ (none)

A call that only reads has none of these steps: it is made, and then `report`ed. A redaction during a call leaves
of it that it was made and how it ended: what it gives back may repeat the words that are gone.
"""

import datetime as dt
from typing import Any

import msgspec

from havana.chat import events as e
from havana.chat import redaction
from havana.chat.answering import Facts
from havana.chat.conversation import Conversation
from havana.chat.errors import AlreadyClaimed, LimitReached, Stale
from havana.chat.fold import Fold, OpenCall
from havana.chat.people import Agent
from havana.chat.saying import Saying

MOST_ASKED = 3
"""Calls of one conversation that wait for the team at the same time."""


class Made(msgspec.Struct, frozen=True):
    """A call as the assistant wants it: `id`, the answer that asks for it, and what goes out."""

    id: str
    answer: str
    tool: str
    arguments: dict[str, Any]


# The assistant, while it answers


def ask(c: Conversation, call: Made, expires_at: dt.datetime, *, on_duty: bool) -> Facts:
    """Asks the team to allow the call. The visitor is told in the same append."""
    if c.fold.open_answer != call.answer:
        return []
    waiting = asked(c.fold)
    if any(other.tool == call.tool for other in waiting):
        raise Stale(f"The team was asked to allow {call.tool} and has not decided yet. Ask again once it has.")
    if len(waiting) >= MOST_ASKED:
        raise LimitReached(f"{MOST_ASKED} calls wait for the team already. Ask again once it has decided.")
    requested = e.ToolRequested(call.id, call.answer, call.tool, call.arguments, expires_at)
    here = Saying(c.site, c.now).is_attended(on_duty)
    words = c.site.words.approval_asked if here else c.site.words.approval_nobody
    minutes = str(max(round(c.site.approval_s / 60), 1))
    return [e.Proposed(requested, c.site.assistant_author), _say(c, words, minutes=minutes)]


def begin(c: Conversation, call: Made, until: dt.datetime) -> Facts:
    """A call that changes something and needs nobody's leave is about to be made."""
    if c.fold.open_answer != call.answer:
        return []
    started = e.ToolStarted(call.id, call.tool, until, call.answer, call.arguments)
    return [e.Proposed(started, c.site.assistant_author)]


def report(c: Conversation, call: Made, outcome: e.ToolOutcome, result: str) -> Facts:
    """A call that only reads is over. For the team to see what the assistant has looked up."""
    if c.fold.open_answer != call.answer:
        return []
    finished = e.ToolFinished(call.id, call.tool, outcome, result, call.arguments)
    return [e.Proposed(finished, c.site.assistant_author)]


# Agents


def allow(c: Conversation, agent: Agent, call: str) -> Facts:
    known = _decidable(c, agent, call)
    if c.now >= known.until:
        raise Stale("Its time is up, so it counts as refused.", fold=c.fold)
    allowed = e.Proposed(e.ToolAllowed(call, known.tool), agent.author)
    return [allowed, _say(c, c.site.words.approved, agent=agent.name)]


def refuse(c: Conversation, agent: Agent, call: str) -> Facts:
    known = _decidable(c, agent, call)
    refused = e.Proposed(e.ToolRefused(call, known.tool, "refused"), agent.author)
    return [refused, _say(c, c.site.words.refused)]


# Timers, and whoever makes the calls


def expire(c: Conversation, call: str) -> Facts:
    """Nobody has decided in time."""
    known = _at(c.fold, call, "asked")
    if known is None:
        return []
    refused = e.Proposed(e.ToolRefused(call, known.tool, "expired"), c.site.system_author)
    return [refused, _say(c, c.site.words.not_allowed)]


def start(c: Conversation, call: str, until: dt.datetime) -> Facts:
    """A call that was allowed is about to be made: nothing if somebody else has begun with it."""
    known = _at(c.fold, call, "allowed")
    if known is None:
        return []
    return [e.Proposed(e.ToolStarted(call, known.tool, until), c.site.system_author)]


def finish(c: Conversation, call: str, outcome: e.ToolOutcome, result: str, *, on_duty: bool) -> Facts:
    """What came of a call that changes something. If nobody can tell, the team must look, and the visitor is told so.

    Within an answer it is the answer that calls people: it ends with them, whoever ends it.
    """
    known = _at(c.fold, call, "started")
    if known is None:
        return []
    fact: e.AnyFact = e.ToolFinished(call, known.tool, outcome, result)
    finished = e.Proposed(redaction.emptied(fact) if known.redacted else fact, c.site.system_author)
    if outcome != "unknown" or c.fold.control == "closed":
        return [finished]
    unsure = _say(c, c.site.words.unsure)
    if c.fold.control != "ai" or known.answer is not None:
        return [finished, unsure]
    people = c.call_people("tool_failure", _lost(known.tool), on_duty=on_duty, words=c.site.words.waiting)
    return [finished, unsure, *c.end_answer(), *people]


def lose(c: Conversation, call: str, *, on_duty: bool) -> Facts:
    """Whoever made the call is gone without a word of what came of it."""
    return finish(c, call, "unknown", "The server stopped while the call was being made.", on_duty=on_duty)


def asked(fold: Fold) -> tuple[OpenCall, ...]:
    """The calls that wait for the team, the longest wait first."""
    return tuple(call for call in fold.calls if call.step == "asked")


def _decidable(c: Conversation, agent: Agent, call: str) -> OpenCall:
    known = next((known for known in c.fold.calls if known.id == call), None)
    if known is None or known.step != "asked":
        raise Stale("That has been decided already.", fold=c.fold)
    holder = c.fold.agent
    if holder is not None and holder.id != agent.id and not agent.admin:
        raise AlreadyClaimed(f"{holder.name} is in charge of this conversation.", fold=c.fold)
    return known


def _say(c: Conversation, words: str, *, agent: str = "", minutes: str = "") -> e.Proposed:
    return Saying(c.site, c.now).say(words, agent=agent, minutes=minutes)


def _at(fold: Fold, call: str, step: str) -> OpenCall | None:
    return next((known for known in fold.calls if known.id == call and known.step == step), None)


def _lost(tool: str) -> str:
    return f"Nobody knows whether {tool} was carried out. Look for yourself before it is tried again."
