"""Sites and their settings."""

import datetime as dt
from collections.abc import Iterable

import msgspec
import sqlalchemy as sa

from havana.chat.site import Site
from havana.ids import new_id
from havana.storage.dialects import insert
from havana.storage.settings import read_site, version_of, write_form, write_site
from havana.storage.tables import agents, sites
from havana.storage.versions import Outdated

DEFAULT_KEY = "default"


def by_id(conn: sa.Connection, site: str) -> Site | None:
    return _one(conn, sa.select(sites.c.settings).where(sites.c.id == site))


def by_key(conn: sa.Connection, key: str) -> Site | None:
    return _one(conn, sa.select(sites.c.settings).where(sites.c.key == key))


def default(conn: sa.Connection) -> Site | None:
    """The one that the visitor's page at `/` belongs to: the first that was made."""
    return _one(conn, sa.select(sites.c.settings).order_by(sites.c.created_at, sites.c.id).limit(1))


def every(conn: sa.Connection) -> list[Site]:
    """In the order in which they were made."""
    found = conn.execute(sa.select(sites.c.settings).order_by(sites.c.created_at, sites.c.id)).scalars()
    return [read_site(settings) for settings in found]


def ensure_default(conn: sa.Connection, now: dt.datetime) -> Site:
    """The default site; in an empty data folder a plain one is made, so that there is somewhere to talk."""
    known = default(conn)
    if known is not None:
        return known
    site = _placeholder(new_id())
    made = insert(conn.dialect.name, sites).values(_row(site) | {"created_at": now})
    # Another server may come to the empty database at the same moment.
    conn.execute(made.on_conflict_do_nothing(index_elements=[sites.c.key]))
    return by_key(conn, DEFAULT_KEY) or site


def settle(conn: sa.Connection, site: Site, now: dt.datetime) -> Site:
    """Stores the settings under their key and tells the site, with its id.

    A site that nobody has touched since it was made for an empty data folder becomes this one: else the page at
    `/` would for ever belong to a placeholder.
    """
    known = by_key(conn, site.key)
    if known is None and (first := default(conn)) is not None and _is_untouched(conn, first):
        known = first
    settled = msgspec.structs.replace(site, id=known.id if known else new_id())
    store(conn, settled, now)
    return settled


def store(conn: sa.Connection, site: Site, now: dt.datetime) -> None:
    """Makes the site, or replaces the settings of the one with this id, but those that only a newer release knows."""
    row = _row(site, _stored(conn, site.id)) | {"updated_at": now, "written_by": None}
    statement = insert(conn.dialect.name, sites).values(row | {"created_at": now})
    conn.execute(statement.on_conflict_do_update(index_elements=[sites.c.id], set_=row))


class SiteSettings(msgspec.Struct, frozen=True):
    """`version` tells what they say from what they said before; `by` is the name of the agent who set them last."""

    site: Site
    version: str
    updated_at: dt.datetime
    by: str | None


def settings(conn: sa.Connection, key: str) -> SiteSettings | None:
    row = conn.execute(_ALL.where(sites.c.key == key)).first()
    return _settings(*row) if row else None


def save(conn: sa.Connection, site: Site, *, agent: str, now: dt.datetime, version: str) -> SiteSettings:
    """Replaces the settings of the site with this key; its tools stay as they are, whatever `site` says of them.

    `version` is the one that was changed into this. `Outdated` if somebody else came first, unless they say the same
    already: whoever sends again, because no answer came, has done no more than once.
    """
    stored = _stored(conn, site.id)
    if stored is None:
        raise Outdated(None)
    text = write_form(site, stored)
    known = version_of(stored)
    if version_of(text) != known:
        values = {"settings": text, "updated_at": now, "written_by": agent}
        # Compared once more in the statement itself: a command may come first between the look and the change.
        mine = sites.update().where(sites.c.id == site.id, sites.c.settings == stored).values(values)
        if version != known or conn.execute(mine).rowcount != 1:
            raise Outdated(settings(conn, site.key))
    return _settings(*conn.execute(_ALL.where(sites.c.id == site.id)).one())


def add(conn: sa.Connection, site: Site, *, agent: str, now: dt.datetime) -> SiteSettings | None:
    """Makes the site; None if there is one with its key."""
    row = _row(site) | {"created_at": now, "updated_at": now, "written_by": agent}
    made = insert(conn.dialect.name, sites).values(row)
    if conn.execute(made.on_conflict_do_nothing(index_elements=[sites.c.key])).rowcount != 1:
        return None
    return _settings(*conn.execute(_ALL.where(sites.c.id == site.id)).one())


class _Limit(msgspec.Struct):
    """Of settings of any release."""

    key: str
    money_per_day: float | None = None


def limited(settings: Iterable[str]) -> list[str]:
    """The keys of the sites that have so much money a day, of their settings as they are stored."""
    read = [msgspec.json.decode(one, type=_Limit) for one in settings]
    return [one.key for one in read if one.money_per_day is not None]


def _row(site: Site, before: str | None = None) -> dict[str, str]:
    return {"id": site.id, "key": site.key, "settings": write_site(site, before)}


def _settings(text: str, created: dt.datetime, updated: dt.datetime | None, by: str | None) -> SiteSettings:
    return SiteSettings(read_site(text), version_of(text), updated or created, by)


def _stored(conn: sa.Connection, site: str) -> str | None:
    return conn.execute(sa.select(sites.c.settings).where(sites.c.id == site)).scalar()


def _is_untouched(conn: sa.Connection, site: Site) -> bool:
    """Also what this release does not know of its settings would be somebody's."""
    return _stored(conn, site.id) == _row(_placeholder(site.id))["settings"]


def _placeholder(site: str) -> Site:
    return Site(id=site, key=DEFAULT_KEY, name="Havana")


def _one(conn: sa.Connection, query: sa.Select[str]) -> Site | None:
    settings = conn.execute(query).scalar()
    return read_site(settings) if settings else None


_ALL = sa.select(sites.c.settings, sites.c.created_at, sites.c.updated_at, agents.c.name).outerjoin(
    agents, agents.c.id == sites.c.written_by
)
