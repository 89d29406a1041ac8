"""What was acknowledged, held against the log: each reply tells a place where it stands, and a state that there was."""

from typing import Any, NamedTuple

import sqlalchemy as sa

from havana.chat import events as e
from havana.chat.fold import Fold, apply
from havana.chat.people import Agent, Visitor
from havana.storage import history

from .promises import KEY, ORDER, STORED, keep

Wire = dict[str, Any]
Tops = dict[str, tuple[int, int, str]]


class Asked(NamedTuple):
    """A command as it was sent, and how far each log went in that moment."""

    do: str
    fields: Wire
    tops: Tops


class Effect(NamedTuple):
    """The fact that a command puts into the log, and how many words of the system's follow it there."""

    fact: type[e.Fact]
    words: int


EFFECTS = {
    "request_human": Effect(e.HumanRequested, 1),
    "withdraw_request": Effect(e.RequestWithdrawn, 1),
    "offer_call": Effect(e.CallOffered, 0),
    "leave_contact": Effect(e.ContactLeft, 1),
    "rate": Effect(e.Rated, 0),
    "close": Effect(e.Closed, 1),
    "note": Effect(e.NotePosted, 0),
    "claim": Effect(e.Claimed, 1),
    "transfer": Effect(e.Transferred, 1),
    "route": Effect(e.Routed, 0),
    "return_to_queue": Effect(e.ReturnedToQueue, 1),
    "hand_back": Effect(e.HandedBack, 1),
    "reopen": Effect(e.Reopened, 1),
    "label": Effect(e.Labelled, 0),
    "redact": Effect(e.Redacted, 0),
    "allow": Effect(e.ToolAllowed, 1),
    "refuse": Effect(e.ToolRefused, 1),
}


class Log:
    """A log as one audience counts it: the events by their places, and the state after each."""

    def __init__(self, conn: sa.Connection, conversation: str, *, public: bool) -> None:
        stored = history.fold(conn, conversation)
        keep(stored is not None, STORED, f"there is no {conversation}")
        fold = Fold(id=stored.id, log=stored.log, site=stored.site, visitor=stored.visitor)
        self.id = stored.log
        self.events: dict[int, e.Event] = {}
        self.states: dict[int, Wire] = {}
        for event in history.all_events(conn, conversation):
            fold = apply(fold, event)
            place = event.public_seq if public else event.seq
            if place is not None:
                self.events[place] = event
            # What visitors do not see changes nothing of what they are told.
            self.states[fold.public_seq if public else fold.seq] = _state(fold, public=public)

    def place_of(self, key: str, role: str) -> int | None:
        found = [place for place, event in self.events.items() if event.key == key and event.author.role == role]
        return found[0] if found else None


def check(conn: sa.Connection, asked: Asked, ok: Wire, who: Visitor | Agent) -> int | None:
    """Holds a reply against the log. The place of the command's key, if it has one that stands there."""
    public = isinstance(who, Visitor)
    log = Log(conn, ok["conversation"], public=public)
    seq, key = ok["seq"], asked.fields.get("key")
    before = asked.tops[ok["conversation"]][public] if ok["conversation"] in asked.tops else 0
    place = None if key is None else log.place_of(key, "visitor" if public else "agent")
    told = f"{asked.do} {asked.fields} was sent at {before} and answered with {ok}"
    keep(log.id == ok["log"], STORED, f"{told}, the log is {log.id}")
    keep(seq in log.events, STORED, f"{told}, the log is {list(log.events)}")
    if ok["repeated"]:
        _check_repeated(log, before, place, ok, told)
    else:
        _check_done(log, asked, place, ok, who, told)
        keep(seq > before, KEY, told)
    return place


def check_refusal(conn: sa.Connection, asked: Asked, error: Wire, who: Visitor | Agent) -> None:
    """A refusal tells a state that there was when it was asked, or since."""
    conversation = asked.fields.get("conversation")
    if conversation is None or error["state"] is None:
        return
    public = isinstance(who, Visitor)
    log, before = Log(conn, conversation, public=public), asked.tops[conversation][public]
    states = [state for place, state in log.states.items() if place >= before]
    keep(error["state"] in states, STORED, f"{asked.do} at {before} was refused with {error}, there were {states}")


def _check_repeated(log: Log, before: int, place: int | None, ok: Wire, told: str) -> None:
    """It changed nothing: it was done before, under this key, or there was nothing to do."""
    seq = ok["seq"]
    if place is not None and place <= before:
        keep(seq == place, KEY, f"{told}, its key stands at {place}")
    else:
        keep(seq >= before, ORDER, f"{told}, which is older than what was known by then")
        # The same may have been sent once more, and have found something to do.
        keep(place is None or seq <= place, KEY, f"{told}, its key stands at {place}")
    states = [state for at, state in log.states.items() if at >= max(seq, before)]
    keep(ok["state"] in states, STORED, f"{told}, there were {states}")


def _check_done(log: Log, asked: Asked, place: int | None, ok: Wire, who: Visitor | Agent, told: str) -> None:
    effect, key, seq = EFFECTS[asked.do], asked.fields.get("key"), ok["seq"]
    if key is not None:
        keep(place == seq, KEY, f"{told}, its key stands at {place}")
    # What has no key is told by the last event that came of it.
    event = log.events.get(seq if key is not None else seq - effect.words)
    keep(event is not None and type(event.fact) is effect.fact, STORED, f"{told}, there stands {event}")
    keep(event.author.id == who.id, STORED, f"{told}, there stands {event}")
    keep(ok["state"] == log.states[seq], STORED, f"{told}, the state there is {log.states[seq]}")


def _state(fold: Fold, *, public: bool) -> Wire:
    agent = None if fold.agent is None else {"id": fold.agent.id, "name": fold.agent.name}
    since = fold.public_since if public else fold.since
    return {"control": fold.control, "agent": agent, "since": since, "open_answer": fold.open_answer}
