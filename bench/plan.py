"""What is measured, of whom, and how often."""

from collections.abc import Sequence

import msgspec

from load import Arrivals, FanOut, Idle, Load, Paced, Posts, Storm, Streams

HAVANA = ("havana", "bare")
RIVALS = ("socketio", "chainlit")
ALL = HAVANA + RIVALS
CLUSTER = ("havana", "cluster", "bare")


class Step(msgspec.Struct, frozen=True):
    """One load, put on each of the subjects in turns; on those that are only looked at beside, less often."""

    name: str
    load: Load
    subjects: tuple[str, ...]
    rounds: int = 5
    rival_rounds: int = 3

    def of_round(self, number: int) -> list[str]:
        """Whose turn it is in this round (from 0), in the other order every second time."""
        subjects = [s for s in self.subjects if number < (self.rival_rounds if s in RIVALS else self.rounds)]
        return subjects if number % 2 == 0 else subjects[::-1]


def full() -> list[Step]:
    return [
        *(Step(f"echo_{senders}", Posts(senders, readers=0), ("echo",)) for senders in (1, 16, 256)),
        *(Step(f"posts_{senders}", Posts(senders), CLUSTER + RIVALS) for senders in (1, 16)),
        Step("posts_256", Posts(256), (*CLUSTER, "socketio")),
        # Its 256 answers come in one burst every second or so: a window must hold several.
        Step("posts_256", Posts(256, warm_s=2, seconds=8), ("chainlit",)),
        Step("paced", Paced(), (*CLUSTER, "two_nodes", "socketio")),
        Step("fan_out", FanOut(), ALL),
        Step("arrivals", Arrivals(), ALL),
        Step("streams", Streams(), ("model", "responder", "bus"), rounds=3),
        Step("idle", Idle(), ALL, rounds=3, rival_rounds=1),
        Step("parts", Posts(64, seconds=5), ("sampled", "sampled_cluster"), rounds=3),
        Step("storm", Storm(), ("two_nodes",), rounds=3),
    ]


def quick() -> list[Step]:
    """The same, once and short: to see that everything works, not to be believed."""
    return [msgspec.structs.replace(step, rounds=1, rival_rounds=1, load=_short(step.load)) for step in full()]


def chosen(steps: Sequence[Step], names: Sequence[str], subjects: Sequence[str], rounds: int | None) -> list[Step]:
    """Those with these names, of these subjects, so often; where nothing is said, as they are."""
    steps = [step for step in steps if not names or step.name in names]
    if subjects:
        kept = [tuple(subject for subject in step.subjects if subject in subjects) for step in steps]
        steps = [msgspec.structs.replace(step, subjects=some) for step, some in zip(steps, kept, strict=True) if some]
    if rounds:
        steps = [msgspec.structs.replace(step, rounds=rounds, rival_rounds=rounds) for step in steps]
    return steps


def _short(load: Load) -> Load:
    match load:
        case Idle():
            return Idle(connections=1000)
        case Arrivals():
            return Arrivals(connections=500)
        case Storm():
            return Storm(clients=300)
        case Streams():
            return Streams(warm_s=4, seconds=1.5)
        case _:
            return msgspec.structs.replace(load, warm_s=load.warm_s / 2, seconds=load.seconds / 3)
