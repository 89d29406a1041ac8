"""A conversation as its log so far makes it: `apply` turns one event into the next state.

The stored row of `conversations` is this fold; replaying the log from `Fold(...)` gives the same.
"""

import datetime as dt
from typing import Any, Literal

import msgspec

from havana.chat import control as c
from havana.chat import events as e
from havana.chat.people import Person, Role, TeamName

PREVIEW_LENGTH = 160


class OpenCall(msgspec.Struct, frozen=True, gc=False):
    """A call of a tool that changes something and is not over. `until`: when it counts as refused, or as lost.

    `asked` waits for somebody of the team, `allowed` for whoever makes it. One that was made (`done`) by an answer is
    remembered until that is told, by the answer's end or by a person: what has changed something is never begun again.
    `redacted`: words were removed since it was asked for, and what it gives back may repeat them.
    `unknown` stands for whatever a newer release has stored that this one cannot read.
    """

    id: str
    tool: str
    step: Literal["asked", "allowed", "started", "done", "unknown"]
    until: dt.datetime
    answer: str | None = None
    redacted: bool = False


class Fold(msgspec.Struct, frozen=True, gc=False):
    """Seqs are those of staff (`seq`) unless their name says `public`. 0 means: not yet."""

    id: str
    log: str
    site: str
    visitor: Person
    control: c.Control = "ai"
    agent: Person | None = None
    team: TeamName | None = None
    """For whom it waits, while it does; None: for everybody."""
    since: int = 0
    public_since: int = 0
    since_at: dt.datetime | None = None
    """When control last changed."""
    seq: int = 0
    public_seq: int = 0
    open_answer: str | None = None
    answer_since: int = 0
    """The seq of the open or latest answer's start."""
    asked: int = 0
    """The seq of the visitor's last message, or of what came later of a call that was made for them."""
    answered: int = 0
    """Up to which seq the visitor's messages have an answer, by an agent or by the assistant."""
    unanswered_since: dt.datetime | None = None
    """When the oldest of the visitor's messages that have no answer came."""
    visitor_messages: int = 0
    preview: str = ""
    preview_event: str | None = None
    preview_role: Role | None = None
    at: dt.datetime | None = None
    """When somebody last spoke publicly (or asked for something)."""
    waiting_since: dt.datetime | None = None
    answer_until: dt.datetime | None = None
    """Until when somebody who was put in charge by itself has to answer; None once they have."""
    closed_at: dt.datetime | None = None
    labels: tuple[str, ...] = ()
    calls: tuple[OpenCall, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether this release knows the state that the conversation is in; it may ask nothing of one that it does not.

        The state is as the node has stored it that wrote last, never folded anew from what this one may not know.
        """
        return self.control in c.STATES and all(call.step != "unknown" for call in self.calls)

    @property
    def unanswered(self) -> bool:
        """The last public message, system words aside, is the visitor's; or nobody has told them of a call's end."""
        return self.asked > self.answered

    @property
    def changed_something(self) -> bool:
        """Whether an answer has made a call that changes something, and nobody has told the visitor yet."""
        return any(call.step in ("started", "done") for call in self.calls if call.answer is not None)

    @property
    def approval_until(self) -> dt.datetime | None:
        """Until when a person may still allow the call that must be decided next; None if nothing is to be allowed."""
        return min((call.until for call in self.calls if call.step == "asked"), default=None)

    @property
    def waits(self) -> bool:
        """Whether somebody of the team is waited for, to come or to allow something."""
        return self.control == "pending" or self.approval_until is not None


def apply(fold: Fold, event: e.Event) -> Fold:
    """The fold after `event`, which must be the next one (seq + 1)."""
    if event.seq != fold.seq + 1:
        raise ValueError(f"event {event.seq} cannot follow {fold.seq}")
    changes: dict[str, Any] = {"seq": event.seq, "control": c.after(fold.control, event.fact)}
    if event.public_seq is not None:
        changes["public_seq"] = event.public_seq
    if type(event.fact) in c.CONTROL_FACTS:
        changes |= _control(fold, event)
    else:
        changes |= _speech(fold, event)
    return msgspec.structs.replace(fold, **changes)


def _control(fold: Fold, event: e.Event) -> dict[str, Any]:
    """Everything that hangs on who is in charge is set anew by every change of control."""
    changes: dict[str, Any] = {
        "since": event.seq,
        "public_since": event.public_seq,
        "since_at": event.at,
        "at": event.at,
        "agent": None,
        "team": None,
        "waiting_since": None,
        "answer_until": None,
        "closed_at": None,
    }
    match event.fact:
        case e.HumanRequested(by=by):
            changes["waiting_since"] = event.at
            if by == "system":
                # People are called to look at it.
                changes["calls"] = _without_done(fold)
        case e.ReturnedToQueue():
            changes["waiting_since"] = event.at
        case e.Claimed(agent=agent) | e.Transferred(to=agent):
            changes["agent"] = agent
            if assigned := getattr(event.fact, "assigned", None):
                changes["answer_until"] = event.at + dt.timedelta(seconds=assigned.within_s)
        case e.Closed():
            changes["closed_at"] = event.at
    return changes


def _speech(fold: Fold, event: e.Event) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    match event.fact:
        case e.MessagePosted(text=text):
            changes = {"at": event.at}
            if event.author.role != "system":
                changes |= _preview(event, text)
            if event.author.role == "visitor":
                changes |= {"asked": event.seq, "visitor_messages": fold.visitor_messages + 1}
                changes["unanswered_since"] = fold.unanswered_since or event.at
            elif event.author.role == "agent":
                changes |= {"answered": event.seq, "unanswered_since": None, "calls": _without_done(fold)}
                changes["answer_until"] = None
        case e.AnswerStarted(answer=answer):
            changes = {"open_answer": answer, "answer_since": event.seq}
        case e.AnswerFinished(outcome=outcome, text=text, redacted=redacted):
            changes = {"open_answer": None, "at": event.at}
            if text or redacted:
                changes |= _preview(event, text)
            if outcome == "complete":
                # What came in while it was written is not answered by it.
                changes["answered"] = max(fold.answered, fold.answer_since)
                changes["unanswered_since"] = event.at if fold.asked > fold.answer_since else None
                changes["calls"] = _without_done(fold)
        case e.CallOffered() | e.ContactLeft() | e.Rated():
            changes = {"at": event.at}
        case e.Labelled() | e.Routed():
            changes = msgspec.structs.asdict(event.fact)  # called the same here
        case e.Redacted(event=target):
            calls = tuple(msgspec.structs.replace(call, redacted=True) for call in fold.calls)
            changes = {"calls": calls, "preview": "" if target == fold.preview_event else fold.preview}
        case e.ToolRequested() | e.ToolAllowed() | e.ToolRefused() | e.ToolStarted() | e.ToolFinished():
            changes = _call(fold, event)
    return changes


def _call(fold: Fold, event: e.Event) -> dict[str, Any]:
    """What becomes of a call. What was asked of the team and is decided is news that somebody must tell the visitor."""
    fact = event.fact
    known = next((call for call in fold.calls if call.id == getattr(fact, "call", None)), None)
    news = {"asked": event.seq, "unanswered_since": fold.unanswered_since or event.at}
    match fact:
        case e.ToolRequested(call=call, tool=tool, expires_at=until, answer=answer):
            return {"calls": (*fold.calls, OpenCall(call, tool, "asked", until, answer))}
        case e.ToolStarted(call=call, tool=tool, until=until, answer=answer):
            return {"calls": _replaced(fold, call, OpenCall(call, tool, "started", until, answer))}
        case e.ToolAllowed(call=call) if known:
            return {"calls": _replaced(fold, call, msgspec.structs.replace(known, step="allowed"))}
        case e.ToolRefused(call=call):
            return {"calls": _replaced(fold, call)} | news
        case e.ToolFinished(call=call) if known and known.answer is None:
            return {"calls": _replaced(fold, call)} | news
        case e.ToolFinished(call=call) if known:
            return {"calls": _replaced(fold, call, msgspec.structs.replace(known, step="done"))}
    return {}


def _without_done(fold: Fold) -> tuple[OpenCall, ...]:
    return tuple(call for call in fold.calls if call.step != "done")


def _replaced(fold: Fold, call: str, *by: OpenCall) -> tuple[OpenCall, ...]:
    return (*(known for known in fold.calls if known.id != call), *by)


def _preview(event: e.Event, text: str) -> dict[str, Any]:
    line = " ".join(text.split())
    return {
        "preview": line[:PREVIEW_LENGTH],
        "preview_event": event.id,
        "preview_role": event.author.role,
    }
