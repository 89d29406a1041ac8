"""The demo site's articles answer what a newcomer asks. The level is what the search reaches; it may only rise."""

import tomllib
from pathlib import Path

from havana.assistant.builtin import ENOUGH
from havana.knowledge import ingest
from havana.knowledge.search import Knowledge
from havana.storage.database import Database

REPO = Path(__file__).parents[2]
LINES = (line.split("|", 1) for line in (Path(__file__).parent / "demo_questions.txt").read_text().splitlines()[2:])
QUESTIONS = [(line[1].strip(), line[0].strip()) for line in LINES if len(line) == 2]


async def test_questions_find_their_article(database: Database, knowledge: Knowledge, site: str) -> None:
    report = ingest.add(database, site, [REPO / "demo" / "articles"])
    found = {question: await knowledge.search(site, question) for question, _ in QUESTIONS}
    inside = [(question, title) for question, title in QUESTIONS if title]
    outside = [question for question, title in QUESTIONS if not title]
    wrong = [question for question, title in inside if not found[question] or found[question][0].title != title]
    unheard = [question for question, _ in inside if not found[question] or found[question][0].score < ENOUGH]
    invented = [question for question in outside if found[question] and found[question][0].score >= ENOUGH]

    assert len(report.added) >= 15
    assert report.skipped == []
    assert len(inside) >= 40
    assert len(outside) >= 10
    assert len(wrong) <= 2, wrong
    assert len(unheard) <= 1, unheard
    assert len(invented) <= 1, invented


async def test_what_the_page_suggests_to_ask_is_answered_well(
    database: Database, knowledge: Knowledge, site: str
) -> None:
    ingest.add(database, site, [REPO / "demo" / "articles"])
    suggestions = tomllib.loads((REPO / "demo" / "site.toml").read_text())["suggestions"]
    best = {question: (await knowledge.search(site, question))[0] for question in suggestions}

    assert {question: (passage.title, passage.heading) for question, passage in best.items()} == {
        "Which programs do you offer?": ("Programs at a glance", "What we teach"),
        "How much does the welding program cost?": ("Welding Technology", "Cost"),
        "How do I apply?": ("How to apply", "The steps"),
        "Can I get financial aid?": ("Financial aid", "Who qualifies"),
    }
    assert min(passage.score for passage in best.values()) > 2 * ENOUGH
