"""Articles that were written in the console: by their path, with who wrote them."""

import datetime as dt
from typing import Any

import msgspec
import sqlalchemy as sa

from havana.storage.knowledge_tables import articles
from havana.storage.tables import agents, sites

PATH = "written:"
"""With which the paths of articles begin that were written here; the rest is the article's id for the console."""


class Written(msgspec.Struct, frozen=True):
    """`version` is another one after each change; `by` is the name of the agent who made the last, if that is known."""

    id: str
    site: str
    title: str
    url: str | None
    source: str
    version: str
    updated_at: dt.datetime
    by: str | None


def hold(conn: sa.Connection, site: str) -> None:
    """Nobody else who asks for it writes articles of this site until this transaction has ended.

    SQLite has one writer at a time anyway. On PostgreSQL the site's row is locked, and not the article's, which may
    not be there yet; those who only refer to the site do not wait.
    """
    conn.execute(sa.select(sites.c.id).where(sites.c.id == site).with_for_update(key_share=True))


def every(conn: sa.Connection) -> list[Written]:
    """The one that was changed last comes first. Without their words (`source` is empty)."""
    mine = articles.c.path.startswith(PATH, autoescape=True)
    columns = _columns(sa.literal(""))
    found = columns.where(mine).order_by(articles.c.updated_at.desc(), articles.c.path)
    return [_written(row) for row in conn.execute(found)]


def find(conn: sa.Connection, id: str) -> Written | None:
    row = conn.execute(_columns(articles.c.text).where(articles.c.path == PATH + id)).first()
    return _written(row) if row else None


def sign(conn: sa.Connection, site: str, id: str, agent: str) -> None:
    """Who has just written it."""
    mine = articles.c.site_id == site, articles.c.path == PATH + id
    conn.execute(articles.update().where(*mine).values(written_by=agent))


def _columns(source: sa.ColumnElement[str]) -> sa.Select[Any]:
    return sa.select(
        articles.c.path,
        articles.c.site_id,
        articles.c.title,
        articles.c.url,
        source.label("source"),
        articles.c.digest,
        articles.c.updated_at,
        agents.c.name,
    ).outerjoin(agents, agents.c.id == articles.c.written_by)


def _written(row: sa.Row[Any]) -> Written:
    path, *fields = tuple[Any, ...](row)
    return Written(path.removeprefix(PATH), *fields)
