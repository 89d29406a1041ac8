"""Measures how well questions find their articles, on public question sets and on the demo site.

    python bench/knowledge.py --clinc clinc150.json --banking banking77_train.csv banking77_test.csv

One article per intent, made of a few training utterances (a paragraph each); the questions are the others.
Prints the share of questions whose article comes first or among the first three, and how well the best score
tells questions that have an article from those that have none (AUROC). CLINC150 is by Larson et al. (CC BY
3.0), BANKING77 by PolyAI (CC BY 4.0); neither is part of this project.
"""

import argparse
import asyncio
import bisect
import csv
import datetime as dt
import json
import os
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec
import sqlalchemy as sa

from havana.assistant.builtin import ENOUGH
from havana.chat.site import Site
from havana.ids import new_id
from havana.knowledge import ingest
from havana.knowledge.meaning import Meaning, installed, learn
from havana.knowledge.model import Model
from havana.knowledge.search import Knowledge
from havana.storage import sites
from havana.storage.database import Database
from havana.storage.sqlite import SqliteDatabase

REPO = Path(__file__).parents[1]
Question = tuple[str, str | None]


class Result(msgspec.Struct):
    """Shares are 0…1. `asked` and `outside` are the best scores with and without an article."""

    first: float
    first_three: float
    asked: list[float]
    outside: list[float]
    milliseconds: float

    @property
    def auroc(self) -> float:
        below = sorted(self.outside)
        wins = sum((bisect.bisect_left(below, x) + bisect.bisect_right(below, x)) / 2 for x in self.asked)
        return wins / (len(self.asked) * len(below)) if below else float("nan")


async def ask(knowledge: Knowledge, site: str, questions: Sequence[Question]) -> Result:
    """Ask every question; one whose article is None lies outside of what the articles say."""
    result = Result(0, 0, [], [], 0)
    started = time.perf_counter()
    for question, article in questions:
        found = await knowledge.search(site, question, limit=12)
        best = list(dict.fromkeys(passage.title for passage in found))[:3]
        score = found[0].score if found else 0.0
        (result.outside if article is None else result.asked).append(score)
        result.first += best[:1] == [article]
        result.first_three += article in best
    result.milliseconds = (time.perf_counter() - started) * 1000 / len(questions)
    result.first /= len(result.asked)
    result.first_three /= len(result.asked)
    return result


def clinc(path: Path, split: str, size: int, seed: int) -> tuple[dict[str, list[str]], list[Question]]:
    """Articles and questions of CLINC150."""
    data = json.loads(path.read_text())
    questions: list[Question] = [(text, intent) for text, intent in data[split]]
    questions += [(text, None) for text, _ in data[f"oos_{split}"]]
    return _sample(data["train"], size, seed), questions


def banking(train: Path, test: Path, size: int, seed: int) -> tuple[dict[str, list[str]], list[Question]]:
    """Articles and questions of BANKING77, which has none that lie outside."""
    rows = {path: list(csv.reader(path.open(newline="")))[1:] for path in (train, test)}
    questions: list[Question] = [(text, category) for text, category in rows[test]]
    return _sample(rows[train], size, seed), questions


def demo(path: Path) -> list[Question]:
    """Questions to the demo site: lines of `title | question`, where no title means that no article
    answers.
    """
    lines = (line.split("|", 1) for line in path.read_text().splitlines() if "|" in line)
    return [(question.strip(), title.strip() or None) for title, question in lines]


def _sample(rows: Iterable[Sequence[str]], size: int, seed: int) -> dict[str, list[str]]:
    by_intent: dict[str, list[str]] = defaultdict(list)
    for text, intent in rows:
        by_intent[intent].append(text)
    chance = random.Random(seed)
    return {intent: chance.sample(texts, size) for intent, texts in sorted(by_intent.items())}


def fill(database: Database, articles: Mapping[str, Sequence[str]]) -> str:
    """A new site with these articles, by title; one paragraph is one passage."""
    site = Site(id=new_id(), key=new_id(), name="Bench")

    def store(conn: sa.Connection) -> None:
        sites.store(conn, site, dt.datetime.now(dt.UTC))
        for title, paragraphs in articles.items():
            text = "\n".join(f"## -\n{paragraph}" for paragraph in paragraphs)
            ingest.put(conn, site.id, title, f"---\ntitle: {title}\n---\n{text}")

    database.write_now(store)
    return site.id


def above(scores: list[float]) -> float:
    return sum(score >= ENOUGH for score in scores) / len(scores) if scores else 0.0


def show(name: str, result: Result) -> None:
    print(
        f"{name:24} first {result.first:5.1%}  first three {result.first_three:5.1%}"
        f"  AUROC {result.auroc:.3f}  {result.milliseconds:.2f} ms a question"
        f"  above {ENOUGH}: {above(result.asked):.0%} with an article, {above(result.outside):.0%} without"
    )


async def main() -> None:
    # What a question takes is told for one core; between two, its threads find neither's cache warm.
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clinc", type=Path, help="clinc150.json")
    parser.add_argument("--banking", type=Path, nargs=2, help="the training and the test file of BANKING77")
    parser.add_argument("--split", default="test", choices=("val", "test"), help="of CLINC150")
    parser.add_argument("--size", type=int, default=5, help="utterances that make an article")
    parser.add_argument("--seeds", type=int, default=3, help="how many samples of them")
    parser.add_argument("--words-only", action="store_true", help="as without the extra `embed`")
    options = parser.parse_args()
    model = None if options.words_only else installed()
    for seed in range(options.seeds):
        if options.clinc:
            await measure("clinc150", *clinc(options.clinc, options.split, options.size, seed), model)
        if options.banking:
            await measure("banking77", *banking(*options.banking, options.size, seed), model)
    questions = demo(REPO / "tests" / "knowledge" / "demo_questions.txt")
    await of_demo("demo site", questions, model)
    close = demo(REPO / "bench" / "close_questions.txt")
    await of_demo("close to its subject", [one for one in questions if one[1]] + close, model)


async def of_demo(name: str, questions: Sequence[Question], model: Model | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = SqliteDatabase.open(Path(folder))
        site = fill(database, {})
        ingest.add(database, site, [REPO / "demo" / "articles"])
        await search(name, database, site, questions, model)


async def search(name: str, database: Database, site: str, questions: Sequence[Question], model: Model | None) -> None:
    meant = None
    if model is not None:
        learn(database, model)
        meant = Meaning(database, model)
    show(name, await ask(Knowledge(database, meant), site, questions))
    if meant is not None:
        await meant.close()
    await database.close()


async def measure(
    name: str, articles: Mapping[str, Sequence[str]], questions: Sequence[Question], model: Model | None
) -> None:
    """Asks in a database of its own: the words of other articles are not to matter."""
    with tempfile.TemporaryDirectory() as folder:
        database = SqliteDatabase.open(Path(folder))
        site = fill(database, articles)
        await search(name, database, site, questions, model)


if __name__ == "__main__":
    asyncio.run(main())
