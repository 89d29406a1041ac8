"""PostgreSQL and a Redis for measurements: those of the tests, but as a server is set up that may lose nothing."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from serving import pinned

ROOT = Path(__file__).parents[1]
# The tests are no package that could be installed.
sys.path.append(str(ROOT))

if TYPE_CHECKING:
    from tests import postgres, redis_server

DURABLE: dict[str, str] = {}
"""PostgreSQL's own defaults: a commit is synced to the disk before anybody hears of it."""


@contextmanager
def postgres_server(core: int | None = None) -> Iterator["postgres.Server"]:
    """With nothing in it but what `Server.database` makes."""
    # Imported here: most measurements need no server.
    from tests.postgres import Server

    with pinned(core):
        server = Server(DURABLE)
    try:
        yield server
    finally:
        server.close()


@contextmanager
def redis(core: int | None = None) -> Iterator["redis_server.Server"]:
    from tests.redis_server import Server

    with pinned(core):
        server = Server()
    try:
        yield server
    finally:
        server.stop()
