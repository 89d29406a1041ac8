"""Articles and their passages.

A passage has one row in `chunks` and `chunks_fts` for its own words and one more for each question it
answers, all with the same position: whoever asks in such words finds the passage, however long the paragraph
itself is.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from havana.storage import fulltext
from havana.storage.tables import articles, chunks


class NewPassage(msgspec.Struct, frozen=True):
    """A passage to store: `text` is quoted, `plain` and `questions` are searched."""

    heading: str
    text: str
    plain: str
    questions: tuple[str, ...] = ()


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
    """A row that matched: what to quote, and the words it was found by."""

    id: int
    article: str
    position: int
    title: str
    heading: str
    url: str | None
    text: str
    searched: str


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


def count(conn: sa.Connection, site: str) -> int:
    """How many articles a site has."""
    number = sa.select(sa.func.count()).select_from(articles).where(articles.c.site_id == site)
    return conn.execute(number).scalar_one()


def found(conn: sa.Connection, rows: Sequence[int]) -> list[Found]:
    """What the rows say."""
    passage = (chunks.c.id, chunks.c.article_id, chunks.c.position, articles.c.title, chunks.c.heading)
    what = (
        sa.select(*passage, articles.c.url, chunks.c.text, fulltext.said)
        .join(articles, articles.c.id == chunks.c.article_id)
        .join(fulltext.index, fulltext.index.c.rowid == chunks.c.id)
        .where(chunks.c.id.in_(rows))
    )
    return [Found(*row) for row in conn.execute(what)]


def _forget(conn: sa.Connection, article: str) -> None:
    rows = sa.select(chunks.c.id).where(chunks.c.article_id == article)
    fulltext.remove(conn, conn.execute(rows).scalars().all())
    conn.execute(chunks.delete().where(chunks.c.article_id == article))


def _insert(conn: sa.Connection, article: str, position: int, passage: NewPassage, words: dict[str, str]) -> None:
    row = {"article_id": article, "position": position, "heading": passage.heading, "text": passage.text}
    fulltext.add(conn, conn.execute(chunks.insert().values(row).returning(chunks.c.id)).scalar_one(), words)
