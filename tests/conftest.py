"""What every test stands on."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests may have a key or a server of their own; no test may meet it."""
    for name in list(os.environ):
        if name.startswith(("HAVANA_", "OPENAI_")):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium. A test that needs one fails where there is none."""
    found = subprocess.run([ROOT / "scripts" / "find-chromium"], check=False, capture_output=True, text=True)
    if found.returncode:
        pytest.fail(found.stderr.strip().splitlines()[-1], pytrace=False)
    return found.stdout.strip()
