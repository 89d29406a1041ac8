"""`havana knowledge …` as people and scripts use it."""

import io
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from havana.cli import progress, run
from havana.cli.common import now
from havana.cli.progress import shown
from havana.knowledge import ingest, meaning
from havana.storage.opening import open_database
from havana.storage.sites import ensure_default


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """In a folder with two articles, without a sentence model."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(meaning, "installed", lambda: None)
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "fees.md").write_text("# Fees\n\nWelding costs 100.\n\n## Late\n\nMore.\n")
    (tmp_path / "articles" / "rooms.html").write_text("<title>Our rooms</title><p>Cheap.")
    return tmp_path


Said = Callable[..., tuple[int, str, str]]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """Runs a command; tells its exit code and what it said on both channels."""

    def command(*arguments: str) -> tuple[int, str, str]:
        code = run(["knowledge", *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return command


def written_here(text: str) -> None:
    database = open_database(Path("data"), None)
    site = database.write_now(lambda conn: ensure_default(conn, now()))
    database.write_now(lambda conn: ingest.put(conn, site.id, "written:1", text))
    database.close_now()


def test_the_articles_are_a_table(said: Said, at_home: Path) -> None:
    said("add", "articles")
    written_here("# By hand\n\nWords.")
    code, out, err = said("list")
    lines = [re.split(r"\s{2,}", line) for line in out.splitlines()]

    assert (code, err) == (0, "")
    assert [line[:3] for line in lines] == [
        ["TITLE", "FROM", "PASSAGES"],
        ["By hand", "written here", "1"],
        ["Fees", f"{at_home}/articles/fees.md", "2"],
        ["Our rooms", f"{at_home}/articles/rooms.html", "1"],
    ]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", line[3]) for line in lines[1:])


def test_the_articles_are_json_for_programs(said: Said, at_home: Path) -> None:
    assert said("list", "--json")[1] == "[]\n"
    said("add", "articles/fees.md")
    (row,) = json.loads(said("list", "--json")[1])

    assert row.pop("updated_at").endswith("Z")
    assert row == {"title": "Fees", "from": f"{at_home}/articles/fees.md", "url": None, "passages": 2}


def test_who_has_no_articles_is_told_how_to_get_some(said: Said) -> None:
    assert said("list") == (0, "Havana has no articles. Add some with: havana knowledge add PATH-or-URL…\n", "")


def test_sync_says_what_became_of_what_was_added(said: Said, at_home: Path) -> None:
    said("add", "articles")
    (at_home / "articles" / "fees.md").unlink()
    (at_home / "articles" / "new.txt").write_text("Words.")

    assert said("sync") == (0, "Havana: 1 added, 0 updated, 1 unchanged, 1 removed.\n", "")


def test_an_article_is_removed_by_where_it_came_from(said: Said, at_home: Path) -> None:
    said("add", "articles")
    code, out, err = said("remove", "articles/fees.md")

    assert (code, out) == (0, "Havana: 1 removed.\n")
    assert f"fees.md is still in {at_home}/articles, which was added" in err
    assert said("remove", "articles") == (0, "Havana: 1 removed.\n", "")


def test_what_was_never_added_cannot_be_removed(said: Said) -> None:
    line = "havana: No article came from articles/gone.md. See all with: havana knowledge list\n"

    assert said("remove", "articles/gone.md") == (1, "", line)
    assert said("remove", "https://example.com/")[0] == 1


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("http://127.0.0.1/", "127.0.0.1 is at 127.0.0.1, which is not a public address"),
        ("http://localhost:8000/", "pages are read from ports 80 and 443 only"),
        ("https://ana:secret@example.com/", "its address must not hold a name or a password"),
    ],
)
def test_a_page_that_is_not_read_is_named_and_the_rest_goes_in(said: Said, place: str, why: str) -> None:
    code, out, err = said("add", place, "articles")

    assert (code, out) == (1, "Havana: 2 added, 0 updated, 0 unchanged.\n")
    assert err.splitlines()[0].endswith(why)
    assert "secret" not in err


def test_other_kinds_of_addresses_are_a_usage_error(said: Said) -> None:
    code, _, err = said("add", "ftp://example.com/fees.md")

    assert code == 2
    assert "https://" in err


def test_a_long_import_says_now_and_then_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    times = iter([0.0, 1.0, 6.0, 6.0, 7.0, 12.0, 12.0])
    with shown("Reading", lambda: next(times)) as tell:
        for done in (1, 2000, 3000, 4000):
            tell(done, 10_000)

    assert capsys.readouterr().err == "Reading: 2,000 of 10,000\nReading: 4,000 of 10,000\n"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_a_bar_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress.shown("Reading") as tell:
        for done in range(5):
            tell(done, 4)

    assert "Reading  [####################################]  4/4" in terminal.getvalue()
