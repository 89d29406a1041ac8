"""A conversation to ask in tests: it applies what it answers, so that a test reads as a story."""

import datetime as dt
from collections.abc import Callable

from havana.chat import events as e
from havana.chat.conversation import Conversation
from havana.chat.fold import Fold, apply
from havana.chat.people import Agent, Person, Visitor
from havana.chat.site import Site
from havana.chat.views import is_public

NOON = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
SITE = Site(id="site", key="demo", name="Havana Tech", call_url="https://calendar.example.com/call")
VISITOR = Visitor("v1", "site", "Coral Heron")
ANA = Agent("a1", "Ana")
BEN = Agent("a2", "Ben")
ADA = Agent("a3", "Ada", admin=True)

Ask = Callable[[Conversation], list[e.Proposed]]


class Story:
    """`does` carries out a request; `draft` is what readers were shown of the open answer."""

    def __init__(self, site: Site = SITE) -> None:
        self.site = site
        self.fold = Fold(id="c1", log="l1", site=site.id, visitor=Person(VISITOR.id, VISITOR.name))
        self.events: list[e.Event] = []
        self.draft = ""
        self.now = NOON

    def asks(self, request: Ask) -> list[e.Proposed]:
        return request(Conversation(self.fold, self.site, self.now, self.draft))

    def does(self, request: Ask) -> list[str]:
        """The kinds of the facts that were appended, system words as `words`."""
        self.now += dt.timedelta(seconds=1)
        added = []
        for proposed in self.asks(request):
            public = self.fold.public_seq + 1 if is_public(proposed.fact) else None
            seq = self.fold.seq + 1
            event = e.Event(seq, public, f"e{seq}", self.now, proposed.author, proposed.key, proposed.fact)
            self.fold = apply(self.fold, event)
            self.events.append(event)
            added.append(event)
        if self.fold.open_answer is None:
            self.draft = ""
        return [_name(event) for event in added]

    @property
    def last(self) -> e.AnyFact:
        return self.events[-1].fact

    def fact(self, kind: type[e.Fact]) -> e.AnyFact:
        """The latest fact of a kind."""
        return next(event.fact for event in reversed(self.events) if isinstance(event.fact, kind))


def _name(event: e.Event) -> str:
    system = event.author.role == "system" and isinstance(event.fact, e.MessagePosted)
    return "words" if system else event.fact.kind


def begun() -> Story:
    """The visitor has asked something."""
    story = Story()
    story.does(lambda c: c.post(VISITOR, "What does welding cost?", "key-0001"))
    return story


def answering(shown: str = "") -> Story:
    """The assistant is answering and readers were shown `shown`."""
    story = begun()
    story.does(lambda c: c.start_answer("answer-1"))
    story.draft = shown
    return story


def pending() -> Story:
    story = begun()
    story.does(lambda c: c.request_human(VISITOR, on_duty=True))
    return story


def held(by: Agent = ANA) -> Story:
    story = begun()
    story.does(lambda c: c.claim(by))
    return story


def closed() -> Story:
    story = begun()
    story.does(lambda c: c.close(ANA.author))
    return story
