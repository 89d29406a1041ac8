"""What is kept in memory of a site's index, for as long as its articles stay as they are: questions share most words.

It is read within the search that needs it first. Another version of the articles begins anew.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

import msgspec

from havana.knowledge.spelling import meant
from havana.storage import articles, fulltext
from havana.storage.articles import Found, Version
from havana.storage.database import Connection

SITES = 32
HITS = 50_000
"""Pairs of a word and a row that holds it, of a site: some 5 MB."""
WORDS = 10_000
ROWS = 2_000


class Word(msgspec.Struct, frozen=True):
    """Which rows hold a word in any of its forms, and how many of an article's. `slip`: the word was not to be found,
    and this is what it seems to mean.
    """

    rows: list[tuple[int, str]]
    times: Mapping[str, int]
    slip: bool = False


UNHEARD = Word([], {})


class Row(msgspec.Struct, frozen=True):
    """A row of the index, with how many different words it has and how it is spelt: `" its words "`."""

    found: Found
    length: int
    spelt: str


class Known:
    """Of one version of a site's articles. Threads may share it: they would put the same in."""

    def __init__(self, site: str, version: Version) -> None:
        self.version = version
        self._site = site
        self._words: dict[str, Word] = {}
        self._rows: dict[int, Row] = {}
        self._hits = 0

    @property
    def articles(self) -> int:
        return self.version[0]

    def words(self, conn: Connection, words: Iterable[str], everyday: frozenset[str]) -> dict[str, Word]:
        """What is known of each word. What no row holds is looked for as a slip, unless it is an `everyday` word."""
        return {word: self._words.get(word) or self._read(conn, word, word not in everyday) for word in words}

    def rows(self, conn: Connection, ids: Iterable[int], words_of: Callable[[str], list[str]]) -> list[Row]:
        wanted = list(ids)
        # Another thread may begin anew meanwhile.
        kept = self._rows
        missing = [id_ for id_ in wanted if id_ not in kept]
        if len(kept) + len(missing) > ROWS:
            kept, missing = {}, wanted
            self._rows = kept
        for found in articles.found(conn, missing) if missing else ():
            said = words_of(found.searched)
            kept[found.id] = Row(found, len(said), f" {' '.join(said)} ")
        # What was deleted since the version was read is not there.
        return [kept[id_] for id_ in wanted if id_ in kept]

    def _read(self, conn: Connection, word: str, may_be_a_slip: bool) -> Word:
        rows = fulltext.matching(conn, self._site, [word])[word]
        slip = False
        if not rows and may_be_a_slip:
            stem = meant(word, fulltext.terms_like(conn, word[0], len(word) - 5, len(word) + 2))
            if stem:
                rows, slip = fulltext.matching(conn, self._site, [stem])[stem], True
        if self._hits > HITS or len(self._words) > WORDS:
            self._words, self._hits = {}, 0
        if not rows:
            # Anybody can ask for words that nobody has heard of.
            self._words[word] = UNHEARD
            return UNHEARD
        ids: dict[str, str] = {}
        pairs = [(row, ids.setdefault(article, article)) for row, article in rows]
        self._hits += len(pairs)
        self._words[word] = found = Word(pairs, Counter(article for _, article in pairs), slip)
        return found


class Memory:
    """Of all sites, the most recently changed ones."""

    def __init__(self) -> None:
        self._sites: dict[str, Known] = {}

    def of(self, site: str, version: Version) -> Known:
        known = self._sites.get(site)
        if known is None or known.version != version:
            self._sites.pop(site, None)
            for oldest in list(self._sites)[: len(self._sites) + 1 - SITES]:
                self._sites.pop(oldest, None)
            self._sites[site] = known = Known(site, version)
        return known
