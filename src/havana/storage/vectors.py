"""What the rows of the knowledge mean to a sentence model: a vector for each, made after the row was stored."""

from collections.abc import Sequence

import sqlalchemy as sa

from havana.storage import fulltext
from havana.storage.dialects import insert
from havana.storage.knowledge_tables import articles, chunks, vectors


def missing(conn: sa.Connection, model: str, limit: int) -> list[tuple[int, str]]:
    """Rows without a vector of this model, each with the words that it is found by."""
    known = (vectors.c.chunk_id == chunks.c.id) & (vectors.c.model == model)
    rows = (
        sa.select(chunks.c.id, fulltext.said)
        .join(fulltext.index, fulltext.index.c.rowid == chunks.c.id)
        .outerjoin(vectors, known)
        .where(vectors.c.chunk_id.is_(None))
        .order_by(chunks.c.id)
        .limit(limit)
    )
    return [(row, " ".join(words.split())) for row, words in conn.execute(rows)]


def count_missing(conn: sa.Connection, model: str) -> int:
    known = sa.select(vectors.c.chunk_id).where(vectors.c.chunk_id == chunks.c.id, vectors.c.model == model)
    return conn.execute(sa.select(sa.func.count()).select_from(chunks).where(~known.exists())).scalar_one()


def is_whole(conn: sa.Connection, site: str, model: str) -> bool:
    """Whether each row of the site's articles has its vector."""
    known = sa.select(vectors.c.chunk_id).where(vectors.c.chunk_id == chunks.c.id, vectors.c.model == model)
    lacking = (
        sa.select(chunks.c.id)
        .join(articles, articles.c.id == chunks.c.article_id)
        .where(articles.c.site_id == site, ~known.exists())
    )
    return not conn.execute(sa.select(lacking.exists())).scalar_one()


def store(conn: sa.Connection, model: str, made: Sequence[tuple[int, bytes]]) -> None:
    """A row that is gone meanwhile is left out."""
    those = [row for row, _ in made]
    standing = set(conn.execute(sa.select(chunks.c.id).where(chunks.c.id.in_(those))).scalars())
    rows = [{"chunk_id": row, "model": model, "vector": vector} for row, vector in made if row in standing]
    if rows:
        statement = insert(conn.dialect.name, vectors)
        new = {"model": statement.excluded.model, "vector": statement.excluded.vector}
        conn.execute(statement.on_conflict_do_update(index_elements=[vectors.c.chunk_id], set_=new), rows)


def of_site(conn: sa.Connection, site: str, model: str) -> list[tuple[int, str, bytes]]:
    """Rows of the site's articles, with their vectors, article by article."""
    found = (
        sa.select(vectors.c.chunk_id, chunks.c.article_id, vectors.c.vector)
        .join(chunks, chunks.c.id == vectors.c.chunk_id)
        .join(articles, articles.c.id == chunks.c.article_id)
        .where(articles.c.site_id == site, vectors.c.model == model)
        .order_by(chunks.c.article_id, vectors.c.chunk_id)
    )
    return [(row.chunk_id, row.article_id, row.vector) for row in conn.execute(found)]
