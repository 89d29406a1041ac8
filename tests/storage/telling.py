"""Random conversations, with times of their own, told by the rules of the product and stored as the desk does."""

import datetime as dt
import random
from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from havana.chat import events as e
from havana.chat.conversation import Conversation
from havana.chat.errors import Refusal
from havana.chat.fold import Fold
from havana.chat.people import Agent, Person, Visitor
from havana.chat.site import Site
from havana.desk import place
from havana.ids import new_id
from havana.storage import log
from havana.storage.tables import visitors


class Told(msgspec.Struct):
    """A conversation and its whole log."""

    site: Site
    visitor: Visitor
    fold: Fold
    events: list[e.Event]


def tell(conn: sa.Connection, chance: random.Random, site: Site, agents: Sequence[Agent], began: dt.datetime) -> Told:
    """One that begins then, and in which some ten things happen."""
    visitor = Visitor(new_id(), site.id, "Ana")
    conn.execute(visitors.insert(), [{"id": visitor.id, "site_id": site.id, "name": "Ana", "created_at": began}])
    told = Told(site, visitor, Fold(id=new_id(), log=new_id(), site=site.id, visitor=Person(visitor.id, "Ana")), [])
    happen(conn, chance, told, agents, began, times=chance.randrange(1, 14))
    return told


def happen(
    conn: sa.Connection, chance: random.Random, told: Told, agents: Sequence[Agent], at: dt.datetime, times: int
) -> None:
    """So many requests, of which some are refused."""
    for _ in range(times):
        request = chance.choice(REQUESTS) if told.fold.seq else _post
        try:
            facts = request(Conversation(told.fold, told.site, at), chance, told.visitor, chance.choice(agents))
        except Refusal:
            continue
        events, after = place(told.fold, facts, at)
        if events:
            opening = None if told.fold.seq else log.Opening(None)
            entry = log.Entry(after, events, told.fold.seq, shown=False, jobs=[], at=at, opening=opening)
            assert log.append(conn, entry) is None
            told.fold = after
            told.events += events
        at += dt.timedelta(seconds=chance.expovariate(1 / 600))


Facts = list[e.Proposed]


def _post(c: Conversation, chance: random.Random, visitor: Visitor, agent: Agent) -> Facts:
    return c.post(visitor, "Hello", new_id())


def _starts(c: Conversation, chance: random.Random, visitor: Visitor, agent: Agent) -> Facts:
    return c.start_answer(new_id())


def _answers(c: Conversation, chance: random.Random, visitor: Visitor, agent: Agent) -> Facts:
    return c.finish_answer(c.fold.open_answer, "Yes", sureness=1.0) if c.fold.open_answer else []


def _escalates(c: Conversation, chance: random.Random, visitor: Visitor, agent: Agent) -> Facts:
    reason = chance.choice(("cannot_answer", "frustrated", "policy"))
    return c.escalate(c.fold.open_answer or "", text="", reason=reason, summary="Help", on_duty=True)


def _wants(c: Conversation, chance: random.Random, visitor: Visitor, agent: Agent) -> Facts:
    return c.request_human(visitor, on_duty=True)


def _withdraws(c: Conversation, chance: random.Random, visitor: Visitor, agent: Agent) -> Facts:
    return c.withdraw_request(visitor)


def _claims(c: Conversation, chance: random.Random, visitor: Visitor, agent: Agent) -> Facts:
    return c.claim(agent)


def _replies(c: Conversation, chance: random.Random, visitor: Visitor, agent: Agent) -> Facts:
    return c.reply(agent, "Here", new_id())


def _returns(c: Conversation, chance: random.Random, visitor: Visitor, agent: Agent) -> Facts:
    return c.return_to_queue(agent, on_duty=True)


def _hands_back(c: Conversation, chance: random.Random, visitor: Visitor, agent: Agent) -> Facts:
    return c.hand_back(agent)


def _closes(c: Conversation, chance: random.Random, visitor: Visitor, agent: Agent) -> Facts:
    return c.close(visitor.author)


def _rates(c: Conversation, chance: random.Random, visitor: Visitor, agent: Agent) -> Facts:
    return c.rate(visitor, chance.randrange(1, 6))


def _notes(c: Conversation, chance: random.Random, visitor: Visitor, agent: Agent) -> Facts:
    return c.note(agent, "A note")


REQUESTS = (
    _post, _starts, _answers, _answers, _escalates, _wants, _withdraws, _claims,
    _replies, _replies, _returns, _hands_back, _closes, _rates, _notes,
)  # fmt: skip
