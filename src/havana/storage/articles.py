"""Articles and their passages.

A passage has one row in `chunks` and `chunks_fts` for its own words and one more for each question it
answers, all with the same position: whoever asks in such words finds the passage, however long the paragraph
itself is.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

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


Rows = Sequence[sa.Row[int, str]]
"""Rows of the index, each with its article."""


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


def matching(conn: sa.Connection, site: str, words: Iterable[str]) -> dict[str, Rows]:
    """The rows that hold each word in any of its forms, as (row, article). Words must be without quotes."""
    return {word: conn.execute(_MATCH, _phrase(site, word)).all() for word in words}


def found(conn: sa.Connection, rows: Sequence[int]) -> list[Found]:
    """What the rows say."""
    return [Found(*row) for row in conn.execute(_FOUND, {"rows": list(rows)})]


def terms_like(conn: sa.Connection, first: str, shortest: int, longest: int) -> list[str]:
    """Stems of the index that begin with a letter and have about a length: what a misspelt word may mean."""
    conn.execute(_TERMS_TABLE)
    bounds = {"first": first, "after": first + "\U0010ffff", "shortest": shortest, "longest": longest}
    return [row[0] for row in conn.execute(_TERMS, bounds)]


def _forget(conn: sa.Connection, article: str) -> None:
    rows = sa.select(chunks.c.id).where(chunks.c.article_id == article)
    ids = list(conn.execute(rows).scalars())
    conn.execute(_FORGET, [{"row": row} for row in ids] or [{"row": -1}])
    conn.execute(chunks.delete().where(chunks.c.article_id == article))


def _insert(conn: sa.Connection, article: str, position: int, passage: NewPassage, words: dict[str, str]) -> None:
    row = {"article_id": article, "position": position, "heading": passage.heading, "text": passage.text}
    inserted = conn.execute(chunks.insert().values(row)).inserted_primary_key
    conn.execute(_INDEX, {"row": inserted[0] if inserted else None, **words})


def _phrase(site: str, word: str) -> dict[str, str]:
    return {"site": site, "match": f'"{word}"'}


_MATCH = sa.text(
    "SELECT chunks.id, chunks.article_id FROM chunks_fts"
    " JOIN chunks ON chunks.id = chunks_fts.rowid JOIN articles ON articles.id = chunks.article_id"
    " WHERE chunks_fts MATCH :match AND articles.site_id = :site"
)
_FOUND = sa.text(
    "SELECT chunks.id, chunks.article_id, chunks.position, articles.title, chunks.heading, articles.url, "
    "chunks.text,"
    " chunks_fts.title || ' ' || chunks_fts.heading || ' ' || chunks_fts.text || ' ' || chunks_fts.also"
    " FROM chunks JOIN articles ON articles.id = chunks.article_id JOIN chunks_fts ON chunks_fts.rowid = "
    "chunks.id"
    " WHERE chunks.id IN :rows"
).bindparams(sa.bindparam("rows", expanding=True))
_INDEX = sa.text(
    "INSERT INTO chunks_fts (rowid, title, heading, text, also) VALUES (:row, :title, :heading, :text, :also)"
)
_FORGET = sa.text("DELETE FROM chunks_fts WHERE rowid = :row")
_TERMS_TABLE = sa.text("CREATE VIRTUAL TABLE IF NOT EXISTS temp.chunks_terms USING fts5vocab(main, chunks_fts, row)")
_TERMS = sa.text(
    "SELECT term FROM temp.chunks_terms WHERE term >= :first AND term < :after"
    " AND length(term) BETWEEN :shortest AND :longest"
)
