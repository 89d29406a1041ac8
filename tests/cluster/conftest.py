"""What the tests of several nodes stand on."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def redis_server_of_its_own() -> Iterator[Any]:
    """One that may be killed."""
    from tests.redis_server import NoServer, Server

    try:
        server = Server()
    except NoServer as error:
        pytest.fail(str(error), pytrace=False)
    yield server
    server.kill()
