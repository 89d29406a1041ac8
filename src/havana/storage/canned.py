"""Canned answers: what the team says again and again, by a name."""

import datetime as dt
import hashlib
from typing import Any

import msgspec
import sqlalchemy as sa

from havana.storage.dialects import insert
from havana.storage.tables import agents, canned_answers
from havana.storage.versions import Outdated


class Canned(msgspec.Struct, frozen=True):
    """`site` is the id of the one site that it is for, if it is not for all. `version` tells what it says from what
    it said before; `by` is the name of the agent who made the last change, if that is known.
    """

    id: str
    site: str | None
    name: str
    text: str
    version: str
    updated_at: dt.datetime
    by: str | None


def every(conn: sa.Connection, site: str | None = None) -> list[Canned]:
    """In the order of their names: all of them, or those that may be said on this site."""
    here = _ALL if site is None else _ALL.where(sa.or_(canned_answers.c.site_id == site, _FOR_ALL))
    found = [Canned(*row) for row in conn.execute(here)]
    # Databases sort letters as they were set up to; people look for a name without its capitals.
    return sorted(found, key=lambda canned: (canned.name.casefold(), canned.id))


def find(conn: sa.Connection, id: str) -> Canned | None:
    row = conn.execute(_ALL.where(canned_answers.c.id == id)).first()
    return Canned(*row) if row else None


def save(
    conn: sa.Connection,
    id: str,
    site: str | None,
    name: str,
    text: str,
    *,
    agent: str,
    now: dt.datetime,
    version: str | None,
) -> Canned:
    """Stores it under this id.

    `version` is the one that was changed into this; None if there was none. `Outdated` if somebody else came first,
    unless it says the same already: whoever sends again, because no answer came, has done no more than once.
    """
    known, digest = find(conn, id), _digest(site, name, text)
    if known is not None and known.version == digest:
        return known
    values: dict[str, Any] = {"site_id": site, "name": name, "text": text, "digest": digest}
    values |= {"updated_at": now, "written_by": agent}
    # Each statement says what it is based on: somebody may come first between the look and the change.
    if version is None:
        new = insert(conn.dialect.name, canned_answers).values({"id": id} | values)
        done = conn.execute(new.on_conflict_do_nothing(index_elements=[canned_answers.c.id]))
    else:
        done = conn.execute(canned_answers.update().where(*_of(id, version)).values(values))
    if done.rowcount != 1:
        raise Outdated(find(conn, id))
    return Canned(*conn.execute(_ALL.where(canned_answers.c.id == id)).one())


def remove(conn: sa.Connection, id: str, version: str) -> None:
    """`Outdated` if it is not this version any more, or gone already."""
    if conn.execute(canned_answers.delete().where(*_of(id, version))).rowcount != 1:
        raise Outdated(find(conn, id))


def _of(id: str, version: str) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return canned_answers.c.id == id, canned_answers.c.digest == version


def _digest(site: str | None, name: str, text: str) -> str:
    return hashlib.sha256("\0".join((site or "", name, text)).encode()).hexdigest()


_FOR_ALL = canned_answers.c.site_id.is_(None)
_ALL = sa.select(
    canned_answers.c.id,
    canned_answers.c.site_id,
    canned_answers.c.name,
    canned_answers.c.text,
    canned_answers.c.digest,
    canned_answers.c.updated_at,
    agents.c.name,
).outerjoin(agents, agents.c.id == canned_answers.c.written_by)
