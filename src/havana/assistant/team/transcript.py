"""A conversation as one text, for a model that helps the team with it and does not speak in it. Pure."""

from collections.abc import Collection, Sequence

from havana.assistant.interface import note, plain
from havana.assistant.tools.notes import how_it_ended, started_calls
from havana.chat import events as e

LEFT_OUT = note("Earlier lines were left out.")


def transcript_of(events: Sequence[e.Event], budget: int) -> str:
    """A line for each thing that was said or happened; of a long conversation the newest that fit into `budget`.

    Nobody's words have a line break, so that nobody can write a line that another seems to have said. Staff notes are
    not in it: what is written with its help may be sent to the visitor.
    """
    kept: list[str] = []
    room = budget
    started = started_calls(events)
    for line in reversed([line for event in events if (line := _line(event, started))]):
        room -= len(line) + 1
        if room < 0:
            kept.append(LEFT_OUT if kept else line[: budget - 1] + "…")
            break
        kept.append(line)
    return "\n".join(reversed(kept))


def _line(event: e.Event, started: Collection[str]) -> str:
    match event.fact:
        case e.MessagePosted(text=text) if text and event.author.role == "visitor":
            return f"Visitor: {_flat(text)}"
        case e.MessagePosted(text=text) if text and event.author.role == "agent":
            return f"{_flat(event.author.name)} of the team: {_flat(text)}"
        case e.AnswerFinished(text=text) if text:
            return f"Assistant: {_flat(text)}"
        case e.HumanRequested(by=by):
            return note(f"The {by} asked for a person of the team.")
        case e.RequestWithdrawn():
            return note("The visitor went on with the assistant.")
        case e.Claimed(agent=agent) | e.Transferred(to=agent):
            return note(f"{_flat(agent.name)} of the team took over.")
        case e.HandedBack():
            return note("The assistant was in charge again.")
        case e.ContactLeft():
            return note("The visitor left their name and e-mail.")
        case e.CallOffered():
            return note("The link for booking a call was shown.")
        case fact:
            ended = how_it_ended(fact, started)
            return note(_flat(ended)) if ended else ""


def _flat(text: str) -> str:
    return " ".join(plain(text).split())
