import pytest
from tests.live.world import World


@pytest.fixture
def world() -> World:
    return World()
