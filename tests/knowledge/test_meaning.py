"""Articles are found by what a question means, with the real sentence model and a real database."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.knowledge.conftest import a_site

from havana.cli import run
from havana.knowledge import ingest, meaning
from havana.knowledge.meaning import Meaning
from havana.knowledge.minilm import MiniLM
from havana.knowledge.search import Knowledge
from havana.storage import vectors
from havana.storage.database import Database

MODEL = MiniLM()
PARKING = "# Parking\n\nLeave your car behind the workshop, free of charge.\n"
MEALS = "# Canteen\n\nLunch is served from noon to two.\n"


@pytest.fixture
async def meant(database: Database) -> AsyncIterator[Meaning]:
    meant = Meaning(database, MODEL)
    yield meant
    await meant.close()


@pytest.fixture
def knowledge(database: Database, meant: Meaning) -> Knowledge:
    return Knowledge(database, meant)


def put(database: Database, site: str, path: str, text: str) -> None:
    database.write_now(lambda conn: ingest.put(conn, site, path, text))


def without_vectors(database: Database) -> int:
    return len(database.read_now(lambda conn: vectors.missing(conn, MODEL.name, 100)))


async def titles(knowledge: Knowledge, site: str, question: str) -> list[str]:
    return [passage.title for passage in await knowledge.search(site, question)]


async def test_a_question_without_any_word_of_the_article_finds_it(
    database: Database, knowledge: Knowledge, site: str
) -> None:
    put(database, site, "parking", PARKING)
    put(database, site, "meals", MEALS)
    assert await titles(Knowledge(database), site, "Can I eat something?") == []
    meaning.learn(database, MODEL)

    assert (await titles(knowledge, site, "Can I eat something?"))[0] == "Canteen"
    assert (await titles(knowledge, site, "Any space for vehicles?"))[0] == "Parking"


async def test_what_nothing_answers_is_less_sure_than_what_something_does(
    database: Database, knowledge: Knowledge, site: str
) -> None:
    put(database, site, "parking", PARKING)
    meaning.learn(database, MODEL)
    answered, unanswered = "Can I park there for nothing?", "Translate hello to Japanese."

    sure = [(await knowledge.search(site, question))[0].score for question in (answered, unanswered)]
    assert sure[0] > 0.3 > sure[1]


async def test_what_another_process_stored_is_learnt_and_then_found(
    database: Database, knowledge: Knowledge, meant: Meaning, site: str
) -> None:
    put(database, site, "parking", PARKING)
    meaning.learn(database, MODEL)
    await knowledge.search(site, "Where do vehicles go?")
    put(database, site, "meals", MEALS)
    async with asyncio.timeout(30):
        while (await titles(knowledge, site, "Can I eat something?"))[:1] != ["Canteen"]:
            pass

    assert without_vectors(database) == 0


async def test_a_question_right_after_the_start_waits_until_what_is_new_has_been_learnt(
    database: Database, knowledge: Knowledge, meant: Meaning, site: str
) -> None:
    put(database, site, "parking", PARKING)
    put(database, site, "meals", MEALS)
    meant.learn_soon()

    assert (await titles(knowledge, site, "Can I eat something?"))[0] == "Canteen"


async def test_an_article_that_changed_is_known_by_what_it_says_now(
    database: Database, knowledge: Knowledge, site: str
) -> None:
    put(database, site, "page", PARKING)
    meaning.learn(database, MODEL)
    await knowledge.search(site, "Where do vehicles go?")
    put(database, site, "page", MEALS)
    meaning.learn(database, MODEL)

    assert await titles(knowledge, site, "Can I eat something?") == ["Canteen"]


async def test_a_site_knows_nothing_of_another_ones_articles(
    database: Database, knowledge: Knowledge, site: str
) -> None:
    put(database, a_site(database, "second"), "meals", MEALS)
    put(database, site, "parking", PARKING)
    meaning.learn(database, MODEL)

    assert await titles(knowledge, site, "Can I eat something?") == ["Parking"]


def test_whoever_waits_hears_how_much_is_learnt(database: Database, site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "AT_ONCE", 2)
    put(database, site, "meals", "\n\n".join(f"## Day {day}\n\nLunch of day {day}." for day in range(5)))
    heard: list[tuple[int, int]] = []
    meaning.learn(database, MODEL, lambda done, total: heard.append((done, total)))

    assert heard == [(2, 5), (4, 5), (5, 5)]


class Slow:
    """A model that takes as long as it is told to."""

    name = MODEL.name

    def __init__(self) -> None:
        self.asked, self.may_go_on = threading.Event(), threading.Event()

    def vectors(self, texts: Sequence[str]) -> Any:
        self.asked.set()
        assert self.may_go_on.wait(30)
        return MODEL.vectors(texts)

    def question(self, text: str) -> Any:
        return self.vectors([text])[0]

    def close(self) -> None:
        pass


async def test_while_the_model_computes_everything_else_goes_on(database: Database, site: str) -> None:
    put(database, site, "meals", MEALS)
    meaning.learn(database, MODEL)
    slow = Slow()
    meant = Meaning(database, slow)
    searching = asyncio.create_task(Knowledge(database, meant).search(site, "Can I eat something?"))
    async with asyncio.timeout(30):
        while not slow.asked.is_set():
            await asyncio.sleep(0)
    assert not searching.done()
    slow.may_go_on.set()

    assert [passage.title for passage in await searching] == ["Canteen"]
    await meant.close()


class Broken:
    name = MODEL.name

    def vectors(self, texts: Sequence[str]) -> Any:
        raise RuntimeError("no memory")

    def question(self, text: str) -> Any:
        raise RuntimeError("no memory")

    def close(self) -> None:
        pass


async def test_with_a_model_that_fails_articles_are_found_by_their_words(database: Database, site: str) -> None:
    put(database, site, "meals", MEALS)
    meaning.learn(database, MODEL)
    meant = Meaning(database, Broken())

    assert [passage.title for passage in await Knowledge(database, meant).search(site, "When is lunch?")] == ["Canteen"]
    await meant.close()


def test_articles_whose_meaning_cannot_be_learnt_are_stored_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    article = tmp_path / "meals.md"
    article.write_text(MEALS)
    monkeypatch.setattr(meaning, "installed", Broken)

    assert run(["knowledge", "add", str(article), "--data", str(tmp_path / "data")]) == 0
    said = capsys.readouterr()
    assert ": 1 added, 0 updated, 0 unchanged." in said.out
    assert said.err == "havana: what articles mean cannot be learnt: no memory. They are found by their words.\n"


async def test_what_was_stored_is_learnt_before_anybody_asks(
    database: Database, knowledge: Knowledge, site: str
) -> None:
    put(database, site, "parking", PARKING)
    knowledge.learn_soon()

    async with asyncio.timeout(30):
        while await asyncio.to_thread(without_vectors, database):
            pass
