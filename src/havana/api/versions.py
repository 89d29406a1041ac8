"""What the team writes together, over REST: ids that the writer chooses, and versions against overwriting."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager

from havana.chat.errors import BadRequest, Stale
from havana.storage.versions import Outdated

ID = re.compile(r"[0-9A-Za-z-]{1,36}")
VERSION = 64
"""The longest version, in characters."""


def check_id(id: str, what: str) -> None:
    """`what` is what it is the id of, with its article: "an article"."""
    if not ID.fullmatch(id):
        raise BadRequest(f"The id of {what} has up to 36 letters, digits and hyphens.")


@contextmanager
def unless_outdated(what: str) -> Iterator[None]:
    """Refuses with `stale` what would overwrite somebody else's words, and says whose. `what`: "article"."""
    try:
        yield
    except Outdated as error:
        newest = error.newest
        if newest is None:
            raise Stale(f"Somebody has deleted this {what}. To write it anew, save it without a version.") from None
        at = f"{newest.updated_at.astimezone(dt.UTC):%Y-%m-%d at %H:%M} UTC"
        who = newest.by or "Somebody"
        raise Stale(f"{who} saved this {what} on {at}. Read it again, then say its version.") from None
