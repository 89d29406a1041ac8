"""Letters to the team: written in the transaction of their cause, with the job that sends them.

    written ──begin──▶ (on its way) ──▶ sent
       ▲                    │
       └──────failed────────┴─────────▶ given up

Whoever sends one has begun it first, and has it for themselves for `HELD`, longer than sending may take: of two who
hold the same job one sends. What was on its way when a server died is begun again after that, so that letter may arrive
twice, with the same Message-ID. All go after thirty days.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Literal

import msgspec
import sqlalchemy as sa

from havana.ids import new_id
from havana.storage import jobs
from havana.storage.dialects import insert
from havana.storage.mail_tables import mails

KEPT = dt.timedelta(days=30)
HELD = dt.timedelta(seconds=90)
SEND, FORGET = "mail", "forget_mails"
"""The kinds of jobs."""

State = Literal["sending", "sent", "failed"]


class Mail(msgspec.Struct, frozen=True):
    """One that has yet to be sent. `cause` is what its kind needs."""

    id: str
    kind: str
    recipient: str
    agent: str | None
    cause: dict[str, Any]
    created_at: dt.datetime


class Mailed(msgspec.Struct, frozen=True):
    """What became of a letter. `error` is why it has not been sent, so far or for good."""

    state: State
    error: str | None = None


def add(
    conn: sa.Connection,
    kind: str,
    recipient: str,
    cause: dict[str, Any],
    now: dt.datetime,
    *,
    agent: str | None = None,
    key: str | None = None,
) -> None:
    """A letter that is to be sent now; none if there has been one with that key."""
    mail = new_id()
    row = {"id": mail, "kind": kind, "recipient": recipient, "agent_id": agent, "key": key, "created_at": now}
    made = insert(conn.dialect.name, mails).values(row | {"cause": _json(cause)})
    if conn.execute(made.on_conflict_do_nothing(index_elements=[mails.c.key])).rowcount == 1:
        jobs.want(conn, SEND, mail, now)
        jobs.want(conn, FORGET, "mails", now + KEPT)


def known(conn: sa.Connection, keys: Iterable[str]) -> set[str]:
    """Those of the keys for which there is a letter, whatever became of it."""
    return set(conn.execute(sa.select(mails.c.key).where(mails.c.key.in_(list(keys)))).scalars())


def waiting(conn: sa.Connection, mail: str) -> Mail | None:
    """The letter, if it has yet to be sent."""
    row = conn.execute(sa.select(mails).where(mails.c.id == mail, *_OPEN)).first()
    if row is None:
        return None
    cause = msgspec.json.decode(row.cause)
    return Mail(row.id, row.kind, row.recipient, row.agent_id, cause, row.created_at)


def begin(conn: sa.Connection, mail: str, now: dt.datetime) -> bool:
    """Whether it is ours to send, and nobody else's for a while."""
    free = sa.or_(mails.c.begun_at.is_(None), mails.c.begun_at <= now - HELD)
    return conn.execute(mails.update().where(mails.c.id == mail, free, *_OPEN).values(begun_at=now)).rowcount == 1


def sent(conn: sa.Connection, mail: str, now: dt.datetime) -> None:
    conn.execute(mails.update().where(mails.c.id == mail, *_OPEN).values(sent_at=now, error=None))


def failed(conn: sa.Connection, mail: str, error: str, given_up_at: dt.datetime | None) -> None:
    tried = {"error": error, "given_up_at": given_up_at, "begun_at": None}
    conn.execute(mails.update().where(mails.c.id == mail, *_OPEN).values(tried))


def drop(conn: sa.Connection, mail: str) -> None:
    """It is not needed any more."""
    conn.execute(mails.delete().where(mails.c.id == mail))


def drop_waiting(conn: sa.Connection, kind: str, agent: str) -> None:
    """Letters of a kind to somebody that have yet to be sent: a newer one is to come."""
    conn.execute(mails.delete().where(mails.c.kind == kind, mails.c.agent_id == agent, *_OPEN))


def forget_of(conn: sa.Connection, agent: str, email: str | None = None) -> None:
    """All letters to somebody who goes, those that were asked for by their address too."""
    theirs = mails.c.agent_id == agent
    conn.execute(mails.delete().where(theirs if email is None else sa.or_(theirs, mails.c.recipient == email)))


def forget_old(conn: sa.Connection, now: dt.datetime) -> dt.datetime | None:
    """Forgets what was kept for long enough; tells when the next one was."""
    conn.execute(mails.delete().where(mails.c.created_at <= now - KEPT))
    oldest: dt.datetime | None = conn.execute(sa.select(sa.func.min(mails.c.created_at))).scalar()
    return oldest + KEPT if oldest else None


def latest(conn: sa.Connection, kind: str, agent: str | None = None) -> dict[str, Mailed]:
    """What became of the newest letter of a kind to each agent, or to one."""
    to_whom = mails.c.agent_id.is_not(None) if agent is None else mails.c.agent_id == agent
    rows = conn.execute(sa.select(mails).where(mails.c.kind == kind, to_whom).order_by(mails.c.created_at, mails.c.id))
    return {row.agent_id: _mailed(row) for row in rows}


def _mailed(row: sa.Row[Any]) -> Mailed:
    if row.sent_at is not None:
        return Mailed("sent")
    return Mailed("failed" if row.given_up_at is not None else "sending", row.error)


def _json(cause: dict[str, Any]) -> str:
    return msgspec.json.encode(cause).decode()


_OPEN = (mails.c.sent_at.is_(None), mails.c.given_up_at.is_(None))
