"""A database with as many conversations as an installation has after years, made in minutes.

Every conversation is one of the stories in `stories.py` with ids, people and times of its own, so that each fold is
that of its log. What goes on at the same time lies side by side in the tables, as it does where people write at once.
How many conversations are open does not depend on how many there are: a team holds as many as it can.
"""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from havana.accounts.names import stand_in
from havana.chat import events as e
from havana.chat.encoding import encode_fact
from havana.chat.people import Agent
from havana.chat.site import Site
from havana.storage.history import fold_row
from havana.storage.tables import conversations, events, jobs, marks, visitors
from stories import BEGAN, VISITOR, Story, story

OPEN = {"pending": 40, "human": 60, "ai": 300}
EVERY = dt.timedelta(minutes=5)
"""A conversation begins so often: 100,000 of them are a year."""
BATCH = 1000
"""Conversations that are stored together."""
STORIES = {"closed": 400, "ai": 40, "pending": 20, "human": 20}
"""How many different ones there are of each ending."""
SECOND_SITE = 0.05
"""How much goes on at the second site."""
TABLES = (visitors, conversations, events, marks, jobs)
"""In the order in which one may point to another."""

Row = tuple[Any, ...]
Rows = Mapping[str, list[Row]]


class Made(msgspec.Struct):
    """What was put into a database. `active` and `some` are ids of conversations, with those of their visitors."""

    conversations: int = 0
    messages: int = 0
    events: int = 0
    active: list[tuple[str, str]] = []
    """Those that are open."""
    some: list[tuple[str, str]] = []
    """Drawn from those that are closed."""


class Installation:
    """The rows of one: the same every time, except for ids and times, which lead up to `now`.

    There must be two sites, and more conversations than are open.
    """

    def __init__(self, number: int, sites: Sequence[Site], agents: Sequence[Agent], now: dt.datetime) -> None:
        chance = self._chance = random.Random(1)
        self._number = number
        self._now = now
        self._moulds = {
            control: [
                _Mould(story(chance, sites[chance.random() < SECOND_SITE], agents, control), agents)
                for _ in range(many)
            ]
            for control, many in STORIES.items()
        }
        self.made = Made()

    def batches(self) -> Iterator[Rows]:
        """Everything by table, oldest first."""
        chance = self._chance
        open_ones = [control for control, many in OPEN.items() for _ in range(many)]
        chance.shuffle(open_ones)
        endings = ["closed"] * (self._number - len(open_ones)) + open_ones
        rows: dict[str, list[Row]] = defaultdict(list)
        for place, control in enumerate(endings, 1):
            mould = chance.choice(self._moulds[control])
            begin = self._now - EVERY * (self._number + 1 - place)
            if control != "closed":
                # Somebody said something in each of them within the last hours.
                begin = self._now - dt.timedelta(seconds=chance.uniform(120, 6 * 3600)) - mould.lasts
            self._add(rows, mould, begin, is_open=control != "closed")
            if place % BATCH == 0 or place == self._number:
                rows["events"].sort(key=_by_id)
                yield rows
                rows = defaultdict(list)

    def _add(self, rows: dict[str, list[Row]], mould: "_Mould", begin: dt.datetime, *, is_open: bool) -> None:
        names = mould.cast(rows, begin, self._chance)
        made = self.made
        made.conversations += 1
        made.messages += mould.messages
        made.events += mould.events
        if is_open:
            made.active.append(names)
        elif self._chance.random() < 4000 / self._number:
            made.some.append(names)


class _Mould:
    """A story as rows, in which what differs from one conversation to the next is left open."""

    def __init__(self, told: Story, readers: Sequence[Agent]) -> None:
        self.messages = told.messages
        self.events = len(told.events)
        self.lasts = (told.fold.at or BEGAN) - BEGAN
        self._fold = fold_row(told.fold) | {"shown": False}
        self._readers = [reader.id for reader in readers]
        self._answers = [event.fact.answer for event in told.events if isinstance(event.fact, e.AnswerStarted)]
        self._lines = [_Line.of(event) for event in told.events]

    def cast(self, rows: dict[str, list[Row]], begin: dt.datetime, chance: random.Random) -> tuple[str, str]:
        """Adds one more of it to the rows; its id, and that of its visitor."""
        visitor, conversation, log = (_id(begin, chance) for _ in range(3))
        name = stand_in(visitor)
        others = {self._fold["id"]: conversation, self._fold["log"]: log, VISITOR.id: visitor, VISITOR.name: name}
        others |= {answer: _id(begin, chance) for answer in self._answers}
        for line in self._lines:
            at = begin + line.after
            others[line.id] = id_ = _id(at, chance)
            payload = line.payload.replace(line.answer, others[line.answer]) if line.answer else line.payload
            key = _id(at, chance) if line.keyed else None
            author = (others.get(line.author, line.author), others.get(line.name, line.name))
            rows["events"].append(
                (conversation, line.seq, line.public_seq, id_, line.kind, line.role, *author, key, at, payload)
            )
        moved = begin - BEGAN
        fold = [self._fold[column.name] for column in conversations.c]
        rows["conversations"].append(
            tuple(value + moved if isinstance(value, dt.datetime) else others.get(value, value) for value in fold)
        )
        rows["visitors"].append((visitor, self._fold["site_id"], name, conversation, None, begin))
        self._hang(rows, conversation, visitor, moved, chance)
        return conversation, visitor

    def _hang(
        self,
        rows: dict[str, list[Row]],
        conversation: str,
        visitor: str,
        moved: dt.timedelta,
        chance: random.Random,
    ) -> None:
        """Who has read it, and what is still to be done about it."""
        fold = self._fold
        messages = fold["visitor_messages"]
        rows["marks"].append((conversation, visitor, "visitor", fold["seq"], messages))
        for reader in self._readers[: chance.randrange(3)]:
            rows["marks"].append((conversation, reader, "agent", fold["seq"], messages - chance.randrange(2)))
        if fold["control"] == "ai":
            run_at = fold["at"] + moved + dt.timedelta(days=1)
            rows["jobs"].append((_id(run_at, chance), "idle", conversation, fold["seq"], run_at, 1, 0, None, None))


class _Line(NamedTuple):
    """An event. `answer` is the id that its payload names, if it names one."""

    after: dt.timedelta
    seq: int
    public_seq: int | None
    id: str
    kind: str
    role: str
    author: str
    name: str
    keyed: bool
    answer: str
    payload: str

    @classmethod
    def of(cls, event: e.Event) -> "_Line":
        answer = event.fact.answer if isinstance(event.fact, e.AnswerStarted | e.AnswerFinished) else ""
        return cls(
            event.at - BEGAN,
            event.seq,
            event.public_seq,
            event.id,
            event.fact.kind,
            event.author.role,
            event.author.id,
            event.author.name,
            event.key is not None,
            answer,
            encode_fact(event.fact).decode(),
        )


def _by_id(row: Row) -> str:
    return str(row[3])


def _id(at: dt.datetime, chance: random.Random) -> str:
    """A UUIDv7 of that time."""
    time, bits = f"{int(at.timestamp() * 1000):012x}", f"{chance.getrandbits(72):018x}"
    return f"{time[:8]}-{time[8:]}-7{bits[:3]}-8{bits[3:6]}-{bits[6:]}"
