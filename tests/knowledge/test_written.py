"""Articles that are written in the console are articles like all others."""

import datetime as dt

import pytest

from havana.knowledge import ingest, written
from havana.knowledge.chunk import cut
from havana.knowledge.search import Knowledge
from havana.knowledge.written import Draft, compose, take_apart
from havana.storage import written as stored
from havana.storage.database import Database

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
PARKING = Draft(
    "Parking: where, and what it costs",
    "Behind the workshop.\n\n---\n\n## Price\n\nFree of charge.",
    ("Where can I leave my car?", "Is parking free: yes or no?"),
    "https://example.com/parking",
)


@pytest.mark.parametrize("draft", [PARKING, Draft("Pizza", "We have none."), Draft("a", "---\ntitle: b\n---")])
def test_what_was_composed_can_be_taken_apart(draft: Draft):
    taken = take_apart(compose(draft))

    assert Draft(taken.title, taken.text, tuple(taken.questions), taken.url) == draft


def test_it_is_cut_like_any_other():
    document = cut(compose(PARKING), "written")

    assert (document.title, document.url) == (PARKING.title, PARKING.url)
    assert document.chunks[0].questions == PARKING.questions
    assert [chunk.heading for chunk in document.chunks] == ["", "Price"]


async def test_it_is_found_by_its_questions_until_it_is_removed(database: Database, knowledge: Knowledge, site: str):
    def save() -> stored.Written:
        return database.write_now(lambda conn: written.save(conn, site, "a1", PARKING, [], "nobody", NOW))

    save()
    article = save()
    assert (article.id, article.site, article.title, article.by) == ("a1", site, PARKING.title, None)
    assert len(database.read_now(stored.every)) == 1
    assert [found.heading for found in await knowledge.search(site, "leave my car")] == [""]

    database.write_now(lambda conn: written.remove(conn, article))
    assert await knowledge.search(site, "leave my car") == []
    assert database.read_now(lambda conn: stored.find(conn, "a1")) is None


def test_only_what_was_written_here_is_listed(database: Database, site: str):
    database.write_now(lambda conn: ingest.put(conn, site, "/articles/pizza.md", "# Pizza\n\nWe have none."))
    database.write_now(lambda conn: written.save(conn, site, "a1", PARKING, [], "nobody", NOW))

    listed = database.read_now(stored.every)
    assert [(article.id, article.source) for article in listed] == [("a1", "")]
    assert database.read_now(lambda conn: stored.find(conn, "/articles/pizza.md")) is None
