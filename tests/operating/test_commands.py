"""Backup, restore, doctor, and a damaged database, on the command line."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.ports import free_port
from tests.stories.test_restart import serving

from havana.cli import run
from havana.storage.sqlite import FILE, SqliteDatabase

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.usefixtures("at_home")


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty working directory, so that relative names are short."""
    monkeypatch.chdir(tmp_path)


def test_a_backup_and_its_way_back_each_say_what_they_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["migrate"]) == 0
    capsys.readouterr()

    assert run(["backup", "saved.db"]) == 0
    assert re.fullmatch(r"Saved 0\.\d MB to saved\.db; there is no message in it yet\.\n", capsys.readouterr().out)
    assert run(["backup", "saved.db"]) == 1
    assert capsys.readouterr().err == ("havana: saved.db exists. Choose another name, or replace it with --force.\n")
    assert run(["restore", "saved.db"]) == 1
    assert capsys.readouterr().err == (
        "havana: data/havana.db exists. With --force it is kept under another name, and replaced.\n"
    )
    assert run(["restore", "saved.db", "--force"]) == 0
    [restored, kept] = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"Restored 0\.\d MB to data; there is no message in it yet\.", restored)
    assert Path(kept.removeprefix("What was there is kept as ")).is_file()
    assert run(["restore", "saved.db", "--data", "other"]) == 0


@pytest.mark.parametrize(
    "arguments", [["serve", "--port", "0"], ["migrate"], ["agent", "sign-in-link", "ana@example.com"]]
)
def test_on_a_damaged_database_every_command_says_in_one_line_what_to_do(tmp_path: Path, arguments: list[str]):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / FILE).write_text("Dear diary, " * 1000)

    ended = subprocess.run(
        [sys.executable, "-m", "havana.cli", *arguments], check=False, capture_output=True, text=True, timeout=60
    )

    assert ended.returncode == 1
    assert ended.stderr == (
        "havana: data/havana.db is damaged (file is not a database). Stop the server and restore a backup: "
        "havana restore FILE --data data --force\n"
    )
    assert ended.stdout == ""


def test_a_healthy_machine_without_a_server_has_no_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["doctor"]) == 0
    said = capsys.readouterr()

    assert said.err == ""
    assert "ok       database: there is none yet; the first start makes it\n" in said.out
    assert "warning  server: none is running on this data\n         Start one with: havana serve\n" in said.out
    assert list(tmp_path.iterdir()) == []


def test_a_problem_is_said_with_its_remedy_and_ends_with_code_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / FILE).write_text("Dear diary, " * 1000)

    assert run(["doctor"]) == 1
    said = capsys.readouterr()
    assert (
        "problem  database: cannot be read: file is not a database\n"
        "         Stop the server, then: havana restore FILE --force\n"
    ) in said.out
    assert re.fullmatch(r"havana: 1 problem, \w+ warnings?\.\n", said.err)


@pytest.mark.parametrize("url", ["chat.example.com", "https://chat.example.com/chat", "ftp://chat.example.com"])
def test_a_wrong_address_is_a_usage_error(url: str, capsys: pytest.CaptureFixture[str]):
    assert run(["doctor", "--url", url]) == 2
    assert "--url must be an address like https://x.example, without a path" in capsys.readouterr().err


@pytest.mark.slow
async def test_beside_a_running_server_the_doctor_goes_all_the_way_and_a_backup_is_made(tmp_path: Path):
    async with serving(tmp_path / "data", free_port()) as server:
        doctor = await _beside("doctor")
        backup = await _beside("backup", "saved.db")
        restore = await _beside("restore", "saved.db", "--force")
        assert server.returncode is None

    assert "ok       server: is running on this data\n" in doctor
    assert "leads to a Havana\n" in doctor
    assert "ok       readiness: messages can be stored\n" in doctor
    assert "ok       WebSockets: pass in both directions\n" in doctor
    documented = (ROOT / "docs" / "operating.md").read_text()
    subjects = re.findall(r"^(?:ok|warning|problem) +([^:]+):", doctor, re.MULTILINE)
    assert len(subjects) == 12
    assert [subject for subject in subjects if f"\n| {subject} |" not in documented] == []
    assert backup.startswith("Saved")
    assert restore == (
        "havana: Another havana serve is using data. Stop it, or give this one its own folder with --data.\n"
    )
    database = SqliteDatabase.open(tmp_path / "data", serving=True)
    database.close_now()


async def _beside(*arguments: str) -> str:
    """What a command says, in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "havana.cli", *arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    said, _ = await process.communicate()
    return said.decode()
