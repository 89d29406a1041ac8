"""The stems of words, made by SQLite's own full-text index in memory: so both databases find the very same."""

import sqlite3
import threading

TOKENIZE = "porter unicode61 remove_diacritics 2"
LONGEST = 500
"""Letters; what is longer is no word, and too long for PostgreSQL's index."""

_here = threading.local()


def stems_of(text: str) -> list[str]:
    """The stem of each word in the text, once, in the order of the alphabet."""
    index = _index()
    index.execute("INSERT INTO words VALUES (?)", (text,))
    stems = [row[0] for row in index.execute("SELECT term FROM stems")]
    index.execute("DELETE FROM words")
    return [stem for stem in stems if len(stem) <= LONGEST]


def _index() -> sqlite3.Connection:
    """One for each thread, for it takes longer to make than to use."""
    known: sqlite3.Connection | None = getattr(_here, "index", None)
    if known is None:
        known = _here.index = sqlite3.connect(":memory:", isolation_level=None)
        known.execute(f"CREATE VIRTUAL TABLE words USING fts5(text, tokenize = '{TOKENIZE}')")
        known.execute("CREATE VIRTUAL TABLE stems USING fts5vocab(words, row)")
    return known
