"""What every test stands on."""

import functools
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

MEASURED = "measured"
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests may have a key or a server of their own; no test may meet it."""
    for name in list(os.environ):
        if name.startswith(("HAVANA_", "OPENAI_")):
            monkeypatch.delenv(name)


@pytest.fixture
def measured(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Takes what a test measured, in words; it is printed at the end of the run, for whoever wants to know."""
    return functools.partial(record_property, MEASURED)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for word in ("passed", "failed") for report in terminalreporter.stats.get(word, [])]
    figures = [(report.nodeid, said) for report in reports for name, said in report.user_properties if name == MEASURED]
    if figures:
        terminalreporter.section(MEASURED)
    for test, said in dict.fromkeys(figures):
        terminalreporter.write_line(f"{test}: {said}")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """A real one, for as long as the tests run. A test that needs one fails where there is none."""
    # Imported here: most tests get by without it.
    from tests.postgres import NoServer, Server

    try:
        server = Server()
    except NoServer as error:
        pytest.fail(str(error), pytrace=False)
    yield server
    server.close()


@pytest.fixture
def postgres_url(postgres_server: Any) -> Iterator[str]:
    """The address of an empty database of the test's own."""
    url: str = postgres_server.database()
    yield url
    postgres_server.give_back(url)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Any]:
    """A real one, for as long as the tests run. Who kills one starts a server of their own."""
    from tests.redis_server import NoServer, Server

    try:
        server = Server()
    except NoServer as error:
        pytest.fail(str(error), pytrace=False)
    yield server
    server.kill()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str | None:
    """As of HAVANA_DATABASE_URL: what uses it is tested on both databases."""
    return request.getfixturevalue("postgres_url") if request.param == "postgresql" else None


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium. A test that needs one fails where there is none."""
    found = subprocess.run([ROOT / "scripts" / "find-chromium"], check=False, capture_output=True, text=True)
    if found.returncode:
        pytest.fail(found.stderr.strip().splitlines()[-1], pytrace=False)
    return found.stdout.strip()
