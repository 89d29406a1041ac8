"""What is measured, of whom, and how often."""

from collections.abc import Sequence

import msgspec

from load import Load, Posts

HAVANA = ("havana", "bare")


class Step(msgspec.Struct, frozen=True):
    """One load, put on each of the subjects in turns."""

    name: str
    load: Load
    subjects: tuple[str, ...]
    rounds: int = 5


def full() -> list[Step]:
    return [
        *(Step(f"echo_{senders}", Posts(senders, readers=0), ("echo",)) for senders in (1, 16, 256)),
        *(Step(f"posts_{senders}", Posts(senders), HAVANA) for senders in (1, 16, 256)),
    ]


def quick() -> list[Step]:
    """The same, once and short: to see that everything works, not to be believed."""
    return [msgspec.structs.replace(step, rounds=1, load=_short(step.load)) for step in full()]


def chosen(steps: Sequence[Step], names: Sequence[str], subjects: Sequence[str]) -> list[Step]:
    """Those with these names, and of these subjects; all where none are named."""
    return [
        msgspec.structs.replace(step, subjects=kept)
        for step in steps
        if (not names or step.name in names)
        and (kept := tuple(subject for subject in step.subjects if not subjects or subject in subjects))
    ]


def _short(load: Load) -> Load:
    short = msgspec.structs.replace(load)
    if hasattr(short, "seconds"):
        short.warm_s, short.seconds = 0.5, 1
    return short
