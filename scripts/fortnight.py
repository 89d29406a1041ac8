"""Two weeks of conversations for the picture of the reports: made up by dice, stored as by the desk."""

import datetime as dt
import random
from collections.abc import Callable, Iterator

import sqlalchemy as sa

from havana.chat import events as e
from havana.chat.conversation import Conversation
from havana.chat.fold import Fold
from havana.chat.people import Agent, Person, Visitor
from havana.chat.site import Site
from havana.desk import place
from havana.ids import new_id
from havana.storage import log, sites, staff
from havana.storage.tables import visitors

DAYS = 14
BUSY = (40, 46, 52, 44, 38, 14, 10)
"""Conversations on a Monday, a Tuesday and so on."""
HOURS = (1, 1, 0, 0, 0, 1, 2, 5, 9, 14, 16, 15, 11, 12, 14, 13, 11, 9, 7, 6, 5, 4, 3, 2)
"""How often one begins in an hour of the day, beside the others."""

Request = Callable[[Conversation], list[e.Proposed]]
Steps = Iterator[tuple[float, Request]]


def tell(conn: sa.Connection, today: dt.datetime) -> None:
    """All of it, up to yesterday."""
    chance = random.Random(1)  # noqa: S311 # nothing is kept secret by it
    site, agents = sites.every(conn)[0], staff.team(conn)
    for back in range(DAYS, 0, -1):
        day = today.replace(hour=0, minute=0, second=0) - dt.timedelta(days=back)
        for _ in range(BUSY[day.weekday()] + chance.randrange(-4, 5)):
            hour = chance.choices(range(24), HOURS)[0]
            began = day + dt.timedelta(hours=hour, seconds=chance.randrange(3600))
            _tell_one(conn, site, began, chance, chance.choice(agents))


def _tell_one(conn: sa.Connection, site: Site, at: dt.datetime, chance: random.Random, agent: Agent) -> None:
    visitor = Visitor(new_id(), site.id, "Visitor")
    conn.execute(visitors.insert().values(id=visitor.id, site_id=site.id, name=visitor.name, created_at=at))
    fold = Fold(id=new_id(), log=new_id(), site=site.id, visitor=Person(visitor.id, visitor.name))
    for after_s, request in _steps(visitor, agent, chance):
        at += dt.timedelta(seconds=after_s)
        events, after = place(fold, request(Conversation(fold, site, at)), at)
        opening = None if fold.seq else log.Opening(None)
        log.append(conn, log.Entry(after, events, fold.seq, shown=False, jobs=[], at=at, opening=opening))
        fold = after


def _steps(visitor: Visitor, agent: Agent, chance: random.Random) -> Steps:
    yield 0, lambda c: c.post(visitor, "Hello", new_id())
    yield 1, lambda c: c.start_answer(new_id())
    yield 4, lambda c: c.finish_answer(c.fold.open_answer or "", "Like this.", sureness=1.0)
    if chance.random() < 0.3:
        yield 30, lambda c: c.request_human(visitor, on_duty=True)
        yield chance.lognormvariate(3.8, 0.8), lambda c: c.claim(agent)
        yield chance.lognormvariate(3.2, 0.6), lambda c: c.reply(agent, "Here I am.", new_id())
    if chance.random() < 0.9:
        yield 240, lambda c: c.close(visitor.author)
        if chance.random() < 0.4:
            score = chance.choices((1, 2, 3, 4, 5), (1, 1, 3, 9, 16))[0]
            yield 10, lambda c: c.rate(visitor, score)
