"""Teams: agents under a name, to whom conversations that wait can be directed."""

import datetime as dt
import hashlib
from collections.abc import Collection
from typing import Any

import msgspec
import sqlalchemy as sa

from havana.chat.assigning import Assign
from havana.chat.consequences import EVERYBODY
from havana.storage import jobs
from havana.storage.dialects import insert
from havana.storage.tables import agents
from havana.storage.team_tables import team_members, teams
from havana.storage.versions import Outdated


class NameTaken(Exception):
    """Another team is called so."""


class NotOnTheTeam(Exception):
    """Somebody who shall be in it is not an active agent."""


class Chosen(msgspec.Struct, frozen=True):
    """What an admin chooses of a team: how it is given what waits for it, and how long somebody has to answer that."""

    name: str
    members: tuple[str, ...] = ()
    assign: Assign = "off"
    answer_within_s: int = 180


class Team(msgspec.Struct, frozen=True):
    """`members` are the ids of those who are active agents now, by name. `version` tells what was chosen from what was
    chosen before; `by` is the name of the admin who made the last change, if that is known.
    """

    id: str
    name: str
    members: tuple[str, ...]
    assign: Assign
    answer_within_s: int
    version: str
    updated_at: dt.datetime
    by: str | None


def every(conn: sa.Connection) -> list[Team]:
    """In the order of their names."""
    members: dict[str, list[str]] = {}
    for team, agent in conn.execute(_MEMBERS):
        members.setdefault(team, []).append(agent)
    found = [_team(row, members.get(row.id, ())) for row in conn.execute(_ALL)]
    # Databases sort letters as they were set up to; people look for a name without its capitals.
    return sorted(found, key=lambda team: (team.name.casefold(), team.id))


def find(conn: sa.Connection, id: str) -> Team | None:
    row = conn.execute(_ALL.where(teams.c.id == id)).first()
    if row is None:
        return None
    return _team(row, [agent for _, agent in conn.execute(_MEMBERS.where(team_members.c.team_id == id))])


def save(
    conn: sa.Connection,
    id: str,
    chosen: Chosen,
    *,
    agent: str,
    now: dt.datetime,
    version: str | None,
) -> Team:
    """Stores it under this id.

    `version` is the one that was changed into this; None if there was none. `Outdated` if somebody else came first,
    unless it says the same already: whoever sends again, because no answer came, has done no more than once.
    """
    known, members = find(conn, id), sorted(set(chosen.members))
    digest = _digest(chosen, members)
    if known is not None and known.version == digest:
        return known
    _refuse_impossible(conn, id, chosen.name, members)
    values: dict[str, Any] = {"name": chosen.name, "digest": digest, "updated_at": now, "written_by": agent}
    values |= {"assign": chosen.assign, "answer_within_s": chosen.answer_within_s}
    # Each statement says what it is based on: somebody may come first between the look and the change.
    if version is None:
        new = insert(conn.dialect.name, teams).values({"id": id} | values)
        done = conn.execute(new.on_conflict_do_nothing(index_elements=[teams.c.id]))
    else:
        done = conn.execute(teams.update().where(*_of(id, version)).values(values))
    if done.rowcount != 1:
        raise Outdated(find(conn, id))
    # Whoever is deactivated was not seen when this was chosen; should they come back, they are in it again.
    seen = team_members.c.agent_id.in_(sa.select(agents.c.id).where(agents.c.active))
    conn.execute(team_members.delete().where(team_members.c.team_id == id, seen))
    if members:
        conn.execute(team_members.insert(), [{"team_id": id, "agent_id": one} for one in members])
    if chosen.assign != "off":
        # Somebody may wait for it already.
        jobs.want(conn, "assign", EVERYBODY, now)
    return _team(conn.execute(_ALL.where(teams.c.id == id)).one(), _by_name(conn, members))


def remove(conn: sa.Connection, id: str, version: str) -> None:
    """`Outdated` if it is not this version any more, or gone already. What was directed to it waits for everybody."""
    if conn.execute(teams.delete().where(*_of(id, version))).rowcount != 1:
        raise Outdated(find(conn, id))


def _refuse_impossible(conn: sa.Connection, id: str, name: str, members: Collection[str]) -> None:
    others = conn.execute(sa.select(teams.c.name).where(teams.c.id != id)).scalars()
    if name.casefold() in {other.casefold() for other in others}:
        raise NameTaken
    if len(_by_name(conn, members)) != len(members):
        raise NotOnTheTeam


def _by_name(conn: sa.Connection, members: Collection[str]) -> list[str]:
    active = sa.select(agents.c.id).where(agents.c.id.in_(members), agents.c.active)
    return list(conn.execute(active.order_by(agents.c.name, agents.c.id)).scalars())


def _of(id: str, version: str) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return teams.c.id == id, teams.c.digest == version


def _digest(chosen: Chosen, members: Collection[str]) -> str:
    said = (chosen.name, chosen.assign, str(chosen.answer_within_s), *members)
    return hashlib.sha256("\0".join(said).encode()).hexdigest()


def _team(row: sa.Row[Any], members: Collection[str]) -> Team:
    return Team(row.id, row.name, tuple(members), row.assign, row.answer_within_s, row.digest, row.updated_at, row.by)


_ALL: sa.Select[Any] = sa.select(teams, agents.c.name.label("by")).outerjoin(agents, agents.c.id == teams.c.written_by)
_MEMBERS = (
    sa.select(team_members.c.team_id, team_members.c.agent_id)
    .join(agents, agents.c.id == team_members.c.agent_id)
    .where(agents.c.active)
    .order_by(agents.c.name, agents.c.id)
)
