"""The other nodes, as far as this one hears of them: whether something that they said did not arrive."""

from havana.bus.envelope import Envelope

SILENT_S = 4.0
"""Everybody says once a second that they are there."""
FORGOTTEN_S = 60.0
"""Who was killed says nothing either. By then it counts as one that is no more, whatever it was."""


class Peers:
    def __init__(self) -> None:
        self._heard: dict[str, tuple[int, float]] = {}

    def hear(self, envelope: Envelope, now: float) -> bool:
        """False: it has said more than what arrived here."""
        known = self._heard.get(envelope.node)
        self._heard[envelope.node] = (envelope.number, now)
        if envelope.leaves:
            del self._heard[envelope.node]
        # A smaller number is that of a node that has started again.
        return known is None or envelope.number <= known[0] + (1 if envelope.topics else 0)

    def is_one_silent(self, now: float) -> bool:
        """Redis may be there for us and not for them: what they say is then in the log only."""
        silent = [node for node, (_, at) in self._heard.items() if now - at > SILENT_S]
        for node in silent:
            if now - self._heard[node][1] > FORGOTTEN_S:
                del self._heard[node]
        return bool(silent)
