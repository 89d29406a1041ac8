"""Questions that no article answered: which they are and what became of them. What was asked stands in the log only."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from typing import Any, Literal

import msgspec
import sqlalchemy as sa

from havana.chat import events as e
from havana.chat.fold import Fold
from havana.ids import new_id
from havana.storage.dialects import insert
from havana.storage.history import event_of
from havana.storage.tables import events, questions

State = Literal["open", "written", "dismissed"]
LEADING = 40
"""Events before an answer's start that are read for what it answers, and what that leans on."""


class Question(msgspec.Struct, frozen=True):
    """Once asked: `event` is the visitor's latest message that the answer is for, `seq` that of the answer's start."""

    id: str
    site: str
    conversation: str
    event: str
    answer: str
    seq: int
    asked_at: dt.datetime
    state: State


def record(conn: sa.Connection, fold: Fold, answer: str) -> None:
    """Of the answer that has just ended; again the same, and nothing happens."""
    of_this = events.c.conversation_id == fold.id
    said = (events.c.kind == "message_posted") & (events.c.role == "visitor")
    before = sa.select(events.c.id, events.c.at).where(of_this, said, events.c.seq < fold.answer_since)
    asked = conn.execute(before.order_by(events.c.seq.desc()).limit(1)).first()
    if asked is None or conn.execute(sa.select(questions.c.id).where(questions.c.event_id == asked.id)).first():
        return
    row = {
        "id": new_id(),
        "site_id": fold.site,
        "conversation_id": fold.id,
        "event_id": asked.id,
        "answer": answer,
        "seq": fold.answer_since,
        "asked_at": asked.at,
        "state": "open",
    }
    statement = insert(conn.dialect.name, questions).values(row)
    conn.execute(statement.on_conflict_do_nothing(index_elements=[questions.c.answer]))


def forget(conn: sa.Connection, event: str) -> None:
    """The message is redacted: there is nothing left to ask."""
    conn.execute(questions.delete().where(questions.c.event_id == event))


def newest(conn: sa.Connection, site: str, limit: int) -> list[Question]:
    """The open ones of a site, the newest first."""
    mine = questions.c.site_id == site, questions.c.state == "open"
    return _read(conn, _ALL.where(*mine).order_by(questions.c.asked_at.desc(), questions.c.id.desc()).limit(limit))


def of_conversation(conn: sa.Connection, conversation: str) -> list[Question]:
    """The open ones, in their order."""
    mine = questions.c.conversation_id == conversation, questions.c.state == "open"
    return _read(conn, _ALL.where(*mine).order_by(questions.c.seq))


def count(conn: sa.Connection) -> int:
    """How many are open, on all sites."""
    number = sa.select(sa.func.count()).select_from(questions).where(questions.c.state == "open")
    return conn.execute(number).scalar_one()


def settle(
    conn: sa.Connection, some: Collection[str], state: Literal["written", "dismissed"], agent: str, now: dt.datetime
) -> int:
    """Those of them that are open are open no more; tells how many. Whoever came first stays named."""
    mine = questions.c.id.in_(some), questions.c.state == "open"
    settled = questions.update().where(*mine).values(state=state, settled_at=now, settled_by=agent)
    return conn.execute(settled).rowcount


def reopen(conn: sa.Connection, some: Collection[str]) -> int:
    """Those of them that were dismissed are open again; tells how many."""
    mine = questions.c.id.in_(some), questions.c.state == "dismissed"
    return conn.execute(questions.update().where(*mine).values(state="open", settled_at=None, settled_by=None)).rowcount


def leading(conn: sa.Connection, some: Sequence[Question]) -> Mapping[str, list[e.Event]]:
    """What was said before the answer to each of them, by its id, ascending; staff's view."""
    near = (
        (events.c.conversation_id == questions.c.conversation_id)
        & (events.c.seq < questions.c.seq)
        & (events.c.seq >= questions.c.seq - LEADING)
    )
    chosen = sa.select(questions.c.id.label("question"), events).join(events, near)
    found = conn.execute(
        chosen.where(questions.c.id.in_([one.id for one in some])).order_by(questions.c.id, events.c.seq)
    )
    return {question: [event_of(row) for row in rows] for question, rows in groupby(found, lambda row: row.question)}


_ALL = sa.select(
    questions.c.id,
    questions.c.site_id,
    questions.c.conversation_id,
    questions.c.event_id,
    questions.c.answer,
    questions.c.seq,
    questions.c.asked_at,
    questions.c.state,
)


def _read(conn: sa.Connection, chosen: sa.Select[Any]) -> list[Question]:
    return [Question(*row) for row in conn.execute(chosen)]
