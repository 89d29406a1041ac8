"""Reads a conversation for the built-in assistant: what is wanted now, and what was asked before. Pure."""

import re
from collections.abc import Sequence

import msgspec

from havana.assistant.interface import NOTE, Turn
from havana.assistant.understanding.wishes import Wish, wish_of

SHORT = 3
"""Words: what is no longer than this is likely to lean on the question before."""

_LEADS_ON = re.compile(r"(?:and|or|also|what about|how about|what if|same for|for|but|ok and)\b", re.IGNORECASE)
# "Is there parking?" and "one more thing" name their subject themselves.
_POINTS_BACK = re.compile(
    r"\b(?:it|its|that|this|they|them|those|these|(?<!is )(?<!are )there|one(?! (?:more|last|other)))\b", re.IGNORECASE
)


class Reading(msgspec.Struct, frozen=True):
    """What a conversation comes to.

    `question` is what the visitor asks now, in one or in several messages (`parts`), `before` the question before it.
    `dealt_with` says that something happened after the visitor's words, so that a wish in them has been heard already.
    `questions` are all of them.
    """

    wish: Wish | None
    question: str
    parts: list[str]
    before: str
    questions: list[str]
    last_answer: str
    dealt_with: bool

    @property
    def points_back(self) -> bool:
        """Whether it names its subject only by a word like "it"."""
        return bool(self.before and _POINTS_BACK.search(self.question) and len(self.question.split()) <= 8)

    @property
    def follows_up(self) -> bool:
        """Whether it may mean little without the question before."""
        short = len(self.question.split()) <= SHORT
        return bool(self.before) and (short or self.points_back or bool(_LEADS_ON.match(self.question)))


def read(turns: Sequence[Turn]) -> Reading:
    """What the last turn wants, in the light of the others."""
    said, dealt_with = _said(turns[-1].text)
    wishes = [(_heard(text), text) for text in said]
    asked = [text for wish, text in wishes if wish is None]
    earlier = [
        text for turn in turns[:-1] if turn.role == "visitor" for text in _said(turn.text)[0] if _heard(text) is None
    ]
    answers = [turn.text for turn in turns if turn.role == "assistant"]
    return Reading(
        wish=None if dealt_with and asked else _weightiest([wish for wish, _ in wishes], bool(asked)),
        question=" ".join(asked),
        parts=asked,
        before=earlier[-1] if earlier else "",
        questions=earlier + asked,
        last_answer=answers[-1] if answers else "",
        dealt_with=dealt_with,
    )


def _heard(text: str) -> Wish | None:
    """A hint is taken for the wish, and anger for the question that it may hold."""
    wish = wish_of(text)
    if wish == "maybe_person":
        return "person"
    return None if wish == "angry" else wish


def _said(text: str) -> tuple[list[str], bool]:
    """The visitor's own paragraphs since something last happened; those before it if there are none since."""
    *before, after = NOTE.split(text)[::2]
    since = _paragraphs(after)
    if since or not before:
        return since or [""], False
    return next((said for part in reversed(before) if (said := _paragraphs(part))), [""]), True


def _paragraphs(text: str) -> list[str]:
    return [paragraph.strip() for paragraph in text.split("\n\n") if paragraph.strip()]


def _weightiest(wishes: list[Wish | None], asked: bool) -> Wish | None:
    """A person before a call before a question before kind words."""
    for wish in ("person", "call"):
        if wish in wishes:
            return "person" if wish == "person" else "call"
    return None if asked else wishes[-1]
