"""Escalate, offer or answer: what the visitor's words call for, before any model is asked. Pure.

                                                          the model writes   the visitor is asked: a person?
    "I want to talk to a person"            escalate             no            no, they get one
    "agent?"                                offer                no            yes
    anger, the same question three times    answer               yes           yes, once
    a second question without an answer     answer               yes           yes
    anything else                           answer               yes           if the model offers it

"Once" is until somebody else is in charge: what was said before that has been heard.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

from havana.assistant.understanding.folding import fold
from havana.assistant.understanding.wishes import is_angry, wish_of
from havana.chat import events as e
from havana.chat.control import CONTROL_FACTS
from havana.chat.sureness import is_unsure

OFTEN = 3
"""How often the same question is asked before it is plain that the answers do not help."""
ALIKE = 0.7
"""Share of their words from which on two questions are the same."""
_ORDINARY = """
    a again also an and are at but can do does for hello how i in is it me my now of on ok or please so still the then
    to what you
"""
# They tell one question from another the least.
_COMMON = frozenset(_ORDINARY.split())


class Decision(msgspec.Struct, frozen=True):
    """`offers` is to ask whether a person is wanted; `unsure_before`, to do so if this answer is unsure as well."""

    step: Literal["escalate", "offer", "answer"] = "answer"
    offers: bool = False
    is_angry: bool = False
    unsure_before: bool = False


class _Stretch(msgspec.Struct):
    """What has been said since control last changed. `open` are the visitor's messages without an answer."""

    heard: list[str] = []
    open: list[str] = []
    offered: bool = False
    unsure: bool = False


def decide(events: Sequence[e.Event]) -> Decision:
    """`events` ascending, staff's view, up to the visitor's messages that wait for an answer."""
    stretch = _last_stretch(events)
    wishes = [wish_of(text) for text in stretch.open]
    if "person" in wishes:
        return Decision("escalate")
    if wishes and wishes[-1] == "maybe_person":
        return Decision("offer")
    angry = any(is_angry(text) for text in stretch.open)
    wanting = angry or (bool(stretch.open) and is_repeated((*stretch.heard, *stretch.open)))
    return Decision(offers=wanting and not stretch.offered, is_angry=angry, unsure_before=stretch.unsure)


def _last_stretch(events: Sequence[e.Event]) -> _Stretch:
    stretch, started = _Stretch(), 0
    for event in events:
        match event.fact:
            case e.MessagePosted(text=text) if text and event.author.role == "visitor":
                stretch.open.append(text)
            case e.MessagePosted(offers=offers) if "request_human" in offers:
                stretch.offered, stretch.unsure = True, False
            case e.AnswerStarted():
                started = len(stretch.open)
            case e.AnswerFinished(outcome="complete", sureness=sureness):
                # What came in while it was written is not answered by it.
                stretch.heard += stretch.open[:started]
                del stretch.open[:started]
                stretch.unsure = stretch.unsure if sureness is None else is_unsure(sureness)
            case fact if type(fact) in CONTROL_FACTS:
                stretch = _Stretch()
    return stretch


def is_repeated(said: Sequence[str]) -> bool:
    """Whether the last of a visitor's messages has been asked so often that the answers cannot have helped."""
    if not said:
        return False
    latest = _words(said[-1])
    # What it wants is looked at last: that takes longer than all the rest.
    asked = sum(_likeness(_words(text), latest) >= ALIKE for text in said)
    return asked >= OFTEN and wish_of(said[-1]) is None


def _words(text: str) -> frozenset[str]:
    words = frozenset(fold(text).split())
    return words - _COMMON or words


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one else 0.0
