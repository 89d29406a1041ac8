"""Finds the passages that answer a question.

The database's full-text index says which rows hold each word of the question in any of its forms; everything else
is arithmetic on those sets. A word weighs the more, the fewer articles hold it. A passage's score is the
share of the question's weight that it covers (a little less for a long text in which the words drown), mixed
with the share that its whole article covers, where a word that the article keeps returning to counts more
than one in passing; and, for a smaller part, the share of the question's letters that stand in the passage in the same
order, four at a time. Where a sentence model is installed, what rows mean is compared too, and counts for more
(`meaning.py`). The constants were chosen on public question sets; `bench/knowledge.py` measures them.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import msgspec

from havana.knowledge.known import Known, Memory, Row, Word
from havana.knowledge.meaning import Meaning
from havana.storage import articles
from havana.storage.articles import Found
from havana.storage.database import Connection, Database

MOST_WORDS = 32
"""Of a question; the rest of a long message rarely changes what it is about."""
CANDIDATES = 48
MANY = 200
"""Articles from which on everyday words are left out: reading how often they stand where takes longer than it helps."""
ARTICLE_SHARE = 0.65
"""How much the article as a whole counts against the passage alone."""
RETURNED_TO = (0.4, 0.6, 0.75, 0.9, 1.0)
"""What a word counts for its article when one, two, three or more of the article's rows hold it."""
DENSITY = 0.5
"""How much a passage loses when the question's words drown in it."""
LONG = 24
"""Distinct words from which on a passage does not count as longer."""
RARITY = 1.2
MISSPELT = 0.8
LETTERS = 0.3
"""How much the letters count beside the words."""
AT_A_TIME = 4
BESIDE_MEANING = 0.25
"""How much the words count where a sentence model says how near the meaning is."""
SURE, SURE_BY_WORDS = 0.5, 0.41
"""From where on a passage is worth quoting: by both together, and by words alone."""
ENOUGH = 0.3
"""The score of such a passage (`builtin.ENOUGH`)."""

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
        self._memory = Memory()

    def learn_soon(self) -> None:
        """An article was stored: what it means is learnt, while nobody waits for it."""
        if self._meaning is not None:
            self._meaning.learn_soon()

    async def search(self, site: str, query: str, limit: int = 4) -> list[Passage]:
        """Passages of the site (its id), best first; none if the query holds nothing to look for."""
        words = words_of(query)[:MOST_WORDS]
        if all(word in _EVERYWHERE for word in words):
            return []
        asked = await self._meaning.asked(site, query) if self._meaning is not None else None
        found = await self._database.read(partial(self._found, site=site, words=words, limit=limit, asked=asked))
        if self._meaning is not None:
            self._meaning.keep_up(site)
        return found

    def _found(self, conn: Connection, site: str, words: list[str], limit: int, asked: Any | None) -> list[Passage]:
        version = articles.version(conn, site)
        alike = {} if self._meaning is None or asked is None else self._meaning.alike(conn, site, version, asked)
        return find(conn, self._memory.of(site, version), words, limit, alike)


def words_of(text: str) -> list[str]:
    """Its distinct words, as the index cuts them."""
    folded = unicodedata.normalize("NFC", text).casefold()
    return list(dict.fromkeys(_WORD.findall(folded)))


def telling(words: list[str]) -> list[str]:
    """Those that tell one question from another; all of them if none does."""
    return [word for word in words if word not in _EVERYWHERE] or words


def find(conn: Connection, known: Known, words: list[str], limit: int, alike: Mapping[int, float]) -> list[Passage]:
    """The best passages for the words of a question, and for its meaning: the rows that are `alike`, and how much."""
    telling = words if known.articles <= MANY else [word for word in words if word not in _EVERYWHERE]
    hits = known.words(conn, telling, _EVERYWHERE)
    weight = {word: _weight(hit, known.articles) for word, hit in hits.items() if hit.rows or word not in _EVERYWHERE}
    whole = sum(weight.values())
    if not whole and not alike:
        return []
    covered, matched, article_of, by_article = _coverage(hits, weight)
    rough = sorted(covered, key=lambda row: covered[row] + by_article[article_of[row]], reverse=True)[:CANDIDATES]
    nearest = sorted(alike, key=alike.__getitem__, reverse=True)[:CANDIDATES]
    rows = known.rows(conn, {*rough, *nearest}, words_of)
    spelt_alike = _spelt_alike(_letters(words), rows)
    best: dict[tuple[str, int], tuple[float, Found]] = {}
    for row in rows:
        found = row.found
        dense = 1 - DENSITY + DENSITY * math.sqrt(min(1.0, matched[found.id] / max(1, min(LONG, row.length))))
        share = (1 - ARTICLE_SHARE) * covered.get(found.id, 0.0) * dense
        share += ARTICLE_SHARE * by_article.get(found.article, 0.0)
        value = (share / whole if whole else 0.0) + LETTERS * spelt_alike[found.article]
        if alike:
            value = max(0.0, alike.get(found.id, 0.0)) + BESIDE_MEANING * value
        place = (found.article, found.position)
        if place not in best or best[place][0] < value:
            best[place] = value, found
    sure, most = (SURE, 1 + BESIDE_MEANING) if alike else (SURE_BY_WORDS, 1)
    # By the value, for what is more than sure enough has the same score.
    ranked = sorted(best.values(), key=lambda each: each[0], reverse=True)[:limit]
    return [_passage(found, _on_the_scale(value, sure, most)) for value, found in ranked]


def _passage(found: Found, score: float) -> Passage:
    return Passage(found.article, found.title, found.heading, found.url, found.text, round(score, 4))


def _weight(hit: Word, total: int) -> float:
    """How telling a word is: its inverse document frequency over articles."""
    return math.pow(math.log(1 + (total - len(hit.times) + 0.5) / (len(hit.times) + 0.5)), RARITY)


def _coverage(
    hits: Mapping[str, Word], weight: Mapping[str, float]
) -> tuple[dict[int, float], Counter[int], dict[int, str], dict[str, float]]:
    """By row: the weight it covers, how many words, and its article; and the weight that each article covers."""
    covered: dict[int, float] = defaultdict(float)
    matched: Counter[int] = Counter()
    article_of: dict[int, str] = {}
    by_article: dict[str, float] = defaultdict(float)
    for word, value in weight.items():
        hit = hits[word]
        worth = value * (MISSPELT if hit.slip else 1.0)
        for row, article in hit.rows:
            covered[row] += worth
            matched[row] += 1
            article_of[row] = article
        for article, times in hit.times.items():
            by_article[article] += worth * RETURNED_TO[min(times, len(RETURNED_TO)) - 1]
    return covered, matched, article_of, by_article


def _letters(words: list[str]) -> set[str]:
    """The question four letters at a time, across the spaces between its words."""
    spelt = f" {' '.join(words)} "
    return {spelt[at : at + AT_A_TIME] for at in range(len(spelt) - AT_A_TIME + 1)}


def _spelt_alike(letters: set[str], rows: Iterable[Row]) -> dict[str, float]:
    """By article, the greatest share of them that stands in one of its rows; less where the row is much longer.

    Not by row: within an article it would prefer what is short to what answers.
    """
    best: dict[str, float] = defaultdict(float)
    for row in rows:
        there = sum(some in row.spelt for some in letters) / max(1, len(letters))
        share = there * math.sqrt(min(1.0, len(letters) / max(1, len(row.spelt) - AT_A_TIME + 1)))
        best[row.found.article] = max(best[row.found.article], share)
    return best


def _on_the_scale(value: float, sure: float, most: float) -> float:
    """The same score for what is as sure, whatever was compared: `ENOUGH` for `sure`, and 1 from `most` on."""
    if value < sure:
        return ENOUGH * value / sure
    return min(1.0, ENOUGH + (1 - ENOUGH) * (value - sure) / (most - sure))
