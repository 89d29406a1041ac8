"""Finds the passages that answer a question.

The database's full-text index says which rows hold each word of the question in any of its forms; everything else
is arithmetic on those sets. A word weighs the more, the fewer articles hold it. A passage's score is the
share of the question's weight that it covers (a little less for a long text in which the words drown), mixed
with the share that its whole article covers, where a word that the article keeps returning to counts more
than one in passing. Where a sentence model is installed, what rows mean is compared too, and counts for more
(`meaning.py`). The constants were chosen on public question sets; `bench/knowledge.py` measures them.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping

import msgspec

from havana.knowledge.meaning import Meaning
from havana.knowledge.spelling import meant
from havana.storage import articles, fulltext
from havana.storage.database import Connection, Database

MOST_WORDS = 32
"""Of a question; the rest of a long message rarely changes what it is about."""
CANDIDATES = 48
MANY = 200
"""Articles from which on everyday words are left out: reading how often they stand where takes longer than it helps."""
ARTICLE_SHARE = 0.6
"""How much the article as a whole counts against the passage alone."""
RETURNED_TO = (0.4, 0.7, 0.85, 1.0)
"""What a word counts for its article when one, two, three or more of the article's rows hold it."""
DENSITY = 0.5
"""How much a passage loses when the question's words drown in it."""
LONG = 24
"""Distinct words from which on a passage does not count as longer."""
RARITY = 1.3
MISSPELT = 0.8
BESIDE_MEANING = 0.3
"""How much the words count where a sentence model says how near the meaning is."""
SURE, SURE_BY_WORDS = 0.5, 0.3
"""From where on a passage is worth quoting: by both together, and by words alone (`builtin.ENOUGH`)."""

_WORD = re.compile(r"[^\W_]+")
# Words that can stand in any question. Alone they ask for nothing that could be found, and where no article
# holds one of them, that says nothing about the question.
_EVERYDAY = """
    a an and any are as at be been but by can could did do does for from had has have he her him his how i if in is
    it its me my no not of on or our please she should so some than that the their them then there these they this
    those to too us was we were what when where which who whom whose why will with would yes you your about also am
    any got hello hey hi info information just know like more need one please policy some something tell thank
    thanks thing things want
"""
_EVERYWHERE = frozenset(_EVERYDAY.split())

Hits = Mapping[str, fulltext.Rows]


class Passage(msgspec.Struct, frozen=True):
    """A passage to quote. `score` is 0…1: how much of the question's weight it covers, and how near its meaning is.

    Without a sentence model it is the former alone.
    """

    article: str
    title: str
    heading: str
    url: str | None
    text: str
    score: float


class Knowledge:
    """What a site's articles say."""

    def __init__(self, database: Database, meaning: Meaning | None = None) -> None:
        self._database = database
        self._meaning = meaning

    async def search(self, site: str, query: str, limit: int = 4) -> list[Passage]:
        """Passages of the site (its id), best first; none if the query holds nothing to look for."""
        words = words_of(query)[:MOST_WORDS]
        if all(word in _EVERYWHERE for word in words):
            return []
        alike = await self._meaning.alike(site, query) if self._meaning is not None else {}
        return await self._database.read(lambda conn: find(conn, site, words, limit, alike))


def words_of(text: str) -> list[str]:
    """Its distinct words, as the index cuts them."""
    folded = unicodedata.normalize("NFC", text).casefold()
    return list(dict.fromkeys(_WORD.findall(folded)))


def find(
    conn: Connection, site: str, words: list[str], limit: int, alike: Mapping[int, float] | None = None
) -> list[Passage]:
    """The best passages for the words of a question, and for its meaning: the rows that are `alike`, by cosine."""
    total = articles.count(conn, site)
    if total > MANY:
        words = [word for word in words if word not in _EVERYWHERE]
    hits = fulltext.matching(conn, site, words)
    trust = dict.fromkeys(words, 1.0)
    for word in [word for word in words if not hits[word] and word not in _EVERYWHERE]:
        stem = meant(word, fulltext.terms_like(conn, word[0], len(word) - 5, len(word) + 2))
        if stem:
            hits[word] = fulltext.matching(conn, site, [stem])[stem]
            trust[word] = MISSPELT
    return _ranked(conn, hits, trust, total, limit, alike or {})


def _ranked(
    conn: Connection, hits: Hits, trust: Mapping[str, float], total: int, limit: int, alike: Mapping[int, float]
) -> list[Passage]:
    weight = {word: _weight(rows, total) for word, rows in hits.items() if rows or word not in _EVERYWHERE}
    whole = sum(weight.values())
    if not whole and not alike:
        return []
    covered, matched, article_of, by_article = _coverage(hits, weight, trust)
    rough = sorted(covered, key=lambda row: covered[row] + by_article[article_of[row]], reverse=True)[:CANDIDATES]
    nearest = sorted(alike, key=lambda row: alike[row], reverse=True)[:CANDIDATES]
    best: dict[tuple[str, int], Passage] = {}
    for row in articles.found(conn, list({*rough, *nearest})):
        length = min(LONG, len(words_of(row.searched)))
        dense = 1 - DENSITY + DENSITY * math.sqrt(min(1.0, matched[row.id] / max(1, length)))
        share = (1 - ARTICLE_SHARE) * covered[row.id] * dense + ARTICLE_SHARE * by_article.get(row.article, 0.0)
        score = share / whole if whole else 0.0
        if alike:
            score = _together(alike.get(row.id, 0.0), score)
        passage = Passage(row.article, row.title, row.heading, row.url, row.text, round(score, 4))
        place = (row.article, row.position)
        if place not in best or best[place].score < passage.score:
            best[place] = passage
    return sorted(best.values(), key=lambda passage: passage.score, reverse=True)[:limit]


def _together(cosine: float, share: float) -> float:
    """On the scale of the share alone: what is `SURE` of both is worth as much as `SURE_BY_WORDS` of that."""
    both = max(0.0, cosine) + BESIDE_MEANING * share
    if both < SURE:
        return SURE_BY_WORDS * both / SURE
    return SURE_BY_WORDS + (1 - SURE_BY_WORDS) * (both - SURE) / (1 + BESIDE_MEANING - SURE)


def _weight(rows: fulltext.Rows, total: int) -> float:
    """How telling a word is: its inverse document frequency over articles."""
    holding = len({article for _, article in rows})
    return math.pow(math.log(1 + (total - holding + 0.5) / (holding + 0.5)), RARITY)


def _coverage(
    hits: Hits, weight: Mapping[str, float], trust: Mapping[str, float]
) -> tuple[dict[int, float], Counter[int], dict[int, str], dict[str, float]]:
    """By row: the weight it covers, how many words, and its article; and the weight that each article covers."""
    covered: dict[int, float] = defaultdict(float)
    matched: Counter[int] = Counter()
    article_of: dict[int, str] = {}
    by_article: dict[str, float] = defaultdict(float)
    for word, value in weight.items():
        rows = hits[word]
        worth = value * trust[word]
        for row, article in rows:
            covered[row] += worth
            matched[row] += 1
            article_of[row] = article
        for article, times in Counter(article for _, article in rows).items():
            by_article[article] += worth * RETURNED_TO[min(times, len(RETURNED_TO)) - 1]
    return covered, matched, article_of, by_article
