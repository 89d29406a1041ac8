"""What a start loads and weighs, without a model: the small server that the README promises."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

MEMORY_LIMIT_MB = 100
LOADED_LATER = {"pydantic_ai", "pydantic", "openai", "httpx", "alembic"}
"""Only a model, or a migration of an older database, needs them; each is worth 2 to 70 MB."""
LOADED_FOR_OTHER_SERVERS = {"asyncpg", "sqlalchemy.ext.asyncio", "sqlalchemy.dialects.postgresql", "redis"}

BUILD = """
import sys
from pathlib import Path

from havana.app import build
from havana.config import Settings

build(Settings(data=Path(sys.argv[1])))
print(*sys.modules)
"""


def loaded(data: Path) -> set[str]:
    command = [sys.executable, "-c", BUILD, data]
    return set(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())


def memory_mb(data: Path) -> float:
    """What a server that has just started has in memory (RSS)."""
    command = [Path(sys.executable).with_name("havana"), "serve", "--host", "127.0.0.1", "--port", "0", "--data", data]
    with subprocess.Popen(command, cwd=data.parent, env={"PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE) as server:
        try:
            assert server.stdout is not None
            assert any(b"Visitor's page" in line for line in server.stdout), "the server ended"
            status = Path(f"/proc/{server.pid}/status").read_text(encoding="ascii")
        finally:
            server.terminate()
    [kilobytes] = re.findall(r"VmRSS:\s+(\d+) kB", status)
    return int(kilobytes) * 1024 / 1e6


def test_neither_the_first_start_nor_the_next_loads_what_only_a_model_or_a_migration_needs(tmp_path: Path) -> None:
    assert loaded(tmp_path) & (LOADED_LATER | LOADED_FOR_OTHER_SERVERS) == set()
    assert loaded(tmp_path) & (LOADED_LATER | LOADED_FOR_OTHER_SERVERS) == set()


@pytest.mark.skipif(sys.platform != "linux", reason="reads the memory from /proc")
def test_a_started_server_is_smaller_than_100_mb_on_its_first_day_and_later(tmp_path: Path) -> None:
    assert memory_mb(tmp_path / "data") < MEMORY_LIMIT_MB
    assert memory_mb(tmp_path / "data") < MEMORY_LIMIT_MB
