"""What was added is read anew, and what is to go goes, with all that was kept of it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.knowledge.conftest import a_site
from tests.knowledge.web import Answer, Web, serving

from havana.knowledge import ingest, syncing
from havana.knowledge.ingest import Report, Skipped
from havana.knowledge.search import Knowledge
from havana.storage import articles, sources, vectors
from havana.storage.database import Database


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    (folder / "deeper").mkdir(parents=True)
    (folder / "parking.md").write_text("# Parking\n\nParking is free.\n")
    (folder / "deeper" / "meals.html").write_text("<title>Meals</title><p>Lunch costs five dollars.")
    return folder


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as web:
        yield web


def titles(database: Database, site: str) -> list[str]:
    return [article.title for article in database.read_now(lambda conn: articles.listed(conn, site))]


def rows(database: Database) -> list[int]:
    """How much is kept of articles: chunks, rows of the index, vectors."""

    def count(conn: sa.Connection) -> list[int]:
        names = ("chunks", "chunks_fts", "vectors")
        return [conn.execute(sa.select(sa.func.count()).select_from(sa.table(name))).scalar_one() for name in names]

    return database.read_now(count)


def test_what_has_not_changed_stays(database: Database, site: str, folder: Path) -> None:
    ingest.add(database, site, [folder])
    report = syncing.sync(database, site)

    assert len(report.unchanged) == 2
    assert (report.added, report.updated, report.removed, report.skipped) == ([], [], [], [])


def test_files_that_changed_came_or_went_are_as_they_are_now(database: Database, site: str, folder: Path) -> None:
    ingest.add(database, site, [folder])
    (folder / "parking.md").write_text("# Cars\n\nA permit costs ten dollars.\n")
    (folder / "deeper" / "meals.html").unlink()
    (folder / "fees.txt").write_text("Nothing is free.")
    report = syncing.sync(database, site)

    assert report == Report(
        added=[str(folder / "fees.txt")],
        updated=[str(folder / "parking.md")],
        removed=[str(folder / "deeper" / "meals.html")],
    )
    assert titles(database, site) == ["Cars", "Fees"]


def test_a_file_that_was_added_alone_brings_nothing_from_beside_it(database: Database, site: str, folder: Path) -> None:
    ingest.add(database, site, [folder / "parking.md"])
    syncing.sync(database, site)

    assert titles(database, site) == ["Parking"]


def test_a_folder_that_is_not_there_keeps_what_it_said(database: Database, site: str, folder: Path) -> None:
    ingest.add(database, site, [folder])
    folder.rename(folder.with_name("unmounted"))
    report = syncing.sync(database, site)

    assert report == Report(skipped=[Skipped(str(folder), "the folder is not there; what it said is kept")])
    assert titles(database, site) == ["Meals", "Parking"]


def test_a_file_that_cannot_be_read_now_keeps_what_it_said(database: Database, site: str, folder: Path) -> None:
    ingest.add(database, site, [folder])
    (folder / "parking.md").write_bytes(b"\xff\xfe\xfa")
    report = syncing.sync(database, site)

    assert report.skipped == [Skipped(str(folder / "parking.md"), "not text in UTF-8")]
    assert titles(database, site) == ["Meals", "Parking"]


def test_articles_that_were_written_here_are_left_alone(database: Database, site: str, folder: Path) -> None:
    database.write_now(lambda conn: ingest.put(conn, site, "written:1", "# Ours\n\nWritten here."))
    ingest.add(database, site, [folder])
    report = syncing.sync(database, site)
    syncing.remove(database, site, [str(folder)])

    assert report.removed == []
    assert titles(database, site) == ["Ours"]


def test_removing_a_folder_removes_all_that_came_from_it_and_nothing_else(
    database: Database, site: str, folder: Path
) -> None:
    beside = folder.with_name("articles-of-others")
    beside.mkdir()
    (beside / "other.md").write_text("# Other\n\nWords.")
    ingest.add(database, site, [folder, beside])
    second = a_site(database, "second")
    ingest.add(database, second, [folder])
    removed = syncing.remove(database, site, [str(folder)])

    assert removed.paths == [str(folder / "deeper" / "meals.html"), str(folder / "parking.md")]
    assert titles(database, site) == ["Other"]
    assert titles(database, second) == ["Meals", "Parking"]
    assert syncing.sync(database, site).added == []


def test_nothing_is_kept_of_what_was_removed(database: Database, site: str, folder: Path) -> None:
    ingest.add(database, site, [folder])
    missing = database.read_now(lambda conn: vectors.missing(conn, "a model", 100))
    database.write_now(lambda conn: vectors.store(conn, "a model", [(row, b"a vector") for row, _ in missing]))
    assert rows(database) == [2, 2, 2]
    syncing.remove(database, site, [str(folder / "parking.md")])

    assert rows(database) == [1, 1, 1]


def test_who_removes_what_a_folder_still_has_is_told(database: Database, site: str, folder: Path) -> None:
    ingest.add(database, site, [folder])
    removed = syncing.remove(database, site, [str(folder / "parking.md")])

    assert removed.coming_back == [(str(folder / "parking.md"), str(folder))]


def test_if_one_of_several_is_not_known_nothing_is_removed(database: Database, site: str, folder: Path) -> None:
    ingest.add(database, site, [folder])
    with pytest.raises(syncing.NothingThere, match="elsewhere"):
        syncing.remove(database, site, [str(folder), "elsewhere"])

    assert titles(database, site) == ["Meals", "Parking"]


async def test_a_page_is_an_article_whose_passages_lead_to_its_headings(
    database: Database, knowledge: Knowledge, site: str, web: Web
) -> None:
    url = web.put("/fees", "<title>Fees</title><p>Money.<h2 id=late>Late</h2><p>Double the price.")
    report = await asyncio.to_thread(ingest.add, database, site, [url], fetch=web.fetch)

    assert report == Report(added=[url])
    assert [(found.title, found.heading, found.url) for found in await knowledge.search(site, "double")] == [
        ("Fees", "Late", f"{url}#late")
    ]


async def test_a_page_of_markdown_leads_to_itself(
    database: Database, knowledge: Knowledge, site: str, web: Web
) -> None:
    web.pages["/raw.md"] = Answer(b"# Fees\n\n## Late\n\nDouble the price.", kind="text/markdown")
    await asyncio.to_thread(ingest.add, database, site, [f"{web.base}/raw.md#late"], fetch=web.fetch)
    (found,) = await knowledge.search(site, "double")

    assert (found.title, found.heading, found.url) == ("Fees", "Late", f"{web.base}/raw.md")


def test_pages_are_asked_whether_they_have_changed(database: Database, site: str, web: Web) -> None:
    same = web.put("/same", "<p>Old words", ETag='"1"')
    other = web.put("/other", "<p>Old words", ETag='"1"')
    ingest.add(database, site, [same, other], fetch=web.fetch)
    web.put("/other", "<p>New words", ETag='"2"')
    report = syncing.sync(database, site, fetch=web.fetch)

    assert report == Report(updated=[other], unchanged=[same])
    assert [asked.get("if-none-match") for asked in web.asked] == [None, None, '"1"', '"1"']
    syncing.sync(database, site, fetch=web.fetch)
    assert [asked.get("if-none-match") for asked in web.asked[4:]] == ['"2"', '"1"']


def test_a_page_that_cannot_be_read_now_is_named_and_keeps_what_it_said(
    database: Database, site: str, web: Web
) -> None:
    url = web.put("/fees", "<title>Fees</title><p>Money.")
    gone = f"{web.base}/gone"
    report = ingest.add(database, site, [url, gone], fetch=web.fetch)
    assert report == Report(added=[url], skipped=[Skipped(gone, "it answers 404 Not Found")])
    web.pages["/fees"] = Answer(status=503)
    report = syncing.sync(database, site, fetch=web.fetch)

    assert report == Report(skipped=[Skipped(url, "it answers 503 Service Unavailable")])
    assert titles(database, site) == ["Fees"]


def test_a_page_that_was_removed_is_fetched_no_more(database: Database, site: str, web: Web) -> None:
    url = web.put("/fees", "<p>Money.")
    ingest.add(database, site, [url], fetch=web.fetch)
    syncing.remove(database, site, [f"{url}#late"])

    assert syncing.sync(database, site, fetch=web.fetch) == Report()
    assert database.read_now(lambda conn: sources.of_site(conn, site)) == []


def test_whoever_waits_hears_how_far_it_is(database: Database, site: str, folder: Path) -> None:
    heard: list[tuple[int, int]] = []
    ingest.add(database, site, [folder], lambda done, total: heard.append((done, total)))

    assert heard == [(0, 2), (1, 2), (2, 2)]
