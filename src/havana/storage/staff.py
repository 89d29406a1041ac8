"""Agents, their sessions, sign-in links and live tokens, and the signing secrets."""

import datetime as dt
from collections.abc import Collection
from typing import Any, Literal

import msgspec
import sqlalchemy as sa

from havana.chat.people import Agent
from havana.ids import new_id
from havana.storage import jobs, mails
from havana.storage.dialects import insert
from havana.storage.tables import agents, live_tokens, secrets, sessions, sign_in_links
from havana.storage.times import UtcTime

AgentRole = Literal["admin", "agent"]


class EmailTaken(Exception):
    """There is already an agent with this e-mail address."""


class Credentials(msgspec.Struct, frozen=True):
    """An active agent and what their password is checked against; no hash, no way in by password."""

    agent: Agent
    password_hash: str | None


class SessionRow(msgspec.Struct, frozen=True):
    agent: Agent
    expires_at: dt.datetime


class LiveTokenRow(msgspec.Struct, frozen=True):
    session: str
    expires_at: dt.datetime


def folded(email: str) -> str:
    """How an e-mail address is stored and looked up: people write the same one in many ways."""
    return email.strip().lower()


def add_agent(
    conn: sa.Connection,
    email: str,
    name: str,
    role: AgentRole,
    *,
    password_hash: str | None = None,
    now: dt.datetime,
) -> Agent:
    """A new agent, or `EmailTaken`."""
    agent = Agent(new_id(), name.strip(), folded(email), admin=role == "admin")
    added = conn.execute(
        insert(conn.dialect.name, agents)
        .values(
            id=agent.id,
            email=agent.email,
            name=agent.name,
            role=role,
            password_hash=password_hash,
            active=True,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=[agents.c.email])
    )
    if added.rowcount != 1:
        raise EmailTaken(agent.email)
    return agent


def remove_agent(conn: sa.Connection, agent: str, now: dt.datetime) -> None:
    """Takes somebody off the team: no way in is left, and the running server is told by a job.

    The name stays with what they wrote; the address is forgotten and free for somebody new.
    """
    address = conn.execute(sa.select(agents.c.email).where(agents.c.id == agent)).scalar()
    mails.forget_of(conn, agent, address)
    gone: dict[str, Any] = {"active": False, "password_hash": None, "email": f"{agent}@removed.invalid"}
    gone |= {"invited_at": None, "deactivated_at": None}
    conn.execute(agents.update().where(agents.c.id == agent).values(**gone))
    conn.execute(sessions.delete().where(sessions.c.agent_id == agent))
    conn.execute(sign_in_links.delete().where(sign_in_links.c.agent_id == agent))
    jobs.want(conn, "agent_removed", agent, now)


def team(conn: sa.Connection) -> list[Agent]:
    """Every active agent, by name."""
    rows = conn.execute(sa.select(agents).where(agents.c.active).order_by(agents.c.name, agents.c.id))
    return [_agent(row) for row in rows]


def names(conn: sa.Connection) -> dict[str, str]:
    """Of everybody who was ever in the team, by id."""
    return {row.id: row.name for row in conn.execute(sa.select(agents.c.id, agents.c.name))}


def agent_by_id(conn: sa.Connection, agent: str) -> Agent | None:
    row = conn.execute(sa.select(agents).where(agents.c.id == agent, agents.c.active)).first()
    return _agent(row) if row else None


def admins(conn: sa.Connection, some: Collection[str]) -> set[str]:
    """Those of the agents who are admins now."""
    return set(
        conn.execute(
            sa.select(agents.c.id).where(agents.c.id.in_(some), agents.c.role == "admin", agents.c.active)
        ).scalars()
    )


def credentials(conn: sa.Connection, email: str) -> Credentials | None:
    row = conn.execute(sa.select(agents).where(agents.c.email == folded(email), agents.c.active)).first()
    return Credentials(_agent(row), row.password_hash) if row else None


def add_session(conn: sa.Connection, session: str, agent: str, now: dt.datetime, expires: dt.datetime) -> None:
    """Also sweeps what has run out, so that nothing else has to."""
    conn.execute(sessions.delete().where(sessions.c.expires_at <= now))
    conn.execute(sessions.insert().values(id=session, agent_id=agent, created_at=now, expires_at=expires))


def session(conn: sa.Connection, session: str, now: dt.datetime) -> SessionRow | None:
    """The session, if it has not run out and its agent is active."""
    row = conn.execute(
        sa.select(agents, sessions.c.expires_at)
        .join(sessions, sessions.c.agent_id == agents.c.id)
        .where(sessions.c.id == session, sessions.c.expires_at > now, agents.c.active)
    ).first()
    return SessionRow(_agent(row), row.expires_at) if row else None


def extend_session(conn: sa.Connection, session: str, expires: dt.datetime) -> None:
    conn.execute(sessions.update().where(sessions.c.id == session).values(expires_at=expires))


def end_session(conn: sa.Connection, session: str) -> None:
    """Its live tokens go with it, by the foreign key."""
    conn.execute(sessions.delete().where(sessions.c.id == session))


def standing(conn: sa.Connection, some: Collection[str]) -> set[str]:
    """Those of the sessions that have not ended."""
    return set(conn.execute(sa.select(sessions.c.id).where(sessions.c.id.in_(some))).scalars())


def add_link(conn: sa.Connection, link: str, agent: str, now: dt.datetime, expires: dt.datetime) -> None:
    conn.execute(sign_in_links.delete().where(sign_in_links.c.expires_at <= now))
    conn.execute(sign_in_links.insert().values(id=link, agent_id=agent, expires_at=expires))


def use_link(conn: sa.Connection, link: str, now: dt.datetime) -> Agent | None:
    """Whom the link lets in, once: of two who use it at the same moment, one gets None."""
    used = conn.execute(
        sign_in_links.update()
        .where(
            sign_in_links.c.id == link,
            sign_in_links.c.purpose.is_(None),
            sign_in_links.c.used_at.is_(None),
            sign_in_links.c.expires_at > now,
        )
        .values(used_at=now)
        .returning(sign_in_links.c.agent_id)
    ).scalar()
    return agent_by_id(conn, used) if used else None


def add_live_token(
    conn: sa.Connection, token: str, session: str, expires: dt.datetime, *, forgotten: dt.datetime
) -> bool:
    """Whether the session still stands to be given a token. Sweeps those that expired before `forgotten`."""
    conn.execute(live_tokens.delete().where(live_tokens.c.expires_at <= forgotten))
    row = sa.select(sa.literal(token), sessions.c.id, sa.literal(expires, UtcTime)).where(sessions.c.id == session)
    return conn.execute(live_tokens.insert().from_select(["id", "session_id", "expires_at"], row)).rowcount == 1


def use_live_token(conn: sa.Connection, token: str) -> LiveTokenRow | None:
    """What the token was good for, once: of two who use it at the same moment, one gets None."""
    row = conn.execute(
        live_tokens.delete()
        .where(live_tokens.c.id == token)
        .returning(live_tokens.c.session_id, live_tokens.c.expires_at)
    ).first()
    return LiveTokenRow(row.session_id, row.expires_at) if row else None


def secret(conn: sa.Connection, name: str, fresh: str) -> str:
    """The stored secret of this name; `fresh` becomes it if there is none. The first one decides for all."""
    conn.execute(insert(conn.dialect.name, secrets).values(name=name, value=fresh).on_conflict_do_nothing())
    stored: str = conn.execute(sa.select(secrets.c.value).where(secrets.c.name == name)).scalar_one()
    return stored


def _agent(row: sa.Row[Any]) -> Agent:
    return Agent(row.id, row.name, row.email, admin=row.role == "admin")
