"""The full-text index over passages (rowid = chunks.id): which rows hold a word in any of its forms.

SQLite has FTS5 for it. PostgreSQL keeps the same columns and a tsvector of the very stems that FTS5 makes: its own
dictionaries drop everyday words and know other forms, and the same question would be answered differently.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from havana.storage.dialects import is_postgres
from havana.storage.stems import TOKENIZE, stems_of

NAME = "chunks_fts"
_WORDS = ("title", "heading", "text", "also")
index = sa.table(NAME, sa.column("rowid", sa.Integer), *(sa.column(name, sa.Text) for name in _WORDS))
said = index.c.title + " " + index.c.heading + " " + index.c.text + " " + index.c.also
"""All words that a row is found by."""
Rows = Sequence[sa.Row[int, str]]
"""Rows of the index, each with its article."""


def create(conn: sa.Connection) -> None:
    """SQLAlchemy has no word for virtual tables, nor Alembic's comparison for what stands here."""
    for statement in _CREATE[conn.dialect.name]:
        conn.exec_driver_sql(statement)


def add(conn: sa.Connection, row: int, words: Mapping[str, str]) -> None:
    """`words` are title, heading, text and also: what a row is found by."""
    add_all(conn, [{"row": row, **words}])


def add_all(conn: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Each has its `row` and the words that it is found by, as in `pages`."""
    if is_postgres(conn):
        conn.execute(_ADD_STEMS, [{**row, "stems": stems_of(" ".join(row[name] for name in _WORDS))} for row in rows])
    else:
        conn.execute(_ADD, rows)


def pages(conn: sa.Connection, size: int) -> Iterator[list[dict[str, Any]]]:
    """All that is in the index, by row, so many at a time."""
    last = -1
    while page := conn.execute(_PAGE, {"last": last, "size": size}).all():
        yield [dict(row._mapping) for row in page]  # noqa: SLF001 - SQLAlchemy's documented access by column name
        last = page[-1].row


def remove(conn: sa.Connection, rows: Sequence[int]) -> None:
    if rows:
        conn.execute(_REMOVE, [{"row": row} for row in rows])


def matching(conn: sa.Connection, site: str, words: Iterable[str]) -> dict[str, Rows]:
    """The rows of a site that hold each word in any of its forms. Words must be without quotes."""
    return {word: _matching(conn, site, word) for word in words}


def terms_like(conn: sa.Connection, first: str, shortest: int, longest: int) -> list[str]:
    """Stems of the index that begin with a letter and have about a length: what a misspelt word may mean."""
    bounds = {"first": first, "after": first + "\U0010ffff", "shortest": shortest, "longest": longest}
    if is_postgres(conn):
        return list(conn.execute(_STEMS_LIKE, bounds).scalars())
    conn.execute(_TERMS_TABLE)
    return list(conn.execute(_TERMS_LIKE, bounds).scalars())


def _matching(conn: sa.Connection, site: str, word: str) -> Rows:
    if is_postgres(conn):
        stems = " & ".join(f"'{stem}'" for stem in stems_of(word))
        return conn.execute(_MATCH_STEMS, {"site": site, "match": stems}).all() if stems else []
    return conn.execute(_MATCH, {"site": site, "match": f'"{word}"'}).all()


_FTS5 = f"CREATE VIRTUAL TABLE chunks_fts USING fts5(title, heading, text, also, tokenize = '{TOKENIZE}')"
_TABLE = """CREATE TABLE chunks_fts (
    rowid INTEGER PRIMARY KEY REFERENCES chunks (id) ON DELETE CASCADE,
    title TEXT NOT NULL, heading TEXT NOT NULL, text TEXT NOT NULL, also TEXT NOT NULL, stems TSVECTOR NOT NULL
)"""
_GIN = "CREATE INDEX chunks_fts_stems ON chunks_fts USING gin (stems)"
_CREATE = {"sqlite": (_FTS5,), "postgresql": (_TABLE, _GIN)}

_ADD = sa.text(
    "INSERT INTO chunks_fts (rowid, title, heading, text, also) VALUES (:row, :title, :heading, :text, :also)"
)
_ADD_STEMS = sa.text(
    "INSERT INTO chunks_fts (rowid, title, heading, text, also, stems)"
    " VALUES (:row, :title, :heading, :text, :also, array_to_tsvector(:stems))"
).bindparams(sa.bindparam("stems", type_=sa.ARRAY(sa.Text)))
_PAGE = sa.text(
    "SELECT rowid AS row, title, heading, text, also FROM chunks_fts WHERE rowid > :last ORDER BY rowid LIMIT :size"
)
_REMOVE = sa.text("DELETE FROM chunks_fts WHERE rowid = :row")
_MATCH = sa.text(
    "SELECT chunks.id, chunks.article_id FROM chunks_fts"
    " JOIN chunks ON chunks.id = chunks_fts.rowid JOIN articles ON articles.id = chunks.article_id"
    " WHERE chunks_fts MATCH :match AND articles.site_id = :site"
)
_MATCH_STEMS = sa.text(
    "SELECT chunks.id, chunks.article_id FROM chunks_fts"
    " JOIN chunks ON chunks.id = chunks_fts.rowid JOIN articles ON articles.id = chunks.article_id"
    " WHERE chunks_fts.stems @@ CAST(:match AS tsquery) AND articles.site_id = :site"
)
_TERMS_TABLE = sa.text("CREATE VIRTUAL TABLE IF NOT EXISTS temp.chunks_terms USING fts5vocab(main, chunks_fts, row)")
_TERMS_LIKE = sa.text(
    "SELECT term FROM temp.chunks_terms WHERE term >= :first AND term < :after"
    " AND length(term) BETWEEN :shortest AND :longest"
)
_STEMS_LIKE = sa.text(
    "SELECT word FROM ts_stat('SELECT stems FROM chunks_fts')"
    ' WHERE word COLLATE "C" >= :first AND word COLLATE "C" < :after AND length(word) BETWEEN :shortest AND :longest'
)
