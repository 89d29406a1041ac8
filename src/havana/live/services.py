"""What connections need of the rest of the server."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from havana.live.hub import Hub
from havana.live.ports import Authenticate, Copilot, Duty, Reading, Requests


@dataclass(frozen=True)
class Services:
    """The real things, wired by the endpoint, or small ones in memory for tests."""

    hub: Hub
    requests: Requests
    reading: Reading
    duty: Duty
    authenticate: Authenticate
    clock: Callable[[], dt.datetime]
    copilot: Copilot
