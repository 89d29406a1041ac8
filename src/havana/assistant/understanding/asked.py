"""What an answer was asked for, so that it can be read on its own. Pure."""

from collections.abc import Sequence

from havana.assistant.prompt import turns_of
from havana.assistant.understanding.reading import read
from havana.chat import events as e


def asked(events: Sequence[e.Event]) -> str:
    """The question that `events` (staff's view, up to the start of the answer) lead to; "" if there is none any more.

    One that means little without the question before comes with it: "Do you sell shoes? And for children?"
    """
    turns = turns_of(events)
    if not turns or turns[-1].role != "visitor":
        return ""
    reading = read(turns)
    if not reading.question:
        return ""
    return f"{reading.before} {reading.question}" if reading.follows_up else reading.question
