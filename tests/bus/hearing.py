"""Who listens to a bus in a test, and what there is to hear."""

import asyncio
import datetime as dt
from collections.abc import Callable

from havana.bus import (
    AgentChanged,
    Appended,
    Bus,
    Delta,
    DraftWanted,
    Looked,
    LookersWanted,
    Message,
    Opened,
    Present,
    Read,
    SessionsEnded,
    SiteChanged,
    Typing,
    VisitorChanged,
    VisitorHere,
    VisitorWanted,
    conversation_topic,
)
from havana.chat import events as e
from havana.chat.fold import Fold
from havana.chat.people import Author, Looker, Person, TeamName

PATIENCE_S = 30
"""For a test that hangs. What it waits for takes milliseconds."""
TALK = conversation_topic("c1")
VERA = Author("visitor", "v1", "Coral Heron")
NOON = dt.datetime(2026, 1, 1, 12, 0, 0, 123456, tzinfo=dt.UTC)
FACTS: tuple[e.AnyFact, ...] = (
    e.MessagePosted("Hello ☕", offers=("withdraw_request",)),
    e.AnswerFinished("a1", "complete", "Hello.", sources=(e.Source("Opening hours", None, "From nine."),)),
    e.Transferred(Person("ana", "Ana"), Person("ben", "Ben")),
    e.Labelled(("late", "refund")),
    e.Routed(TeamName("t1", "Sales")),
)
APPENDED = Appended(
    Fold("c1", "log-1", "s1", Person("v1", "Coral Heron"), "human", agent=Person("ben", "Ben"), seq=5, since_at=NOON),
    tuple(e.Event(seq, None, f"e{seq}", NOON, VERA, None, fact) for seq, fact in enumerate(FACTS, 1)),
)
EVERY_KIND: tuple[Message, ...] = (
    APPENDED,
    Delta("c1", "a1", 7, "words"),
    Typing("c1", VERA),
    Read("c1", "agent", "ana", 4, 3, furthest=False),
    Opened("v1", "c1"),
    SessionsEnded(agent="ana"),
    DraftWanted("c1", "a1"),
    Present("n1", 1, ("ana", "ben")),
    Looked("c1", "n1", (Looker("ana", "Ana"), Looker("ben", "Ben", "note"))),
    LookersWanted("c1"),
    AgentChanged("ana", "Ana", away=True),
    VisitorHere("v1", "n1", here=True),
    VisitorWanted("v1"),
    VisitorChanged("v1", ("c1",)),
    SiteChanged("s1"),
)


def word(number: int) -> Delta:
    return Delta("c1", "a1", number, f"{number} ")


class Ear:
    """Everything that somebody hears of a topic."""

    def __init__(self, bus: Bus, topic: str = TALK) -> None:
        self.heard: list[Message] = []
        self._news = asyncio.Event()
        self.leave = bus.subscribe(topic, self._hear)

    async def hears(self, number: int) -> list[Message]:
        """All that was heard, once there are so many."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.heard) < number:
                self._news.clear()
                await self._news.wait()
        return self.heard

    def _hear(self, message: Message) -> None:
        self.heard.append(message)
        self._news.set()


async def until(is_true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not is_true():
            await asyncio.sleep(0.005)
