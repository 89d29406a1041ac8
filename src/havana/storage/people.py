"""Who is on the team, is invited to it or is deactivated, and the links by which somebody chooses a password.

    invited ──follows the link──▶ active ──────▶ deactivated
       │                             ◀──────────────┘
       └──withdrawn: the row goes

Removed for good (`staff.remove_agent`) are those who are neither.
"""

import datetime as dt
from typing import Any, Literal

import msgspec
import sqlalchemy as sa

from havana.chat.changes import Role
from havana.chat.people import Agent
from havana.ids import new_id
from havana.storage import jobs, mails
from havana.storage.dialects import insert
from havana.storage.mails import Mailed
from havana.storage.staff import EmailTaken, folded
from havana.storage.tables import agents, sessions, sign_in_links

State = Literal["active", "invited", "deactivated"]
INVITATION, FORGOTTEN = "invitation", "forgotten"
"""The kinds of letters."""


class LastAdmin(Exception):
    """Nobody else could change the settings."""


class Person(msgspec.Struct, frozen=True):
    """`until` is when the last link ends that was made for them and not used yet, if there is one. `mailed` is what
    became of the letter to who is invited; None where none was written. `capacity` is how many conversations at once
    are given to them, if somebody has said so.
    """

    agent: Agent
    state: State
    away: bool
    until: dt.datetime | None = None
    mailed: Mailed | None = None
    capacity: int | None = None


class Used(msgspec.Struct, frozen=True):
    """What came of following a link: `joined` tells whether it was an invitation, `ended` which sessions ended."""

    agent: Agent
    joined: bool
    away: bool
    ended: list[str]


def everybody(conn: sa.Connection, now: dt.datetime) -> list[Person]:
    """By name."""
    mailed = mails.latest(conn, INVITATION)
    rows = conn.execute(_people(now).order_by(agents.c.name, agents.c.id))
    return [_person(row, mailed.get(row.id)) for row in rows]


def find(conn: sa.Connection, agent: str, now: dt.datetime) -> Person | None:
    row = conn.execute(_people(now).where(agents.c.id == agent)).first()
    return _person(row, mails.latest(conn, INVITATION, agent).get(agent)) if row else None


def invite(conn: sa.Connection, email: str, name: str, role: Role, now: dt.datetime) -> Agent:
    """Somebody who is on the team when they have followed their link; or `EmailTaken`."""
    agent = Agent(new_id(), name, folded(email), admin=role == "admin")
    row = {"id": agent.id, "email": agent.email, "name": name, "role": role, "active": False}
    new = insert(conn.dialect.name, agents).values(row | {"created_at": now, "invited_at": now})
    if conn.execute(new.on_conflict_do_nothing(index_elements=[agents.c.email])).rowcount != 1:
        raise EmailTaken(agent.email)
    return agent


def mail_invitation(conn: sa.Connection, agent: Agent, by: str, now: dt.datetime) -> None:
    """`by` is who invites, by name. A letter that has not been sent yet is not sent any more."""
    mails.drop_waiting(conn, INVITATION, agent.id)
    mails.add(conn, INVITATION, agent.email, {"by": by}, now, agent=agent.id)


def mail_forgotten(conn: sa.Connection, email: str, now: dt.datetime) -> None:
    """Whether anybody has this address is looked up when it is sent: who asks must not be able to tell."""
    mails.add(conn, FORGOTTEN, folded(email), {}, now)


def withdraw(conn: sa.Connection, agent: str) -> bool:
    """Whether there was an invitation to take back: who has followed it is on the team."""
    held = sa.select(agents.c.id).where(agents.c.id == agent, agents.c.invited_at.is_not(None)).with_for_update()
    if conn.execute(held).first() is None:
        return False
    conn.execute(sign_in_links.delete().where(sign_in_links.c.agent_id == agent))
    mails.forget_of(conn, agent)
    conn.execute(agents.delete().where(agents.c.id == agent))
    return True


def set_role(conn: sa.Connection, agent: str, role: Role) -> bool:
    """Of who is on the team or invited; whether that is another one than before. `LastAdmin` if nobody else is one."""
    if role == "agent":
        keep_an_admin(conn, without=agent)
    other = sa.and_(agents.c.id == agent, agents.c.role != role, sa.or_(agents.c.active, _INVITED))
    return conn.execute(agents.update().where(other).values(role=role)).rowcount == 1


def set_capacity(conn: sa.Connection, agent: str, capacity: int | None) -> bool:
    """Whether that is another one than before."""
    known = agents.c.capacity.is_distinct_from(capacity)
    return conn.execute(agents.update().where(agents.c.id == agent, known).values(capacity=capacity)).rowcount == 1


def deactivate(conn: sa.Connection, agent: str, now: dt.datetime) -> bool:
    """Nothing lets them in any more, and the running server is told by a job; whether they were active.

    Their address, name and password stay for when they come back. `LastAdmin` if nobody else is one.
    """
    keep_an_admin(conn, without=agent)
    gone = agents.update().where(agents.c.id == agent, agents.c.active).values(active=False, deactivated_at=now)
    if conn.execute(gone).rowcount != 1:
        return False
    _shut_out(conn, agent)
    jobs.want(conn, "agent_removed", agent, now)
    return True


def reactivate(conn: sa.Connection, agent: str) -> bool:
    """Whether they were deactivated. They come in as before, by password or by a new link."""
    back = agents.update().where(agents.c.id == agent, agents.c.deactivated_at.is_not(None))
    if conn.execute(back.values(active=True, deactivated_at=None)).rowcount != 1:
        return False
    # A session that somebody opened in the very moment of the deactivation must not come to life now.
    _shut_out(conn, agent)
    return True


def keep_an_admin(conn: sa.Connection, *, without: str) -> None:
    """`LastAdmin` if there is none on the team but this one. Two who ask at once for two of them take turns."""
    admins = sa.select(agents.c.id).where(agents.c.active, agents.c.role == "admin").order_by(agents.c.id)
    if list(conn.execute(admins.with_for_update()).scalars()) == [without]:
        raise LastAdmin


# Links


def add_password_link(conn: sa.Connection, link: str, agent: str, now: dt.datetime, expires: dt.datetime) -> bool:
    """Whether the agent is on the team or invited, to be given one. Earlier links of theirs are good for nothing."""
    held = sa.select(agents.c.id).where(agents.c.id == agent, sa.or_(agents.c.active, _INVITED)).with_for_update()
    if conn.execute(held).first() is None:
        return False
    over = sa.or_(sign_in_links.c.expires_at <= now, sign_in_links.c.agent_id == agent)
    conn.execute(sign_in_links.delete().where(over))
    conn.execute(sign_in_links.insert().values(id=link, agent_id=agent, expires_at=expires, purpose="password"))
    return True


def add_mailed_link(conn: sa.Connection, link: str, agent: str, now: dt.datetime, expires: dt.datetime) -> None:
    """Beside others: a letter may be sent anew, and whoever asks for one must not end those of somebody else."""
    conn.execute(sign_in_links.delete().where(sign_in_links.c.expires_at <= now))
    conn.execute(sign_in_links.insert().values(id=link, agent_id=agent, expires_at=expires, purpose="password"))


def drop_link(conn: sa.Connection, link: str) -> None:
    """Nobody has got it."""
    conn.execute(sign_in_links.delete().where(sign_in_links.c.id == link))


def behind_link(conn: sa.Connection, link: str, now: dt.datetime) -> Person | None:
    """Who may choose a password by it, if it is good."""
    of_link = sa.select(sign_in_links.c.agent_id).where(*_good(link, now)).scalar_subquery()
    row = conn.execute(_people(now).where(agents.c.id == of_link)).first()
    return _person(row) if row else None


def use_password_link(conn: sa.Connection, link: str, password_hash: str, now: dt.datetime) -> Used | None:
    """Sets the password, once: of two who use it at the same moment, one gets None. Ends all sessions and links."""
    use = sign_in_links.update().where(*_good(link, now)).values(used_at=now)
    agent: str | None = conn.execute(use.returning(sign_in_links.c.agent_id)).scalar()
    person = find(conn, agent, now) if agent else None
    if person is None or person.state == "deactivated":
        return None
    comes = {"password_hash": password_hash, "active": True, "invited_at": None}
    conn.execute(agents.update().where(agents.c.id == person.agent.id).values(comes))
    ended = _shut_out(conn, person.agent.id)
    return Used(person.agent, person.state == "invited", person.away, ended)


def _shut_out(conn: sa.Connection, agent: str) -> list[str]:
    conn.execute(sign_in_links.delete().where(sign_in_links.c.agent_id == agent))
    ended = sessions.delete().where(sessions.c.agent_id == agent).returning(sessions.c.id)
    return list(conn.execute(ended).scalars())


def _good(link: str, now: dt.datetime) -> tuple[sa.ColumnElement[bool], ...]:
    links = sign_in_links.c
    return links.id == link, links.purpose == "password", links.used_at.is_(None), links.expires_at > now


def _people(now: dt.datetime) -> sa.Select[Any]:
    links = sign_in_links.c
    of_them = links.agent_id == agents.c.id, links.used_at.is_(None), links.expires_at > now
    until = sa.select(sa.func.max(links.expires_at)).where(*of_them).scalar_subquery().label("until")
    known = sa.or_(agents.c.active, _INVITED, agents.c.deactivated_at.is_not(None))
    return sa.select(agents, until).where(known)


def _person(row: sa.Row[Any], mailed: Mailed | None = None) -> Person:
    agent = Agent(row.id, row.name, row.email, admin=row.role == "admin")
    state: State = "active" if row.active else "invited" if row.invited_at is not None else "deactivated"
    letter = mailed if state == "invited" else None
    return Person(agent, state, row.away_since is not None, row.until, letter, row.capacity)


_INVITED = agents.c.invited_at.is_not(None)
