"""Conversations as they go, told by the very rules of the product: what installations of any size are made of.

A story is a whole log with its fold, made once by `Conversation` and `place`. An installation holds each of them many
times over, with other ids, people and times (`installation.py`).
"""

import datetime as dt
import math
import random
from collections.abc import Callable, Sequence

import msgspec

from havana.chat import control as c
from havana.chat import events as e
from havana.chat.conversation import Conversation, Facts
from havana.chat.fold import Fold
from havana.chat.people import Agent, Person, Visitor
from havana.chat.site import Site
from havana.desk import place
from havana.ids import new_id

VISITOR = Visitor("visitor-of-a-story", "", "Coral Heron")
BEGAN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
SAID = """
    a about account after again all and any are at back be been bill but by can change check could day delivery do
    email error first for form from get had has have help how i if in invoice is it just last leave look me message
    minute month my name need new no not now number of on one open order or our out page paid parcel password pay
    plan please price question reply return same see send service should site so still such team thank that the their
    them then there they thing this time to today tomorrow track try two until up us version very was way we week
    were what when where which will with work would write yes yesterday you your
"""
WORDS = tuple(SAID.split())
LENGTHS = {"visitor": 60, "agent": 120, "assistant": 350}
"""Median characters of what each says; in a tenth of the cases it is more than three times as much."""
TURNS = 8.2
"""Of the assistant with a visitor, on average, which makes some twenty messages of a conversation."""


class Story(msgspec.Struct):
    """A conversation from its first event to where it stands at the end."""

    fold: Fold
    events: list[e.Event]

    @property
    def messages(self) -> int:
        return sum(isinstance(event.fact, e.MessagePosted | e.AnswerFinished) for event in self.events)


class Telling:
    """Asks the conversation one request after the other, and lets time go by between them."""

    def __init__(self, chance: random.Random, site: Site, agents: Sequence[Agent]) -> None:
        self.chance = chance
        self.agent, self.other = chance.sample(agents, 2)
        self._site = site
        self._at = BEGAN
        self._events: list[e.Event] = []
        self._fold = Fold(id=new_id(), log=new_id(), site=site.id, visitor=Person(VISITOR.id, VISITOR.name))

    def told(self) -> Story:
        return Story(self._fold, self._events)

    def does(self, request: Callable[[Conversation], Facts], after_s: float = 20) -> None:
        self._at += dt.timedelta(seconds=self.chance.expovariate(1 / after_s), milliseconds=1)
        facts = request(Conversation(self._fold, self._site, self._at, "So far"))
        events, self._fold = place(self._fold, facts, self._at)
        self._events += events

    def turn(self) -> None:
        """A question, and what the assistant says to it."""
        self.does(lambda c: c.post(VISITOR, self._words("visitor"), new_id()))
        answer = new_id()
        self.does(lambda c: c.start_answer(answer), after_s=0.1)
        source = e.Source("Sending things back", "https://example.com/returns", self._words("visitor"))
        sources = (source,) * self.chance.randrange(3)
        self.does(lambda c: c.finish_answer(answer, self._words("assistant"), sources), after_s=8)

    def exchange(self) -> None:
        """A question, and what a person says to it."""
        self.does(lambda c: c.post(VISITOR, self._words("visitor"), new_id()))
        self.does(lambda c: c.reply(self.agent, self._words("agent"), new_id()), after_s=40)

    def note(self) -> None:
        self.does(lambda c: c.note(self.agent, self._words("agent"), new_id()))

    def _words(self, role: str) -> str:
        length = int(LENGTHS[role] * self.chance.lognormvariate(0, 0.9))
        said = " ".join(self.chance.choices(WORDS, k=length // 5 + 1))
        return said.capitalize() + "."


def story(chance: random.Random, site: Site, agents: Sequence[Agent], ending: c.Control) -> Story:
    """One that stands at `ending`. A third of those that are over had a person in them."""
    telling = Telling(chance, site, agents)
    for _ in range(1 + int(chance.lognormvariate(math.log(TURNS) - 0.32, 0.8))):
        telling.turn()
    if ending == "ai" or (ending == "closed" and chance.random() < 0.66):
        if ending == "closed":
            _ends(telling)
        return telling.told()
    telling.does(lambda c: c.request_human(VISITOR, on_duty=True, key=new_id()))
    if ending != "pending":
        telling.does(lambda c: c.claim(telling.agent), after_s=60)
        for _ in range(chance.randrange(1, 6)):
            telling.exchange()
        if chance.random() < 0.3:
            telling.note()
            telling.does(lambda c: c.label(telling.agent, ("refund", "urgent")[: chance.randrange(1, 3)]))
        if chance.random() < 0.2:
            telling.does(lambda c: c.transfer(telling.agent, telling.other))
            telling.agent = telling.other
            telling.exchange()
    if ending == "closed":
        telling.does(lambda c: c.close(telling.agent.author))
        if chance.random() < 0.3:
            telling.does(lambda c: c.rate(VISITOR, chance.randrange(1, 6)))
    return telling.told()


def _ends(telling: Telling) -> None:
    """As most do: nobody says anything for a day."""
    telling.does(lambda c: c.close_idle(c.fold.seq), after_s=24 * 3600)
