from pathlib import Path

import pytest

from havana.knowledge import files, ingest
from havana.knowledge.search import Knowledge
from havana.storage.database import Database


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    (folder / "deeper").mkdir(parents=True)
    (folder / "parking.md").write_text("# Parking\n\nParking is free.\n")
    (folder / "deeper" / "meals.txt").write_text("Lunch costs five dollars.\n")
    (folder / "photo.png").write_bytes(b"\x89PNG")
    (folder / ".hidden.md").write_text("# Secret")
    return folder


def names(paths: list[str]) -> list[str]:
    return [Path(path).name for path in paths]


def test_a_folder_is_read_with_all_below_it(database: Database, site: str, folder: Path) -> None:
    report = ingest.add(database, site, [folder])

    assert names(report.added) == ["meals.txt", "parking.md"]
    assert (report.updated, report.unchanged, report.skipped) == ([], [], [])


def test_adding_the_same_again_changes_nothing(database: Database, site: str, folder: Path) -> None:
    ingest.add(database, site, [folder])
    report = ingest.add(database, site, [folder, folder / "parking.md"])

    assert names(report.unchanged) == ["meals.txt", "parking.md"]
    assert (report.added, report.updated) == ([], [])


async def test_a_changed_file_replaces_what_it_said(
    database: Database, knowledge: Knowledge, site: str, folder: Path
) -> None:
    ingest.add(database, site, [folder])
    (folder / "parking.md").write_text("# Parking\n\nA permit costs ten dollars.\n")
    report = ingest.add(database, site, [folder])

    assert names(report.updated) == ["parking.md"]
    assert await knowledge.search(site, "free") == []
    assert [passage.text for passage in await knowledge.search(site, "permit")] == ["A permit costs ten dollars."]


def test_broken_files_are_named_and_the_others_go_in(database: Database, site: str, folder: Path) -> None:
    (folder / "latin.md").write_bytes("Prüfung".encode("latin-1"))
    (folder / "empty.md").write_text("\n")
    (folder / "zeros.txt").write_text("a\0b")
    (folder / "large.txt").write_text("x" * (files.LARGEST + 1))
    report = ingest.add(database, site, [folder, folder / "photo.png", folder / "gone.md"])

    assert names(report.added) == ["meals.txt", "parking.md"]
    assert {Path(skipped.path).name: skipped.reason for skipped in report.skipped} == {
        "latin.md": "not text in UTF-8",
        "empty.md": "there is no text in it",
        "zeros.txt": "not text in UTF-8",
        "large.txt": "larger than 2 MB",
        "photo.png": "not a kind of file that can be read (.md, .markdown, .txt, .html, .htm can)",
        "gone.md": "no such file or directory",
    }


def test_an_article_whose_link_could_run_is_named_and_skipped(database: Database, site: str, folder: Path) -> None:
    (folder / "trap.md").write_text("---\nurl: javascript:alert(1)\n---\n# Trap\n\nWords.\n")
    report = ingest.add(database, site, [folder])

    assert [(Path(skipped.path).name, skipped.reason) for skipped in report.skipped] == [
        ("trap.md", "its url must begin with https://, not 'javascript:alert(1)'")
    ]
