"""A copy while the database is written to, and the way back without a trap for anybody who saw more."""

import asyncio
import datetime as dt
import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.jobs import KINDS

from havana.storage import jobs, tables
from havana.storage.backup import Exists, NotABackup, Saved, backup, restore
from havana.storage.sqlite import FILE, LOCK, SqliteDatabase
from havana.storage.tables import metadata
from havana.storage.trouble import DatabaseInUse, DatabaseNewer, Unusable

from .named import insert, names

NOW = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
KEPT = f"{FILE}.before-restore-20260102T030405Z"


def content(data: Path) -> set[str]:
    database = SqliteDatabase.open(data)
    try:
        return database.read_now(names)
    finally:
        database.close_now()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with a database in which one name is stored."""
    folder = tmp_path / "data"
    database = SqliteDatabase.open(folder)
    database.write_now(insert("first"))
    database.close_now()
    return folder


def test_a_backup_is_one_file_for_its_owner_only_and_holds_everything(data: Path, tmp_path: Path):
    file = tmp_path / "backup"
    saved = backup(data, file)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup", "data"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert saved == Saved(file.stat().st_size, newest=None)
    restore(file, tmp_path / "other", NOW)
    assert content(tmp_path / "other") == {"first"}


async def test_a_backup_of_a_database_that_is_being_written_to_holds_one_moment_of_it(tmp_path: Path):
    server = SqliteDatabase.open(tmp_path / "data", serving=True)
    copying = True
    written = 0

    def pair(number: int) -> Callable[[sa.Connection], object]:
        return lambda conn: [insert(f"{half}{number}")(conn) for half in ("left", "right")]

    async def write_on() -> None:
        nonlocal written
        while copying:
            await server.write(pair(written))
            written += 1

    writing = asyncio.create_task(write_on())
    for number in range(5):
        await asyncio.to_thread(backup, tmp_path / "data", tmp_path / f"{number}")
    copying = False
    await writing
    await server.close()

    for number in range(5):
        restore(tmp_path / f"{number}", tmp_path / f"data{number}", NOW)
        found = content(tmp_path / f"data{number}")
        lefts = {name.removeprefix("left") for name in found if name.startswith("left")}
        assert lefts == {name.removeprefix("right") for name in found if name.startswith("right")}
        assert lefts == {str(n) for n in range(len(lefts))}
    assert written > 0


def test_a_backup_replaces_nothing_unless_it_is_told_to(data: Path, tmp_path: Path):
    (tmp_path / "backup").write_text("dear")

    with pytest.raises(Exists, match="--force"):
        backup(data, tmp_path / "backup")
    assert (tmp_path / "backup").read_text() == "dear"
    backup(data, tmp_path / "backup", force=True)
    assert (tmp_path / "backup").read_bytes().startswith(b"SQLite format 3")


def test_a_damaged_database_never_replaces_a_good_backup(data: Path, tmp_path: Path):
    backup(data, tmp_path / "backup")
    good = (tmp_path / "backup").read_bytes()
    _damage(data / FILE)

    with pytest.raises(Unusable):
        backup(data, tmp_path / "backup", force=True)
    assert (tmp_path / "backup").read_bytes() == good
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup", "data"]


@pytest.mark.parametrize(("folder", "file"), [("nowhere", "backup"), ("data", "nowhere/backup")])
def test_a_backup_of_nothing_or_to_nowhere_says_so(data: Path, tmp_path: Path, folder: str, file: str):
    with pytest.raises(Unusable, match=r"There is no .*nowhere"):
        backup(tmp_path / folder, tmp_path / file)


def test_what_a_restore_replaces_is_kept_with_all_that_was_stored_in_it(data: Path, tmp_path: Path):
    backup(data, tmp_path / "backup")
    server = SqliteDatabase.open(data, serving=True)
    server.write_now(insert("second"))
    # As a server leaves it that is killed: the last words are in the log beside the file.
    shutil.copytree(data, tmp_path / "killed")
    server.close_now()

    saved = restore(tmp_path / "backup", tmp_path / "killed", NOW, force=True)

    assert saved.kept == tmp_path / "killed" / KEPT
    assert content(tmp_path / "killed") == {"first"}
    (tmp_path / "before").mkdir()
    for suffix in ("", "-wal"):
        shutil.copy(tmp_path / "killed" / (KEPT + suffix), tmp_path / "before" / (FILE + suffix))
    assert content(tmp_path / "before") == {"first", "second"}


def test_two_restores_within_a_second_keep_both(data: Path, tmp_path: Path):
    backup(data, tmp_path / "backup")

    kept = [restore(tmp_path / "backup", data, NOW, force=True).kept for _ in range(2)]

    assert kept == [data / KEPT, data / f"{KEPT}-2"]


def test_a_folder_with_a_database_or_a_server_is_left_alone(data: Path, tmp_path: Path):
    backup(data, tmp_path / "backup")
    before = (data / FILE).read_bytes()

    with pytest.raises(Exists, match="--force"):
        restore(tmp_path / "backup", data, NOW)
    assert (data / FILE).read_bytes() == before
    server = SqliteDatabase.open(data, serving=True)
    with pytest.raises(DatabaseInUse, match="Stop it"):
        restore(tmp_path / "backup", data, NOW, force=True)
    server.close_now()


def test_after_a_restore_nobody_holds_a_job_and_nobody_is_signed_in(data: Path, tmp_path: Path):
    database = SqliteDatabase.open(data)
    with database._transaction() as conn:
        jobs.want(conn, "remind", "c", NOW)
        jobs.lease(conn, KINDS, NOW, NOW + dt.timedelta(days=9), 1)
        agent = {"id": "ana", "email": "ana@example.com", "name": "Ana", "role": "agent", "created_at": NOW}
        conn.execute(tables.agents.insert().values(agent))
        conn.execute(tables.sessions.insert().values(id="s", agent_id="ana", created_at=NOW, expires_at=NOW))
        conn.execute(tables.live_tokens.insert().values(id="t", session_id="s", expires_at=NOW))
        conn.execute(tables.sign_in_links.insert().values(id="l", agent_id="ana", expires_at=NOW))
    database.close_now()
    backup(data, tmp_path / "backup")
    restore(tmp_path / "backup", tmp_path / "other", NOW)

    database = SqliteDatabase.open(tmp_path / "other")
    with database._engine.connect() as conn:
        counts = {t.name: conn.execute(sa.select(sa.func.count()).select_from(t)).scalar() for t in _some_tables()}
        assert counts == {"agents": 1, "sessions": 0, "live_tokens": 0, "sign_in_links": 0, "jobs": 1}
        assert [job.subject for job in jobs.lease(conn, KINDS, NOW, NOW, 1)] == ["c"]
    database.close_now()


@pytest.mark.parametrize("fault", ["text", "empty", "foreign", "cut", "flipped"])
def test_what_is_no_whole_backup_is_refused_and_nothing_is_changed(data: Path, tmp_path: Path, fault: str):
    file = tmp_path / "backup"
    backup(data, file)
    match fault:
        case "text":
            file.write_text("Dear diary, " * 100)
        case "empty":
            file.write_bytes(b"")
        case "foreign":
            file.unlink()
            with sqlite3.connect(file) as other:
                other.execute("CREATE TABLE recipes (name)")
            other.close()
        case "cut":
            file.write_bytes(file.read_bytes()[:60_000])
        case _:
            _damage(file)

    with pytest.raises(NotABackup, match="backup") as refused:
        restore(file, data, NOW, force=True)
    assert "\n" not in str(refused.value)
    assert content(data) == {"first"}
    assert not [path.name for path in data.iterdir() if path.name.endswith(".part") or "before" in path.name]


def test_a_backup_of_a_newer_release_is_refused(data: Path, tmp_path: Path):
    backup(data, tmp_path / "backup")
    with sqlite3.connect(tmp_path / "backup") as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.close()

    with pytest.raises(DatabaseNewer, match="revision 9999"):
        restore(tmp_path / "backup", tmp_path / "other", NOW)
    assert not (tmp_path / "other" / FILE).exists()


def _damage(file: Path) -> None:
    """Overwrites a page in the middle."""
    with file.open("r+b") as opened:
        opened.seek(5 * 4096)
        opened.write(b"\xff" * 4096 * 8)


def _some_tables() -> list[sa.Table]:
    return [metadata.tables[name] for name in ("agents", "sessions", "live_tokens", "sign_in_links", "jobs")]


def test_a_restore_that_fails_at_the_last_moment_leaves_the_folder_as_it_was(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    backup(data, tmp_path / "backup")
    before = sorted(path.name for path in data.iterdir())

    def no_room(_self: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", no_room)
        with pytest.raises(OSError, match="No space left"):
            restore(tmp_path / "backup", data, NOW, force=True)

    assert sorted(path.name for path in data.iterdir()) == sorted({*before, LOCK})
    assert content(data) == {"first"}


def test_no_empty_database_takes_the_place_of_one_that_a_restore_has_put_aside(data: Path):
    """As after a power cut between the two renames."""
    (data / FILE).rename(data / KEPT)

    with pytest.raises(Unusable, match=rf"did not end. Run it again, or rename {re.escape(KEPT)}\* to {FILE}\*"):
        SqliteDatabase.open(data)
    assert not (data / FILE).exists()
