"""schemathesis asks everything that the published OpenAPI describes, as a visitor and as an agent.

It gets no error of ours, and as a visitor nothing that is not for them.
"""

import asyncio
import json
import sys
from pathlib import Path

import pytest

from . import canaries
from .canaries import Canaries, found_in
from .watched import Watched, a_watched_house, nothing_goes_wrong

pytestmark = pytest.mark.slow

HANGS_AFTER_S = 60
CASES = "8"
"""For each operation."""
REPORT = "report.har"


@pytest.mark.parametrize("role", ["visitor", "agent"])
async def test_nothing_that_the_schema_allows_or_forbids_is_an_error_of_ours(role: str, tmp_path: Path):
    with nothing_goes_wrong(), canaries.dictated():
        async with a_watched_house(tmp_path) as watched:
            planted = await canaries.plant(watched)
            (tmp_path / "schemathesis.toml").write_text(knowing(planted))
            asked, said = await schemathesis(watched, tmp_path, await credentials(watched, planted, role))
            heard = found_in([(tmp_path / REPORT).read_text()])

            assert asked == 0, said
            assert bool(heard) == (role == "agent"), heard
            await watched.serves()
            await watched.settles()


def knowing(planted: Canaries) -> str:
    """It guesses no id of a conversation, so it is told some that there are."""
    ids = json.dumps(planted.conversations)
    return (
        f"[dictionaries.conversations]\nvalues = {ids}\n"
        '[parameters]\n"path.conversation" = { dictionary = "conversations", probability = 0.8 }\n'
    )


async def credentials(watched: Watched, planted: Canaries, role: str) -> list[str]:
    if role == "visitor":
        return [f"Authorization: Bearer {planted.token}"]
    return [f"{name}: {value}" for name, value in (await canaries.signed_in(watched.house)).items()]


async def schemathesis(watched: Watched, scratch: Path, headers: list[str]) -> tuple[int, str]:
    """Its exit code and what it says; what it was sent is in the report. Signing out is left out: nobody could ask
    afterwards.
    """
    options = ["--checks", "not_a_server_error", "--phases", "fuzzing", "--max-examples", CASES, "--seed", "1"]
    options += ["--request-timeout", "10", "--no-color", "--generation-database", "none", "--exclude-method", "DELETE"]
    options += ["--report-har-path", REPORT]
    options += [word for header in headers for word in ("--header", header)]
    program = str(Path(sys.executable).parent / "schemathesis")
    running = await asyncio.create_subprocess_exec(
        program,
        "run",
        watched.house.url + "/api/docs/openapi.json",
        *options,
        cwd=scratch,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(HANGS_AFTER_S):
            said, _ = await running.communicate()
    finally:
        if running.returncode is None:
            running.kill()
    return await running.wait(), said.decode()
