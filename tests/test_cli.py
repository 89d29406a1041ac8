"""The command line: what it does, what it says, and with which exit code it ends."""

import datetime as dt
import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from havana.cli import run
from havana.storage import sites, spending, staff, tables
from havana.storage.database import Database
from havana.storage.sqlite import SqliteDatabase

DEMO = Path(__file__).parent.parent / "demo"

TOOL = 'key = "a"\nname = "A"\n[[tools]]\nname = "track"\ndescription = "Tracks."\n'


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory and no settings but the data folder's."""
    for name in list(os.environ):
        if name.startswith(("HAVANA_", "OPENAI_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HAVANA_DATA", str(tmp_path / "data"))
    return tmp_path


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[Database]:
    """The data folder, looked at beside the commands."""
    database = SqliteDatabase.open(tmp_path / "data")
    yield database
    database.close_now()


def add_agent(monkeypatch: pytest.MonkeyPatch, email: str, *more: str, password: str = "correct horse") -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    return run(["agent", "add", email, "--name", "Ana", "--password-stdin", *more])


class TestAgents:
    def test_an_agent_is_added_to_a_fresh_folder(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], stored: Database
    ) -> None:
        assert add_agent(monkeypatch, "Ana@Example.com", "--role", "admin") == 0

        assert capsys.readouterr().out == (
            "Added Ana (ana@example.com, admin). Sign in at http://localhost:8000/console\n"
        )
        [ana] = stored.read_now(staff.team)
        assert (ana.name, ana.email, ana.admin) == ("Ana", "ana@example.com", True)

    def test_nobody_is_added_twice(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        add_agent(monkeypatch, "ana@example.com")
        capsys.readouterr()

        assert add_agent(monkeypatch, "ANA@example.com") == 1
        assert capsys.readouterr().err == (
            "havana: There already is an agent ana@example.com. "
            "For a way in: havana agent sign-in-link ana@example.com\n"
        )

    @pytest.mark.parametrize(
        ("email", "more", "password", "said"),
        [
            ("ana", [], "correct horse", "That is not an e-mail address"),
            ("ana@example.com", [], "short", "A password has 8 to 1024 characters."),
            ("ana@example.com", ["--role", "boss"], "correct horse", "'boss' is not one of 'admin', 'agent'"),
        ],
    )
    def test_wrong_words_are_a_usage_error_of_one_line(
        self,
        *,
        email: str,
        more: list[str],
        password: str,
        said: str,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        assert add_agent(monkeypatch, email, *more, password=password) == 2
        _one_line(capsys, said)

    def test_without_a_terminal_the_password_is_not_waited_for(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO())

        assert run(["agent", "add", "ana@example.com", "--name", "Ana"]) == 2
        _one_line(capsys, "Use --password-stdin")

    def test_a_sign_in_link_is_printed_alone_so_that_scripts_can_take_it(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        add_agent(monkeypatch, "ana@example.com")
        capsys.readouterr()
        monkeypatch.setenv("HAVANA_PUBLIC_URL", "https://chat.example.com")

        assert run(["agent", "sign-in-link", "Ana@example.com"]) == 0
        assert re.fullmatch(r"https://chat\.example\.com/console/sign-in#[\w-]{20,}\n", capsys.readouterr().out)

    def test_there_is_no_link_for_strangers(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["agent", "sign-in-link", "eve@example.com"]) == 1
        _one_line(capsys, "There is no agent eve@example.com")


class TestContent:
    def test_articles_are_added_once_and_files_that_are_none_are_named(
        self, at_home: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (at_home / "fees.md").write_text("# Fees\n\nWelding costs 100 a month.\n")
        (at_home / "picture.png").write_bytes(b"\x89PNG")

        assert run(["knowledge", "add", "fees.md"]) == 0
        assert capsys.readouterr().out == "Havana: 1 added, 0 updated, 0 unchanged.\n"
        assert run(["knowledge", "add", "fees.md", "picture.png"]) == 1

        said = capsys.readouterr()
        assert said.out == "Havana: 0 added, 0 updated, 1 unchanged.\n"
        assert "picture.png" in said.err

    def test_articles_need_a_site_that_exists(self, at_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (at_home / "fees.md").write_text("# Fees\n\nWelding costs 100 a month.\n")

        assert run(["knowledge", "add", "fees.md", "--site", "nowhere"]) == 1
        _one_line(capsys, "There is no site nowhere")

    def test_a_path_that_does_not_exist_is_a_usage_error(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["knowledge", "add", "gone.md"]) == 2
        _one_line(capsys, "gone.md")

    def test_a_sites_file_makes_the_site_and_changes_it(self, at_home: Path, stored: Database) -> None:
        (at_home / "site.toml").write_text('key = "school"\nname = "School"\ngreeting = "Hi"\n')
        assert run(["site", "apply", "site.toml"]) == 0
        first = stored.read_now(lambda conn: sites.by_key(conn, "school"))
        (at_home / "site.toml").write_text(
            'key = "school"\nname = "The School"\n[words]\njoined = "{agent} is here."\n'
        )
        assert run(["site", "apply", "site.toml"]) == 0
        second = stored.read_now(lambda conn: sites.by_key(conn, "school"))

        assert first is not None
        assert second is not None
        assert (first.name, first.greeting) == ("School", "Hi")
        assert (second.id, second.name, second.words.joined) == (first.id, "The School", "{agent} is here.")
        assert second.greeting != "Hi"

    def test_the_first_real_site_takes_the_place_of_the_placeholder(self, at_home: Path, stored: Database) -> None:
        (at_home / "fees.md").write_text("# Fees\n\nWelding costs 100 a month.\n")
        run(["knowledge", "add", "fees.md"])
        (at_home / "site.toml").write_text('key = "school"\nname = "School"\n')
        run(["site", "apply", "site.toml"])

        default = stored.read_now(sites.default)

        assert default is not None
        assert default.key == "school"
        assert stored.read_now(lambda conn: len(conn.execute(tables.sites.select()).all())) == 1

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ("key = ", "site.toml: Invalid value"),
            ('key = "a"', "missing required field `name`"),
            ('key = "a"\nname = "A"\ngreting = "Hi"', "unknown field `greting`"),
            ('key = "A b"\nname = "A"', "key must be lower-case letters, digits and dashes"),
            ('key = "a"\nname = "A"\ncall_url = "javascript:x"', "call_url must begin with https://"),
            ('key = "a"\nname = "A"\ntimezone = "Mars"', "timezone must be a name like Europe/Berlin, not 'Mars'"),
            ('key = "a"\nname = "A"\nhours = {mon = ["9-5"]}', "hours.mon must have spans like 09:00-17:00, not '9-5'"),
            (
                'key = "A"\nname = " "',
                "key must be lower-case letters, digits and dashes, up to 64, not 'A'; name must not",
            ),
            ('key = "a"\nname = "A"\nid = "x"', "id cannot be set"),
            ('key = "a"\nname = "A"\napproval_s = 1', "approval_s must be from 10"),
            (TOOL + 'url = "http://example.com/"', "tools.track: url must begin with https://"),
            (TOOL + 'url = "https://x.example/"\nparameters = { type = "string" }', "tools.track: parameters: it must"),
            (TOOL + 'url = "https://x.example/"\nheader = "x"', "unknown field `header` - at `$.tools[0]`"),
        ],
    )
    def test_a_wrong_sites_file_is_named_with_its_fault(
        self, content: str, said: str, at_home: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (at_home / "site.toml").write_text(content)

        assert run(["site", "apply", "site.toml"]) == 2
        _one_line(capsys, said)

    def test_migrate_makes_a_fresh_folder_and_may_be_repeated(self, at_home: Path) -> None:
        assert run(["migrate", "--data", "other/place"]) == 0
        assert run(["migrate", "--data", "other/place"]) == 0
        assert (at_home / "other" / "place" / "havana.db").is_file()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sevre"], "No such command 'sevre'"),
        (["serve", "--prot", "1"], "No such option '--prot'"),
        (["serve", "--port", "http"], "'http' is not a valid integer"),
        (["serve", "--demo", "nowhere"], "'nowhere' does not exist"),
        (["agent", "add"], "Missing argument 'EMAIL'"),
    ],
)
def test_a_wrong_command_line_is_one_line_and_exit_code_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    _one_line(capsys, said)


@pytest.mark.parametrize("arguments", [["serve"], ["migrate"], ["agent", "sign-in-link", "a@example.com"]])
def test_a_wrong_setting_is_one_line_and_exit_code_2(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HAVANA_PROT", "1")

    assert run(arguments) == 2
    assert capsys.readouterr().err == "havana: Unknown setting HAVANA_PROT. Did you mean HAVANA_PORT?\n"


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("anthropic:claude", "HAVANA_MODEL: the model anthropic:claude needs an API key: set ANTHROPIC_API_KEY."),
        ("builtin,ollama:qwen3", "HAVANA_MODEL: the model ollama:qwen3 needs an address: set OLLAMA_BASE_URL."),
        ("groq:llama", "HAVANA_MODEL: the model groq:llama needs a package: pip install 'havana[groq]'."),
        ("antropic:claude", "HAVANA_MODEL: unknown model 'antropic:claude': did you mean anthropic:claude?"),
    ],
)
def test_a_model_that_cannot_be_asked_is_one_line_and_exit_code_2(
    model: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HAVANA_MODEL", model)
    for name in ("ANTHROPIC_API_KEY", "OLLAMA_BASE_URL"):
        monkeypatch.delenv(name, raising=False)

    assert run(["serve", "--port", "0"]) == 2
    assert capsys.readouterr().err == f"havana: {said}\n"


def test_what_answers_cost_is_shown_by_day_and_site(stored: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["spending"]) == 0
    assert capsys.readouterr().out == "No model has been paid for an answer in this time.\n"

    now = dt.datetime.now(dt.UTC)
    site = stored.write_now(lambda conn: sites.ensure_default(conn, now))
    for days in (0, 6, 7):
        day = spending.Day(site.id, now.date() - dt.timedelta(days), 2, 3000, 400, 1_234_567)
        stored.write_now(lambda conn, day=day: spending.add(conn, day))

    assert run(["spending"]) == 0
    [heading, *days_shown] = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert heading[:3] == ["day", "site", "answers"]
    first = now.date() - dt.timedelta(6)
    numbers = ["default", "2", "3,000", "400", "1.2346"]
    assert days_shown == [[now.date().isoformat(), *numbers], [first.isoformat(), *numbers]]


def test_a_day_with_tokens_of_unknown_price_is_said_to_cost_more(
    stored: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    now = dt.datetime.now(dt.UTC)
    site = stored.write_now(lambda conn: sites.ensure_default(conn, now))
    for days, unpriced in ((0, 1200), (1, 0)):
        day = spending.Day(site.id, now.date() - dt.timedelta(days), 2, 3000, 400, 1_234_567, unpriced)
        stored.write_now(lambda conn, day=day: spending.add(conn, day))

    assert run(["spending"]) == 0
    _, today, yesterday, *told = capsys.readouterr().out.splitlines()
    assert today.endswith("1.2346 *")
    assert yesterday.endswith("1.2346")
    assert told == [
        "",
        "* Incomplete: 1,200 tokens are of a model whose price was not known, and count as 0 dollars.",
        "  Set HAVANA_MODEL_PRICES; havana doctor names the model.",
    ]


def test_a_data_folder_that_cannot_be_made_is_one_line_and_exit_code_1(
    at_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (at_home / "file").write_text("")

    assert run(["migrate", "--data", "file/data"]) == 1
    _one_line(capsys, "file/data: Not a directory")


class TestServe:
    def test_a_demo_starts_with_one_command_and_keeps_what_it_has(self, at_home: Path) -> None:
        with serving("--demo", str(DEMO)) as (base, said, _):
            assert "Havana Tech is set up" in said
            link = re.findall(r"#(\S+)", said)[0]
            answer = httpx.post(f"{base}/api/session", json={"link": link})
            assert answer.json()["agent"]["role"] == "admin"
            assert httpx.get(f"{base}/api/sites/demo").json()["name"] == "Havana Tech"
            assert httpx.get(f"{base}/readyz").status_code == 200

        with serving("--demo", str(DEMO)) as (base, said, _):
            assert "set up" not in said
            cookie = {"Cookie": answer.headers["set-cookie"].split(";")[0]}
            assert httpx.get(f"{base}/api/session", headers=cookie).status_code == 200

    def test_commands_work_beside_a_running_server_which_sees_the_result_at_once(
        self, at_home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with serving() as (base, said, _):
            assert "agent add" in said
            assert add_agent(monkeypatch, "ana@example.com") == 0

            answer = httpx.post(f"{base}/api/session", json={"email": "ana@example.com", "password": "correct horse"})

            assert answer.json()["agent"]["name"] == "Ana"

    def test_a_second_server_on_the_same_folder_is_refused(self, at_home: Path) -> None:
        with serving():
            second = _havana("serve", "--port", "0")
            _, error = second.communicate(timeout=30)

        assert second.returncode == 1
        assert "--data" in error
        assert "Traceback" not in error

    def test_a_port_that_is_in_use_is_one_line_and_exit_code_1(self, at_home: Path) -> None:
        with serving() as (base, _, _):
            port = base.rsplit(":", 1)[1]
            second = _havana("serve", "--data", "elsewhere", "--port", port)
            _, error = second.communicate(timeout=30)

        assert second.returncode == 1
        assert error == (
            f"havana: Cannot listen on 127.0.0.1:{port}: Address already in use. Choose another with --port.\n"
        )

    def test_the_server_header_stays_off(self, at_home: Path) -> None:
        with serving() as (base, _, _):
            assert "server" not in httpx.get(f"{base}/healthz").headers

    def test_until_a_question_is_asked_a_server_takes_less_than_100_mb(self, at_home: Path) -> None:
        # What articles mean is learnt by the command; the server need not load the sentence model for it.
        assert run(["knowledge", "add", str(DEMO / "articles")]) == 0

        with serving() as (_, _, process):
            [resident] = re.findall(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())

        assert int(resident) < 100_000


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[str, str, int]]:
    """A server in a process of its own: its address, what it said until it was ready, and the process's id."""
    server = _havana("serve", "--port", "0", *arguments)
    assert server.stdout is not None
    said = ""
    for line in server.stdout:
        said += line
        if "Sign in" in said or "No agent" in said:
            break
    try:
        addresses = re.findall(r"Console +(http://\S+)/console", said)
        assert addresses, (said, server.stderr.read() if server.stderr and server.poll() is not None else "")
        yield addresses[0], said, server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=30)


def test_a_link_printed_beside_a_server_leads_to_where_that_server_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving() as (base, _, _):
        add_agent(monkeypatch, "ana@example.com")
        capsys.readouterr()
        assert run(["agent", "sign-in-link", "ana@example.com"]) == 0

        assert capsys.readouterr().out.startswith(f"{base}/console/sign-in#")


def _havana(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "havana.cli", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _one_line(capsys: pytest.CaptureFixture[str], said: str) -> None:
    error = capsys.readouterr().err
    assert error.startswith("havana: ")
    assert said in error
    assert error.count("\n") == 1
