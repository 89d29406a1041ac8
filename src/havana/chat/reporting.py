"""What of a conversation is counted in the reports: how it came out, and each time that a person was wanted. Pure.

begun ─▶ open ──closed, the assistant has answered──▶ solved
              ──closed, it has not──────────────────▶ left
              ──a person was wanted, or stepped in──▶ person, whatever comes later
"""

import datetime as dt
from collections.abc import Sequence
from typing import Literal

import msgspec

from havana.chat import events as e

CameOut = Literal["open", "solved", "left", "person"]
WhyPerson = e.Reason | e.ReturnReason | Literal["stepped_in"]
"""`stepped_in`: an agent took over for whom nobody had asked."""

COUNTED = (
    e.MessagePosted,
    e.AnswerFinished,
    e.HumanRequested,
    e.HandoverNoted,
    e.RequestWithdrawn,
    e.Claimed,
    e.ReturnedToQueue,
    e.HandedBack,
    e.Closed,
    e.Reopened,
    e.Rated,
)
"""The facts that are looked at here; the first of a conversation too, whichever it is."""

_BY: dict[str, e.Reason] = {"visitor": "asked", "assistant": "cannot_answer", "system": "model_failure"}


class Handover(msgspec.Struct):
    """A person was wanted at `at`, the event `seq`. `claimed_at` and `words_at` are null if that never came.

    `agent` is the id of whoever claimed it. Who `stepped_in` has claimed at once, and nobody waited for them.
    """

    seq: int
    at: dt.datetime
    reason: WhyPerson
    agent: str | None = None
    claimed_at: dt.datetime | None = None
    words_at: dt.datetime | None = None

    @property
    def claim_s(self) -> int | None:
        """Whole seconds that the visitor waited for a person."""
        return None if self.reason == "stepped_in" else self._since(self.claimed_at)

    @property
    def words_s(self) -> int | None:
        """The same for the person's first words."""
        return None if self.reason == "stepped_in" else self._since(self.words_at)

    def _since(self, then: dt.datetime | None) -> int | None:
        # Never below zero: nodes have clocks of their own.
        return None if then is None else max(int((then - self.at).total_seconds()), 0)


class Rating(msgspec.Struct, frozen=True):
    """The last one of a conversation. `agent` is the person who had it before that; null for the assistant."""

    score: int
    at: dt.datetime
    agent: str | None


class Outcome(msgspec.Struct):
    """A conversation up to the event `seq`."""

    began_at: dt.datetime
    seq: int
    came_out: CameOut
    handovers: list[Handover]
    rating: Rating | None


def outcome_of(log: Sequence[e.Event]) -> Outcome:
    """Of a log, of which all but the first that is not in `COUNTED` may be left out. It must not be empty."""
    told = _Telling()
    for event in log:
        told.hear(event)
    return Outcome(log[0].at, log[-1].seq, told.came_out, told.handovers, told.rating)


class _Telling:
    def __init__(self) -> None:
        self.handovers: list[Handover] = []
        self.rating: Rating | None = None
        self._waits: Handover | None = None
        """The hand-over that nobody has claimed."""
        self._silent: Handover | None = None
        """The hand-over whose person has said nothing."""
        self._person: str | None = None
        self._answered = False
        self._closed = False

    @property
    def came_out(self) -> CameOut:
        if self.handovers:
            return "person"
        if not self._closed:
            return "open"
        return "solved" if self._answered else "left"

    def hear(self, event: e.Event) -> None:
        match event.fact:
            case e.HumanRequested(by=by):
                self._wanted(event, _BY.get(by, "asked"))
            case e.ReturnedToQueue(reason=reason):
                self._wanted(event, reason)
            case e.HandoverNoted(reason=reason) if self._waits is not None:
                self._waits.reason = reason
            case e.Claimed(agent=agent):
                self._claimed(event, agent.id)
            case e.MessagePosted() if event.author.role == "agent":
                if self._silent is not None:
                    self._silent.words_at = event.at
                self._silent = None
                self._person = event.author.id
            case e.AnswerFinished(outcome="complete"):
                self._answered = True
            case e.Rated(score=score):
                self.rating = Rating(score, event.at, self._person)
            case e.RequestWithdrawn() | e.HandedBack():
                self._waits = self._silent = None
            case e.Closed():
                self._waits = self._silent = None
                self._closed = True
            case e.Reopened():
                self._closed = False

    def _wanted(self, event: e.Event, reason: WhyPerson) -> Handover:
        wanted = Handover(event.seq, event.at, reason)
        self.handovers.append(wanted)
        self._waits, self._silent = wanted, None
        return wanted

    def _claimed(self, event: e.Event, agent: str) -> None:
        claimed = self._waits or self._wanted(event, "stepped_in")
        claimed.agent, claimed.claimed_at = agent, event.at
        self._waits, self._silent = None, claimed
        self._person = agent
