"""What is kept in memory of the articles is never older than they are, and never more than is allowed."""

import pytest
from tests.knowledge.conftest import a_site
from tests.knowledge.test_search import ARTICLES

from havana.knowledge import ingest, known
from havana.knowledge.search import Knowledge, Passage
from havana.storage import articles
from havana.storage.database import Connection, Database

QUESTIONS = ("parking", "how much is welding", "dormitories", "when do aplications close", "campus", "parking")


def put(database: Database, site: str, path: str, text: str) -> None:
    database.write_now(lambda conn: ingest.put(conn, site, path, text))


async def asked(knowledge: Knowledge, site: str) -> list[list[Passage]]:
    return [await knowledge.search(site, question) for question in QUESTIONS]


async def test_an_article_that_changed_is_found_by_what_it_says_now(
    database: Database, knowledge: Knowledge, site: str
) -> None:
    put(database, site, "page", "# Page\n\nParking is free.")
    assert len(await knowledge.search(site, "parking")) == 1
    assert await knowledge.search(site, "lunch") == []
    put(database, site, "page", "# Page\n\nLunch is at noon.")

    assert await knowledge.search(site, "parking") == []
    assert [passage.text for passage in await knowledge.search(site, "lunch")] == ["Lunch is at noon."]


async def test_who_asks_again_is_told_the_same(database: Database, knowledge: Knowledge, site: str) -> None:
    for path, text in ARTICLES.items():
        put(database, site, path, text)

    assert await asked(knowledge, site) == await asked(knowledge, site) == await asked(Knowledge(database), site)


async def test_however_little_is_kept_the_same_is_found(
    database: Database, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = a_site(database, "other")
    for path, text in ARTICLES.items():
        put(database, site, path, text)
        put(database, other, path, text)
    expected = await asked(Knowledge(database), site)
    for name in ("SITES", "HITS", "WORDS", "ROWS"):
        monkeypatch.setattr(known, name, 1)
    forgetful = Knowledge(database)
    await asked(forgetful, site)
    await asked(forgetful, other)

    assert await asked(forgetful, site) == expected


async def test_words_are_looked_up_once(database: Database, site: str) -> None:
    put(database, site, "page", "# Page\n\nApplications close in May.")
    memory = known.Memory()

    def asked(conn: Connection) -> dict[str, known.Word]:
        return memory.of(site, articles.version(conn, site)).words(conn, ["close", "aplication"], frozenset())

    first, again = database.read_now(asked), database.read_now(asked)

    assert [(word, hit.slip, len(hit.rows)) for word, hit in first.items()] == [
        ("close", False, 1),
        ("aplication", True, 1),
    ]
    assert all(again[word] is first[word] for word in first)
