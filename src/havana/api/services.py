"""What the handlers need. `app` fills it in; nothing here decides anything."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from havana.accounts.identity import Identity
from havana.accounts.limits import Limits
from havana.accounts.sessions import Sessions
from havana.accounts.tokens import Tokens
from havana.api.readiness import Readiness
from havana.availability import Availability
from havana.bus import Bus
from havana.chat.people import Agent, Visitor
from havana.counting import Counting
from havana.knowledge.search import Knowledge
from havana.people import People
from havana.reading import Reading
from havana.requests import Requests
from havana.searching import Searching
from havana.storage.database import Database
from havana.unanswered import Unanswered
from havana.visits import Visits

Who = Visitor | Agent


class Services(msgspec.Struct, frozen=True, kw_only=True):
    """Everything behind the handlers. `static` is the folder of the built web parts."""

    database: Database
    bus: Bus
    identity: Identity
    sessions: Sessions
    tokens: Tokens
    limits: Limits
    requests: Requests
    reading: Reading
    readiness: Readiness
    unanswered: Unanswered
    counting: Counting
    searching: Searching
    knowledge: Knowledge
    availability: Availability
    people: People
    visits: Visits
    is_here: Callable[[str], bool]
    public_url: str | None
    sends_mail: bool
    static: Path
