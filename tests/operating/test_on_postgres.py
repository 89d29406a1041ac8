"""The command line where the database is on a PostgreSQL server."""

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.ports import free_port
from tests.postgres import Server

from havana.cli import run

DEMO = Path(__file__).resolve().parents[2] / "demo"


@pytest.fixture
def url(postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty working directory, and the address of a database in the settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HAVANA_DATABASE_URL", postgres_url)
    return postgres_url


def out(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command says that succeeds."""
    assert run(arguments) == 0
    return capsys.readouterr().out


def test_every_command_works_there_and_leaves_the_data_folder_alone(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    shown = url.replace(":secret", "")
    assert out(capsys, "migrate") == f"{shown} is up to date.\n"
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse\n"))
    assert out(capsys, "agent", "add", "ana@example.com", "--name", "Ana", "--password-stdin").startswith("Added Ana")
    assert "/console/sign-in#" in out(capsys, "agent", "sign-in-link", "ana@example.com")
    assert out(capsys, "site", "apply", str(DEMO / "site.toml")).endswith("is set.\n")
    assert re.search(r": \d+ added, 0 updated, 0 unchanged\.", out(capsys, "knowledge", "add", str(DEMO / "articles")))
    assert re.search(r": 0 added, 0 updated, \d+ unch", out(capsys, "knowledge", "add", str(DEMO / "articles")))
    assert out(capsys, "rebuild") == "Every conversation is as its log says.\n"
    assert out(capsys, "agent", "remove", "ana@example.com") == "Removed Ana (ana@example.com).\n"

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["backup", "saved.db"], ["restore", __file__]])
def test_a_backup_is_the_servers_business(url: str, capsys: pytest.CaptureFixture[str], arguments: list[str]):
    assert run(arguments) == 1
    assert re.fullmatch(
        r"havana: The database is on a PostgreSQL server .*Use pg_\w+ there\.\n", capsys.readouterr().err
    )


def test_the_doctor_looks_at_the_server_instead_of_the_disk(url: str, capsys: pytest.CaptureFixture[str]):
    run(["doctor"])
    said = capsys.readouterr().out

    assert "ok       database: at revision" in said
    assert "SQLite" not in said
    assert "file system" not in said


def test_the_doctor_says_what_is_wrong_with_the_address(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HAVANA_DATABASE_URL", url.replace("/test_", "/nowhere_"))

    assert run(["doctor"]) == 1
    assert re.search(r'problem  database: .* cannot be used: database "nowhere_\d+" does not', capsys.readouterr().out)


def test_a_database_that_cannot_be_reached_is_one_line(url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HAVANA_DATABASE_URL", f"postgresql://havana:secret@127.0.0.1:{free_port()}/havana")
    ended = subprocess.run(
        [sys.executable, "-m", "havana.cli", "migrate"], check=False, capture_output=True, text=True, timeout=60
    )

    assert (ended.returncode, ended.stdout) == (1, "")
    assert re.fullmatch(r"havana: postgresql://havana@127\.0\.0\.1:\d+/havana cannot be used: .*\n", ended.stderr)


@pytest.mark.slow
def test_a_second_server_is_refused_and_after_a_stop_the_next_one_starts_at_once(url: str, postgres_server: Server):
    command = [sys.executable, "-m", "havana.cli", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert any("Visitor's page" in line for line in first.stdout)
        second = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
        first.terminate()
    nodes = postgres_server.sql("SELECT FROM nodes", url)

    assert second.returncode == 1
    assert re.fullmatch(
        r"havana: Another havana serve is using postgresql://\S+ \(.*, process \d+\)\. Stop it, .*",
        second.stderr.splitlines()[-1],
    )
    assert nodes == []
