"""What a reader makes of the frames they got: the fold of the domain, and the items of the page in plain words.

The other reading of the same frames is the pages' own, in `web/protocol`; recordings hold the two together.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from havana.chat import events as e
from havana.chat import views
from havana.chat.control import CONTROL_FACTS
from havana.chat.fold import Fold, apply
from havana.chat.people import Author, Person

Wire = dict[str, Any]


class Reader:
    """Somebody who follows a conversation, by the frames that reach them."""

    def __init__(self) -> None:
        self.fold = Fold(id="c1", log="l1", site="site", visitor=Person("", ""))
        self.events: list[e.Event] = []
        self.draft = ""

    def receives(self, frame: Wire) -> None:
        match frame:
            case {"push": "event", "event": wire}:
                self._reads(wire)
            case {"push": "delta", "answer": answer, "offset": offset, "text": text}:
                assert answer == self.fold.open_answer, "words of an answer that is not open"
                assert offset == len(self.draft), "a hole in the words"
                self.draft += text
            case {"mode": "snapshot", "events": events, "draft": draft}:
                for wire in events:
                    self._reads(wire)
                self.draft = draft["text"] if draft else ""
            case _:
                raise AssertionError(f"nobody knows this frame: {frame}")

    def view(self) -> Wire:
        return view(views.state_of(self.fold, public=False), self.events, self.draft)

    def _reads(self, wire: Wire) -> None:
        event = event_of(wire)
        if isinstance(event.fact, e.AnswerStarted | e.AnswerFinished):
            self.draft = ""
        self.fold = apply(self.fold, event)
        self.events.append(event)


def event_of(wire: Wire) -> e.Event:
    """The event as its reader counts: they know of one numbering only."""
    # A visitor gets no reason, and no fold asks for one.
    whole = {"reason": "returned"} | wire if wire["kind"] == "returned_to_queue" else wire
    fact: e.AnyFact = msgspec.convert(whole, type=e.AnyFact)
    at = msgspec.convert(wire["at"], type=dt.datetime)
    author = msgspec.convert(wire["author"], type=Author)
    return e.Event(wire["seq"], wire["seq"], wire["id"], at, author, wire.get("key"), fact)


def view(state: Wire, events: Sequence[e.Event], draft: str) -> Wire:
    """State and items as a recording writes them. `events` are numbered for whoever looks."""
    return {"state": state, "items": list(items(events, draft))}


def items(events: Sequence[e.Event], draft: str) -> Iterable[Wire]:
    """Answers stand where they started, superseded and empty ones nowhere, redacted words are gone."""
    redacted = {event.fact.event for event in events if isinstance(event.fact, e.Redacted)}
    ended = {event.fact.answer: event for event in events if isinstance(event.fact, e.AnswerFinished)}
    for event in events:
        match event.fact:
            case e.AnswerStarted(answer=answer) if answer not in ended:
                yield _item(event, "answer", draft, outcome=None)
            case e.AnswerStarted(answer=answer):
                end = ended[answer]
                fact = end.fact
                assert isinstance(fact, e.AnswerFinished)
                text = "" if end.id in redacted else fact.text
                if text or end.id in redacted:
                    yield _item(event, "answer", text, outcome=fact.outcome)
            case fact if type(fact) in CONTROL_FACTS:
                yield _item(event, "change", fact.kind)
            case fact:
                yield from _said(event, hidden=event.id in redacted)


def _said(event: e.Event, *, hidden: bool) -> Iterable[Wire]:
    match event.fact:
        case e.MessagePosted(text=text, offers=offers):
            yield _item(event, "message", "" if hidden else text, **({"offers": list(offers)} if offers else {}))
        case e.NotePosted(text=text):
            yield _item(event, "note", "" if hidden else text)
        case e.HandoverNoted(summary=text):
            yield _item(event, "handover", "" if hidden else text)
        case e.Rated(text=text):
            yield _item(event, "rating", "" if hidden else text)
        case e.ContactLeft(email=text):
            yield _item(event, "contact", "" if hidden else text)
        case e.CallOffered(url=text):
            yield _item(event, "call", text)


def _item(event: e.Event, kind: str, text: str, **more: Any) -> Wire:
    return {"seq": event.seq, "kind": kind, "role": event.author.role, "text": text, **more}
