"""Articles and their passages.

A passage has one row in `chunks` and `chunks_fts` for its own words and one more for each question it
answers, all with the same position: whoever asks in such words finds the passage, however long the paragraph
itself is.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import msgspec
import sqlalchemy as sa

from havana.storage import fulltext
from havana.storage.knowledge_tables import articles, chunks

_IN_FRAGMENTS = "%!$&'()*+,;=:@/?-._~"
"""What may stand in a fragment as it is; a percent sign, because a page may have encoded its names already."""
_VERSION = sa.select(sa.func.count(), sa.func.max(articles.c.updated_at)).where(
    articles.c.site_id == sa.bindparam("site")
)

Version = tuple[int, dt.datetime | None]
"""How many articles a site has, and when one last changed."""


class NewPassage(msgspec.Struct, frozen=True):
    """A passage to store: `text` is quoted, `plain` and `questions` are searched."""

    heading: str
    text: str
    plain: str
    questions: tuple[str, ...] = ()
    anchor: str | None = None


class NewArticle(msgspec.Struct, frozen=True):
    """An article to store. `digest` tells whether the source has changed."""

    id: str
    site: str
    path: str
    title: str
    url: str | None
    text: str
    digest: str


class Found(msgspec.Struct, frozen=True):
    """A row that matched: what to quote, and the words it was found by. `url` leads to its heading."""

    id: int
    article: str
    position: int
    title: str
    heading: str
    url: str | None
    text: str
    searched: str


class Listed(msgspec.Struct, frozen=True):
    """An article in a list of them."""

    path: str
    title: str
    url: str | None
    passages: int
    updated_at: dt.datetime


def digest_of(conn: sa.Connection, site: str, path: str) -> str | None:
    """The digest that a path was stored with, if it was."""
    found = sa.select(articles.c.digest).where(articles.c.site_id == site, articles.c.path == path)
    return conn.execute(found).scalar()


def store(conn: sa.Connection, article: NewArticle, passages: Sequence[NewPassage], now: dt.datetime) -> None:
    """Store an article; one of the same path and site goes, its id stays."""
    same = sa.select(articles.c.id).where(articles.c.site_id == article.site, articles.c.path == article.path)
    known = conn.execute(same).scalar()
    fields: dict[str, Any] = {
        "title": article.title,
        "url": article.url,
        "text": article.text,
        "digest": article.digest,
        "updated_at": now,
    }
    if known is None:
        place = {"id": article.id, "site_id": article.site, "path": article.path}
        conn.execute(articles.insert().values(place | fields))
    else:
        _forget(conn, known)
        conn.execute(articles.update().where(articles.c.id == known).values(fields))
    for position, passage in enumerate(passages):
        words = {"title": article.title, "heading": passage.heading, "text": passage.plain, "also": ""}
        questions = [dict.fromkeys(words, "") | {"also": asked} for asked in passage.questions]
        for row in (words, *questions):
            _insert(conn, known or article.id, position, passage, row)


def remove(conn: sa.Connection, site: str, paths: Sequence[str]) -> None:
    """With all that is kept of what they say."""
    for path in paths:
        same = sa.select(articles.c.id).where(articles.c.site_id == site, articles.c.path == path)
        if (known := conn.execute(same).scalar()) is not None:
            _forget(conn, known)
            conn.execute(articles.delete().where(articles.c.id == known))


def paths(conn: sa.Connection, site: str) -> list[str]:
    """Where a site's articles come from."""
    found = sa.select(articles.c.path).where(articles.c.site_id == site).order_by(articles.c.path)
    return list(conn.execute(found).scalars())


def listed(conn: sa.Connection, site: str) -> list[Listed]:
    """A site's articles by title."""
    passages = sa.select(sa.func.count(chunks.c.position.distinct())).where(chunks.c.article_id == articles.c.id)
    columns = (articles.c.path, articles.c.title, articles.c.url, passages.scalar_subquery(), articles.c.updated_at)
    found = sa.select(*columns).where(articles.c.site_id == site).order_by(articles.c.title, articles.c.path)
    return [Listed(*row) for row in conn.execute(found)]


def version(conn: sa.Connection, site: str) -> Version:
    """The same for as long as a site's articles stay as they are."""
    count, newest = conn.execute(_VERSION, {"site": site}).one()
    return count, newest


def names(conn: sa.Connection, site: str) -> dict[str, tuple[str, str]]:
    """Title and path of each article of a site, by its id."""
    named = sa.select(articles.c.id, articles.c.title, articles.c.path).where(articles.c.site_id == site)
    return {row.id: (row.title, row.path) for row in conn.execute(named)}


def found(conn: sa.Connection, rows: Sequence[int]) -> list[Found]:
    """What the rows say."""
    passage = (chunks.c.id, chunks.c.article_id, chunks.c.position, articles.c.title, chunks.c.heading)
    what = (
        sa.select(*passage, articles.c.url, chunks.c.anchor, chunks.c.text, fulltext.said)
        .join(articles, articles.c.id == chunks.c.article_id)
        .join(fulltext.index, fulltext.index.c.rowid == chunks.c.id)
        .where(chunks.c.id.in_(rows))
    )
    return [Found(*row[:5], _link(row.url, row.anchor), *row[7:]) for row in conn.execute(what)]


def _link(url: str | None, anchor: str | None) -> str | None:
    """To a heading of a page. An address that has a fragment already leads where its author wanted."""
    if url is None or anchor is None or "#" in url:
        return url
    return f"{url}#{quote(anchor, safe=_IN_FRAGMENTS)}"


def _forget(conn: sa.Connection, article: str) -> None:
    rows = sa.select(chunks.c.id).where(chunks.c.article_id == article)
    fulltext.remove(conn, conn.execute(rows).scalars().all())
    conn.execute(chunks.delete().where(chunks.c.article_id == article))


def _insert(conn: sa.Connection, article: str, position: int, passage: NewPassage, words: dict[str, str]) -> None:
    place = {"article_id": article, "position": position, "anchor": passage.anchor}
    row = place | {"heading": passage.heading, "text": passage.text}
    fulltext.add(conn, conn.execute(chunks.insert().values(row).returning(chunks.c.id)).scalar_one(), words)
