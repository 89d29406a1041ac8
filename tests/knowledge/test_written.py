"""Articles that are written in the console are articles like all others."""

import asyncio
import datetime as dt
from pathlib import Path

import pytest

from havana.knowledge import ingest, written
from havana.knowledge.chunk import cut
from havana.knowledge.search import Knowledge
from havana.knowledge.written import Draft, compose, take_apart
from havana.storage import written as stored
from havana.storage.database import Connection, Database
from havana.storage.opening import open_database
from havana.storage.versions import Outdated

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
PIZZA, PASTA = Draft("Pizza", "We have none."), Draft("Pizza", "We have pasta.")
PARKING = Draft(
    "Parking: where, and what it costs",
    "Behind the workshop.\n\n---\n\n## Price\n\nFree of charge.",
    ("Where can I leave my car?", "Is parking free: yes or no?"),
    "https://example.com/parking",
)


def save(conn: Connection, site: str, draft: Draft, version: str | None, id: str = "a1") -> stored.Written:
    return written.save(conn, site, id, draft, [], "nobody", NOW, version)


@pytest.mark.parametrize("draft", [PARKING, PIZZA, Draft("a", "---\ntitle: b\n---")])
def test_what_was_composed_can_be_taken_apart(draft: Draft):
    taken = take_apart(compose(draft))

    assert Draft(taken.title, taken.text, tuple(taken.questions), taken.url) == draft


def test_it_is_cut_like_any_other():
    document = cut(compose(PARKING), "written")

    assert (document.title, document.url) == (PARKING.title, PARKING.url)
    assert document.chunks[0].questions == PARKING.questions
    assert [chunk.heading for chunk in document.chunks] == ["", "Price"]


async def test_it_is_found_by_its_questions_until_it_is_removed(database: Database, knowledge: Knowledge, site: str):
    article = database.write_now(lambda conn: save(conn, site, PARKING, None))
    assert (article.id, article.site, article.title, article.by) == ("a1", site, PARKING.title, None)
    assert len(database.read_now(stored.every)) == 1
    assert [found.heading for found in await knowledge.search(site, "leave my car")] == [""]

    database.write_now(lambda conn: written.remove(conn, article, article.version))
    assert await knowledge.search(site, "leave my car") == []
    assert database.read_now(lambda conn: stored.find(conn, "a1")) is None


async def test_the_words_that_it_is_found_by_are_in_nothing_that_anybody_reads(
    database: Database, knowledge: Knowledge, site: str
):
    private = Draft("Pizza", "We have none.", ("I am Rosa Diaz, rosa@example.com: do you sell pizza?",))
    database.write_now(lambda conn: save(conn, site, private, None))

    [passage] = await knowledge.search(site, "Rosa Diaz rosa@example.com")
    assert (passage.title, passage.heading, passage.url, passage.text) == ("Pizza", "", None, "We have none.")


def test_only_what_was_written_here_is_listed(database: Database, site: str):
    database.write_now(lambda conn: ingest.put(conn, site, "/articles/pizza.md", "# Pizza\n\nWe have none."))
    database.write_now(lambda conn: save(conn, site, PARKING, None))

    listed = database.read_now(stored.every)
    assert [(article.id, article.source) for article in listed] == [("a1", "")]
    assert database.read_now(lambda conn: stored.find(conn, "/articles/pizza.md")) is None


def test_each_change_makes_another_version_and_what_is_saved_again_makes_none(database: Database, site: str):
    first = database.write_now(lambda conn: save(conn, site, PIZZA, None))
    again = database.write_now(lambda conn: save(conn, site, PIZZA, None))
    changed = database.write_now(lambda conn: save(conn, site, PASTA, first.version))
    repeated = database.write_now(lambda conn: save(conn, site, PASTA, first.version))

    assert again == first
    assert repeated == changed
    assert changed.version != first.version


def test_what_somebody_else_has_changed_meanwhile_is_neither_overwritten_nor_removed(database: Database, site: str):
    first = database.write_now(lambda conn: save(conn, site, PIZZA, None))
    second = database.write_now(lambda conn: save(conn, site, PASTA, first.version))

    for version in (first.version, None, "nonsense"):
        with pytest.raises(Outdated) as refused:
            database.write_now(lambda conn, version=version: save(conn, site, PARKING, version))
        assert refused.value.newest == second
    with pytest.raises(Outdated):
        database.write_now(lambda conn: written.remove(conn, first, first.version))
    assert database.read_now(lambda conn: stored.find(conn, "a1")) == second


def test_what_was_removed_meanwhile_does_not_come_back_unasked(database: Database, site: str):
    first = database.write_now(lambda conn: save(conn, site, PIZZA, None))
    database.write_now(lambda conn: written.remove(conn, first, first.version))

    with pytest.raises(Outdated) as refused:
        database.write_now(lambda conn: save(conn, site, PASTA, first.version))
    assert refused.value.newest is None
    assert database.write_now(lambda conn: save(conn, site, PASTA, None)).source == compose(PASTA)


@pytest.mark.parametrize("begun", [True, False], ids=["changed", "new"])
async def test_of_two_servers_that_save_at_the_same_moment_one_is_refused(
    tmp_path: Path, database: Database, database_url: str | None, site: str, begun: bool
):
    """A command beside the server is what a second node is on SQLite."""
    version = (await database.write(lambda conn: save(conn, site, PIZZA, None))).version if begun else None
    other = open_database(tmp_path / "data", database_url)

    drafts = [Draft("Pizza", f"Number {number}.") for number in range(10)]
    writers = [
        database.write(lambda conn, draft=draft: save(conn, site, draft, version), of=draft.text)
        if number % 2
        else asyncio.to_thread(other.write_now, lambda conn, draft=draft: save(conn, site, draft, version))
        for number, draft in enumerate(drafts)
    ]
    results = await asyncio.gather(*writers, return_exceptions=True)
    other.close_now()

    saved = [result for result in results if isinstance(result, stored.Written)]
    assert len(saved) == 1, results
    assert sum(isinstance(result, Outdated) for result in results) == len(drafts) - 1
    assert database.read_now(lambda conn: stored.find(conn, "a1")) == saved[0]
