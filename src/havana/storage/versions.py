"""What several people change is not overwritten: whoever changes it says which version they have read."""

import datetime as dt
from typing import Protocol


class Versioned(Protocol):
    """`version` is another one after each change; `by` is the name of the agent who made the last, if that is known."""

    @property
    def version(self) -> str: ...

    @property
    def updated_at(self) -> dt.datetime: ...

    @property
    def by(self) -> str | None: ...


class Outdated(Exception):
    """It is not the version that somebody meant, but `newest`; None if it is gone."""

    def __init__(self, newest: Versioned | None) -> None:
        super().__init__()
        self.newest = newest
