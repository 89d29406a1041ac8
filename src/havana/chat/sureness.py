"""How sure an answer is of itself, and what follows from it."""

from collections.abc import Sequence

from havana.chat import events as e

ENOUGH = 0.3
"""From this sureness on an article answers the question; `bench/knowledge.py` prints what that means."""


def is_unsure(sureness: float | None) -> bool:
    """Whether the articles did not answer; None, where nothing was looked up, is not unsure."""
    return sureness is not None and sureness < ENOUGH


def unsure_answers(events: Sequence[e.Event]) -> list[str]:
    """The ids of the answers among them that no article bears out: what they were asked is shown to the team."""
    return [
        event.fact.answer
        for event in events
        if isinstance(event.fact, e.AnswerFinished)
        and event.fact.outcome == "complete"
        and is_unsure(event.fact.sureness)
    ]
