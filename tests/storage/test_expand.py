"""Expand, then contract: what the release before sends, while it runs beside this one, works on this one's schema."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.storage.record import FOLDER, read, replay

from havana.storage import comparing
from havana.storage.database import Database
from havana.storage.dialects import POSTGRESQL
from havana.storage.opening import open_database

DIALECTS = ("sqlite", POSTGRESQL)
RECORDINGS = sorted(FOLDER.glob("*.jsonl"))
SINCE = {
    "vectors": "0005",
    "sources": "0006",
    "spending": "0007",
    "questions": "0009",
    "canned_answers": "0012",
    "outcomes": "0015",
    "handovers": "0015",
    "counted": "0015",
    "audit": "0016",
    "mails": "0018",
    "visitor_contexts": "0020",
    "visitor_details": "0020",
    "teams": "0019",
    "team_members": "0019",
}
"""Tables that came after the first recording, by the revision from which on there is one."""


class RolledBack(Exception):
    pass


def rolled_back(database: Database, recording: Path, change: str = "") -> int:
    """Runs a recording on this release's schema with one more change, and leaves nothing of it; tells how much ran."""
    runs = 0

    def work(conn: sa.Connection) -> None:
        nonlocal runs
        if change:
            conn.exec_driver_sql(change)
        runs = replay(conn, recording.read_bytes())
        raise RolledBack

    with pytest.raises(RolledBack):
        database.write_now(work)
    return runs


@pytest.fixture
def recordings(database_url: str | None) -> list[Path]:
    """Of the database that the test is about."""
    dialect = DIALECTS[database_url is not None]
    return [path for path in RECORDINGS if path.name.split(".")[1] == dialect]


def test_every_statement_of_an_older_release_works_on_the_schema_of_this_one(
    tmp_path: Path, database_url: str | None, recordings: list[Path]
):
    database = open_database(tmp_path, database_url)
    runs = [rolled_back(database, recording) for recording in recordings]
    database.close_now()

    assert runs
    assert min(runs) > 200


def test_a_recording_speaks_of_every_table(recordings: list[Path]):
    for recording in recordings:
        said = " ".join({statement for statement, _ in read(recording.read_bytes())})
        revision = recording.name.split(".")[0]
        tables = [table.name for table in comparing.TABLES if SINCE.get(table.name, "") <= revision] + ["chunks_fts"]

        assert [name for name in tables if f" {name}" not in said] == [], recording.name


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("ALTER TABLE conversations RENAME COLUMN preview TO last_words", "preview"),
        ("ALTER TABLE marks DROP COLUMN messages", "messages"),
        ("DROP TABLE drafts", "drafts"),
        ("ALTER TABLE jobs ADD COLUMN owner VARCHAR(36) NOT NULL {}", "owner"),
    ],
)
def test_a_change_that_only_contracts_is_noticed(
    tmp_path: Path, database_url: str | None, recordings: list[Path], change: str, why: str
):
    # SQLite wants a default for the rows that are there, though it has none of them.
    change = change.format("" if database_url else "DEFAULT NULL")
    database = open_database(tmp_path, database_url)
    with pytest.raises(AssertionError, match=why):
        rolled_back(database, recordings[-1], change)
    database.close_now()


@pytest.mark.parametrize(
    "change",
    ["ALTER TABLE jobs ADD COLUMN owner VARCHAR(36)", "ALTER TABLE marks ADD COLUMN seen INTEGER NOT NULL DEFAULT 0"],
)
def test_a_change_that_expands_is_none(tmp_path: Path, database_url: str | None, recordings: list[Path], change: str):
    database = open_database(tmp_path, database_url)
    assert rolled_back(database, recordings[-1], change) > 200
    database.close_now()


def test_a_release_is_recorded_on_both_databases():
    of = {dialect: {path.name.split(".")[0] for path in RECORDINGS if dialect in path.name} for dialect in DIALECTS}

    assert of["sqlite"] == of[POSTGRESQL] != set()
