"""schemathesis asks everything that the published OpenAPI describes, as a visitor and as an agent."""

import asyncio
import sys
from pathlib import Path

import pytest
from tests.stories.house import PASSWORD

from .watched import Watched, a_watched_house, nothing_goes_wrong

pytestmark = pytest.mark.slow

HANGS_AFTER_S = 60
CASES = "8"
"""For each operation."""


@pytest.mark.parametrize("role", ["visitor", "agent"])
async def test_nothing_that_the_schema_allows_or_forbids_is_an_error_of_ours(role: str, tmp_path: Path):
    with nothing_goes_wrong():
        async with a_watched_house(tmp_path) as watched:
            asked, said = await schemathesis(watched, tmp_path, await credentials(watched, role))

            assert asked == 0, said
            await watched.serves()
            await watched.settles()


async def credentials(watched: Watched, role: str) -> list[str]:
    house = watched.house
    if role == "visitor":
        return [f"Authorization: Bearer {watched.bystander.token}"]
    await (await house.agent("Ana")).leave()
    signed_in = await house.http.post("/api/session", json={"email": "ana@example.com", "password": PASSWORD})
    cookie = "; ".join(f"{name}={value}" for name, value in signed_in.cookies.items())
    return [f"Cookie: {cookie}", f"Origin: {house.url}"]


async def schemathesis(watched: Watched, scratch: Path, headers: list[str]) -> tuple[int, str]:
    """Its exit code and what it says. Signing out is left out: nobody could ask afterwards."""
    options = ["--checks", "not_a_server_error", "--phases", "fuzzing", "--max-examples", CASES, "--seed", "1"]
    options += ["--request-timeout", "10", "--no-color", "--generation-database", "none", "--exclude-method", "DELETE"]
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
