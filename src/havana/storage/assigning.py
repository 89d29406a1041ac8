"""What is needed to give those who wait to somebody."""

import datetime as dt

import sqlalchemy as sa

from havana.chat import events as e
from havana.chat.assigning import CAPACITY, Candidate
from havana.chat.fold import Fold
from havana.storage import history
from havana.storage.tables import agents, conversations, events

AT_ONCE = 200
"""So many are looked at in one go; the others when these have somebody."""
_HANDS = ("claimed", "transferred", "returned_to_queue", "human_requested")


def waiting(conn: sa.Connection) -> list[Fold]:
    """Who waits for a person: the longest wait first."""
    longest = conversations.c.waiting_since, conversations.c.id
    chosen = sa.select(conversations).where(conversations.c.control == "pending").order_by(*longest).limit(AT_ONCE)
    return [history.fold_of(row) for row in conn.execute(chosen)]


def hands(conn: sa.Connection, conversation: str) -> list[e.Event]:
    """What of the log tells whose hands it went through."""
    of_this = events.c.conversation_id == conversation, events.c.kind.in_(_HANDS)
    return [history.event_of(row) for row in conn.execute(sa.select(events).where(*of_this).order_by(events.c.seq))]


def candidates(conn: sa.Connection) -> list[Candidate]:
    """Everybody of the team, on duty or not."""
    mine = conversations.c.agent_id == agents.c.id, conversations.c.control == "human"
    held = sa.select(sa.func.count()).where(*mine).scalar_subquery().label("held")
    room = sa.func.coalesce(agents.c.capacity, CAPACITY)
    rows = conn.execute(sa.select(agents.c.id, agents.c.name, held, agents.c.assigned_at, room).where(agents.c.active))
    return [Candidate(*row) for row in rows]


def assigned(conn: sa.Connection, agent: str, now: dt.datetime) -> None:
    conn.execute(agents.update().where(agents.c.id == agent).values(assigned_at=now))
