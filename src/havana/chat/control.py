"""Who speaks for us, and the one table that says how that changes.

              HumanRequested                Claimed
      AI ───────────────────▶ PENDING ───────────────▶ HUMAN
      ▲ ▲                      │ ▲                      │ │ ▲
      │ └─ RequestWithdrawn,  ─┘ └── ReturnedToQueue ───┘ │ │ Transferred (to another agent)
      │    HandedBack                                     └─┘
      └───────────────── HandedBack ────────────────────────   Claimed leads from AI straight to HUMAN too.
      Closed from anywhere; Reopened from CLOSED to AI.

Facts that speak or note without changing control are in the table too: a pair that is not there is an error, so
an answer can only start and finish while the assistant is in charge, and nobody but the system speaks in a
closed conversation. `Unknown` is never there: what it changes, only the release knows that has written it.
"""

from typing import Literal

from havana.chat import events as e

Control = Literal["ai", "pending", "human", "closed"]


class UnknownTransition(Exception):
    """A fact that cannot happen in this state: a bug of the request that proposed it, or a damaged log."""


_CHANGES: dict[tuple[Control, type[e.Fact]], Control] = {
    ("ai", e.HumanRequested): "pending",
    ("ai", e.Claimed): "human",
    ("ai", e.Closed): "closed",
    ("pending", e.RequestWithdrawn): "ai",
    ("pending", e.HandedBack): "ai",
    ("pending", e.Claimed): "human",
    ("pending", e.Closed): "closed",
    ("human", e.Transferred): "human",
    ("human", e.ReturnedToQueue): "pending",
    ("human", e.HandedBack): "ai",
    ("human", e.Closed): "closed",
    ("closed", e.Reopened): "ai",
}

_EVERYWHERE = (
    e.MessagePosted,
    e.HandoverNoted,
    e.Summarised,
    e.CallOffered,
    e.ContactLeft,
    e.Rated,
    e.NotePosted,
    e.Labelled,
    e.ToolStarted,
    e.ToolFinished,
    e.Redacted,
)
STATES: tuple[Control, ...] = ("ai", "pending", "human", "closed")

TABLE: dict[tuple[Control, type[e.Fact]], Control] = {
    **_CHANGES,
    ("ai", e.AnswerStarted): "ai",
    ("ai", e.AnswerFinished): "ai",
    ("ai", e.ToolRequested): "ai",
    # Only who waits can wait for a team.
    ("pending", e.Routed): "pending",
    # What is closed waits for nobody.
    **{(state, fact): state for state in STATES[:3] for fact in (e.ToolAllowed, e.ToolRefused)},
    **{(state, fact): state for state in STATES for fact in _EVERYWHERE},
}

CONTROL_FACTS = frozenset(fact for _, fact in _CHANGES)
"""The facts that change who is in charge; each comes with words to the visitor in the same append."""


def after(control: Control, fact: e.Fact) -> Control:
    """The state after `fact`."""
    try:
        return TABLE[control, type(fact)]
    except KeyError:
        raise UnknownTransition(f"{fact.kind} cannot happen while {control}") from None
