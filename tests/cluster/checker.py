"""Reads what every screen wrote down against the log, and tells in words what does not fit. Pure: no clock, no store.

violations(histories, stories, jobs, now) == []
"""

import contextlib
import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from tests.machine.promises import Broken, check_story

from havana.chat import control, views
from havana.chat import events as e
from havana.chat.fold import Fold, apply

from . import records as r
from .view import CONTROL

STORED = "acknowledged is stored"
ORDER = "one order"
ONCE = "once"
TAKEOVER = "no assistant word after a takeover"
STUCK = "never silent, never stuck"
PRIVATE = "only who may see it"
LOG = "the log is whole"
STANDS = "nothing falls over"
OURS = ("bad_request", "unknown_command", "internal", "not_found", "forbidden", "unauthorised", "too_large", "limit")
"""Refusals that no client of ours has earned."""


class Story(msgspec.Struct, frozen=True):
    """What the database has of a conversation."""

    stored: Fold
    events: Sequence[e.Event]
    drafts: Sequence[str] = ()

    def told(self, *, public: bool) -> "Told":
        """The log as one audience sees it."""
        seen = [views.for_visitor(event) if public else views.for_agent(event) for event in self.events]
        events = {wire["seq"]: wire for wire in _as_json([wire for wire in seen if wire is not None])}
        return Told(events, {_line(views.state_of(fold, public=public)) for fold in self._folds()})

    def _folds(self) -> Iterator[Fold]:
        fold = Fold(id=self.stored.id, log=self.stored.log, site=self.stored.site, visitor=self.stored.visitor)
        yield fold
        with contextlib.suppress(control.UnknownTransition, ValueError):  # which `check_story` tells
            for event in self.events:
                fold = apply(fold, event)
                yield fold


class Told(msgspec.Struct, frozen=True):
    """What an audience may be told: its events by their seqs, and every state that the log has been in."""

    events: Mapping[int, r.Wire]
    states: set[str]


class Left(msgspec.Struct, frozen=True):
    """A job that is in the table."""

    kind: str
    subject: str
    run_at: dt.datetime
    lease_until: dt.datetime | None


Stories = Mapping[str, Story]
Logs = Mapping[str, Told]
NOTHING = Told({}, set())


def violations(histories: Sequence[r.History], stories: Stories, jobs: Sequence[Left], now: dt.datetime) -> list[str]:
    """Everything is to be at rest: nobody writes, and nothing is on its way."""
    shown = {
        (record.conversation, record.answer)
        for history in histories
        for record in history.records
        if isinstance(record, r.Words)
    }
    found = [*_logs(stories, shown), *_keys(stories), *_visitors(stories), *_at_rest(stories, jobs, now)]
    told = {public: {name: story.told(public=public) for name, story in stories.items()} for public in (True, False)}
    for history in histories:
        logs = told[history.public]
        judged = (
            *_acknowledged(history, logs),
            *_screen(history, logs),
            *_pushes(history),
            *_takeovers_on_screen(history),
            *_troubles(history),
        )
        found += [f"{promise}: {history.name}: {what}" for promise, what in judged]
    return found


Judged = Iterator[tuple[str, str]]


# The log by itself


def _logs(stories: Stories, shown: set[tuple[str, str]]) -> Iterator[str]:
    for name, story in stories.items():
        answers = {answer for conversation, answer in shown if conversation == name}
        try:
            check_story(story.stored, story.events, story.drafts, answers)
        except Broken as broken:
            yield f"{LOG}: {name}: {broken}"
        for promise, what in (*_takeovers_in_log(story), *_words_of_changes(story)):
            yield f"{promise}: {name}: {what}"


def _takeovers_in_log(story: Story) -> Judged:
    """What is in the assistant's name while somebody else is in charge, and answers that end without a reason."""
    charge = "ai"
    for place, event in enumerate(story.events):
        alone = event.author.role == "assistant" and charge != "ai"
        # A hand-over by the assistant says why in its very append.
        noted = isinstance(event.fact, e.HandoverNoted) and _follows(story, place, e.HumanRequested)
        if alone and not noted:
            yield TAKEOVER, f"event {event.seq}, {event.fact.kind}, while {charge}"
        charge = CONTROL.get(event.fact.kind, charge)
        match event.fact:
            case e.AnswerFinished(outcome="interrupted") if not any(
                type(later.fact) in control.CONTROL_FACTS or isinstance(later.fact, e.MessagePosted | e.Redacted)
                for later in _rest_of_append(story, place)
            ):
                yield TAKEOVER, f"event {event.seq} interrupts an answer, and nothing in its append says why"


def _words_of_changes(story: Story) -> Judged:
    """A change of control comes with words in the same append."""
    for place, event in enumerate(story.events):
        if type(event.fact) not in control.CONTROL_FACTS:
            continue
        if not any(isinstance(later.fact, e.MessagePosted) for later in _rest_of_append(story, place)):
            yield STUCK, f"event {event.seq}, {event.fact.kind}, has no words"


def _rest_of_append(story: Story, place: int) -> Iterator[e.Event]:
    """What one append wrote has one time."""
    for later in story.events[place + 1 :]:
        if later.at != story.events[place].at:
            return
        yield later


def _follows(story: Story, place: int, fact: type[e.Fact]) -> bool:
    before = story.events[place - 1] if place else None
    return before is not None and isinstance(before.fact, fact) and before.at == story.events[place].at


def _keys(stories: Stories) -> Iterator[str]:
    # People's keys are made up and stand nowhere twice; the system's name a place of their conversation.
    counted = Counter(
        (conversation if event.author.role == "system" else "", event.author.role, event.author.id, event.key)
        for conversation, story in stories.items()
        for event in story.events
        if event.key is not None
    )
    for (_, role, who, key), times in counted.items():
        if times > 1:
            yield f"{ONCE}: the key {key} of the {role} {who} is in the log {times} times"


def _visitors(stories: Stories) -> Iterator[str]:
    opened = Counter(story.stored.visitor.id for story in stories.values() if story.stored.control != "closed")
    for visitor, times in opened.items():
        if times > 1:
            yield f"{ORDER}: the visitor {visitor} has {times} open conversations"


def _at_rest(stories: Stories, jobs: Iterable[Left], now: dt.datetime) -> Iterator[str]:
    for name, story in stories.items():
        stored = story.stored
        if stored.open_answer is not None:
            yield f"{STUCK}: {name}: the answer {stored.open_answer} is open"
        if stored.control == "ai" and stored.unanswered:
            yield f"{STUCK}: {name}: the visitor's words at {stored.asked} have no answer"
    for job in jobs:
        if job.lease_until is not None or job.run_at <= now or job.kind == "answer":
            yield f"{STUCK}: the job {job.kind} of {job.subject} is left, for {job.run_at}, held to {job.lease_until}"


# What a screen was told, against the log


def _acknowledged(history: r.History, logs: Logs) -> Judged:
    for record in history.records:
        if not isinstance(record, r.Acknowledged):
            continue
        ok = record.ok
        told = logs.get(ok["conversation"], NOTHING)
        event = told.events.get(ok["seq"])
        if event is None:
            yield STORED, f"{record.do} was acknowledged at {ok['seq']}, where there is nothing"
        elif record.key is not None and record.text is not None:
            right = (event.get("key"), event.get("text"), event["author"]["id"])
            if right != (record.key, record.text, history.who):
                yield STORED, f"{record.text!r} was acknowledged at {ok['seq']}, where there is {event}"
        elif record.key is not None and not ok["repeated"] and event.get("key") != record.key:
            yield STORED, f"{record.do} was acknowledged at {ok['seq']}, where there is {event}"
        if "state" in ok and _line(ok["state"]) not in told.states:
            yield STORED, f"{record.do} was acknowledged with {ok['state']}, which the log has never been in"


def _screen(history: r.History, logs: Logs) -> Judged:
    """Each event once, each in its place, each as it is in the log; and at rest nobody lacks anything."""
    last: dict[str, int | None] = {}
    for record in history.records:
        match record:
            case r.Emptied(conversation=conversation):
                last[conversation] = None
            case r.Unfollowed(conversation=conversation):
                last.pop(conversation, None)
            case r.Shown(conversation=conversation, event=event):
                seq, before = event["seq"], last.get(conversation, 0)
                if before is not None and seq <= before:
                    yield ONCE, f"event {seq} of {conversation} was shown again after {before}"
                elif before is not None and seq != before + 1:
                    yield ORDER, f"event {seq} of {conversation} was shown after {before}"
                if event != (stored := logs.get(conversation, NOTHING).events.get(seq)):
                    yield ORDER, f"of {conversation} {event} was shown, {stored} is stored"
                last[conversation] = seq
    for conversation, seq in last.items():
        top = max(logs.get(conversation, NOTHING).events, default=0)
        if (seq or 0) != top:
            yield ORDER, f"{conversation} is shown up to {seq}, stored up to {top}"


def _pushes(history: r.History) -> Judged:
    """On one connection the pushes of a conversation go on where the answer to the follow ended, one by one."""
    next_: dict[str, int] = {}
    for record in history.records:
        match record:
            case r.Connected():
                next_.clear()
            case r.Unfollowed(conversation=conversation):
                next_.pop(conversation, None)
            case r.Followed(conversation=conversation, top=top):
                next_[conversation] = top + 1
            case r.Pushed(conversation=conversation, event=event):
                # A visitor's conversation that begins elsewhere is followed from its first event.
                wanted = next_.get(conversation, 1)
                if event["seq"] < wanted:
                    yield ONCE, f"event {event['seq']} of {conversation} was pushed again, {wanted} was next"
                elif event["seq"] > wanted:
                    yield ORDER, f"event {event['seq']} of {conversation} was pushed, {wanted} was next"
                next_[conversation] = max(event["seq"], wanted - 1) + 1


def _takeovers_on_screen(history: r.History) -> Judged:
    """Words are of the answer that is open, as far as this connection has been told."""
    open_answers: dict[str, str | None] = {}
    for record in history.records:
        match record:
            case r.Connected():
                open_answers.clear()
            case r.Followed(conversation=conversation, state=state, draft=draft):
                open_answers[conversation] = state["open_answer"] if state["control"] == "ai" else None
                if draft is not None and draft != open_answers[conversation]:
                    yield TAKEOVER, f"a draft of {draft} came with {state}"
            case r.Pushed(conversation=conversation, event=event):
                if event["kind"] == "answer_started":
                    open_answers[conversation] = event["answer"]
                elif event["kind"] == "answer_finished" or event["kind"] in CONTROL:
                    open_answers[conversation] = None
            case r.Words(conversation=conversation, answer=answer):
                if open_answers.get(conversation) != answer:
                    yield TAKEOVER, f"words of {answer} came, open was {open_answers.get(conversation)}"


def _troubles(history: r.History) -> Judged:
    for record in history.records:
        match record:
            case r.Leaked(what=what):
                yield PRIVATE, what
            case r.SentAway(code=code, reason=reason):
                yield STANDS, f"sent away for good with {code} {reason}"
            case r.Denied(do=do, error=error) if error["code"] in OURS:
                yield STANDS, f"{do} was refused: {error}"
            case r.Denied(do=do, error={"code": "already_claimed", "state": state}) if not state["agent"]:
                yield STORED, f"{do} was refused as claimed already, but {state}"


def _line(state: r.Wire) -> str:
    return json.dumps(state, sort_keys=True)


def _as_json(value: Any) -> Any:
    return json.loads(msgspec.json.encode(value))
