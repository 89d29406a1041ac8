"""What agents change about themselves: duty, name, password, and how they are told of visitors who wait."""

import datetime as dt
from typing import Any

import msgspec
import sqlalchemy as sa

from havana.chat.notifications import Notifications
from havana.chat.people import Agent
from havana.storage.tables import agents, sessions, sign_in_links


class Profile(msgspec.Struct, frozen=True):
    agent: Agent
    away: bool
    has_password: bool
    notifications: Notifications


def profile(conn: sa.Connection, agent: str) -> Profile | None:
    """Of an active agent."""
    row = conn.execute(sa.select(agents).where(_is(agent))).first()
    if row is None:
        return None
    known = Agent(row.id, row.name, row.email, admin=row.role == "admin")
    return Profile(known, row.away_since is not None, row.password_hash is not None, _notifications(row.settings))


def away(conn: sa.Connection) -> frozenset[str]:
    """Everybody who has said so."""
    return frozenset(
        conn.execute(sa.select(agents.c.id).where(agents.c.active, agents.c.away_since.is_not(None))).scalars()
    )


def set_away(conn: sa.Connection, agent: str, now: dt.datetime) -> None:
    """Who is away already stays so since then."""
    conn.execute(agents.update().where(_is(agent), agents.c.away_since.is_(None)).values(away_since=now))


def set_back(conn: sa.Connection, agent: str) -> None:
    conn.execute(agents.update().where(_is(agent)).values(away_since=None))


def rename(conn: sa.Connection, agent: str, name: str) -> str:
    """From now on; tells the name before. What was written before keeps the name that it was written under."""
    before: str | None = conn.execute(sa.select(agents.c.name).where(_is(agent))).scalar()
    conn.execute(agents.update().where(_is(agent)).values(name=name))
    return name if before is None else before


def wanting_mail(conn: sa.Connection) -> list[tuple[Agent, Notifications]]:
    """Everybody on the team who chose to be written to when somebody waits."""
    rows = conn.execute(sa.select(agents).where(agents.c.active, agents.c.settings.is_not(None)).order_by(agents.c.id))
    known = [(Agent(row.id, row.name, row.email, admin=row.role == "admin"), row.settings) for row in rows]
    return [(agent, chosen) for agent, stored in known if (chosen := _notifications(stored)).mail]


def set_notifications(conn: sa.Connection, agent: str, chosen: Notifications) -> None:
    stored = _settings(conn.execute(sa.select(agents.c.settings).where(_is(agent))).scalar())
    settings = msgspec.json.encode({**stored, "notifications": chosen}).decode()
    conn.execute(agents.update().where(_is(agent)).values(settings=settings))


def password_hash(conn: sa.Connection, agent: str) -> str | None:
    found: str | None = conn.execute(sa.select(agents.c.password_hash).where(_is(agent))).scalar()
    return found


def change_password(
    conn: sa.Connection, agent: str, before: str | None, password_hash: str, keep: str
) -> list[str] | None:
    """The other sessions of the agent, which have ended; None if the password is not the one of `before` any more.

    Links that were not used yet end as well: whoever has one may be whom the change is to keep out.
    """
    same = agents.c.password_hash.is_(None) if before is None else agents.c.password_hash == before
    changed = conn.execute(agents.update().where(_is(agent), same).values(password_hash=password_hash))
    if changed.rowcount != 1:
        return None
    conn.execute(sign_in_links.delete().where(sign_in_links.c.agent_id == agent))
    others = sessions.delete().where(sessions.c.agent_id == agent, sessions.c.id != keep)
    return list(conn.execute(others.returning(sessions.c.id)).scalars())


def _is(agent: str) -> sa.ColumnElement[bool]:
    return sa.and_(agents.c.id == agent, agents.c.active)


def _settings(stored: str | None) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(stored) if stored else {}
    return found


def _notifications(stored: str | None) -> Notifications:
    """What a newer release has chosen for them and this one cannot read counts nothing here."""
    try:
        return msgspec.convert(_settings(stored).get("notifications", {}), Notifications)
    except msgspec.ValidationError:
        return Notifications()
