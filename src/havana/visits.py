"""What the team knows of visitors besides their words: stored here, and told to whoever looks at a conversation."""

import datetime as dt
from collections.abc import Callable

from havana.bus import INBOX, Bus, VisitorChanged, visitor_topic
from havana.chat.errors import NotFound
from havana.chat.people import Agent
from havana.chat.visiting import KEPT_DAYS, Card, Description, clean_field, clean_value
from havana.storage import contexts, details, history, inbox, searching, sites, visitors
from havana.storage.database import Connection, Database

KEPT = dt.timedelta(days=KEPT_DAYS)
NAMED_AT_ONCE = 100
"""Conversations whose rows in lists are told of a new name; others show it when they are read next."""


class Visits:
    def __init__(self, database: Database, bus: Bus, clock: Callable[[], dt.datetime]) -> None:
        self._database = database
        self._bus = bus
        self._clock = clock

    async def described(self, visitor: str, site: str, said: Description) -> bool:
        """What a visitor's page tells. False, and nothing of it stored, for somebody who has not written yet."""
        now = self._clock()

        def work(conn: Connection) -> bool:
            settings = sites.by_id(conn, site)
            shown = said if settings is None or settings.tells_page else _without_page(said)
            return contexts.store(conn, visitor, shown, now)

        stored = await self._database.write(work)
        if stored:
            self._tell(visitor)
        return stored

    async def left(self, visitor: str) -> None:
        """Their last page is closed."""
        now = self._clock()
        await self._database.write(lambda conn: contexts.seen(conn, visitor, now))
        self._tell(visitor)

    async def card(self, conversation: str) -> Card | None:
        """Of the visitor of a conversation, for those who may read it; None if there is no such conversation."""

        def work(conn: Connection) -> Card | None:
            fold = history.fold(conn, conversation)
            return None if fold is None else self._card(conn, fold.visitor.id)

        return await self._database.read(work)

    async def of(self, visitor: str) -> Card:
        """The same by the visitor's id, for the team."""

        def work(conn: Connection) -> Card:
            if visitors.find(conn, visitor) is None:
                raise NotFound("There is no such visitor.")
            return self._card(conn, visitor)

        return await self._database.read(work)

    async def write(self, agent: Agent, visitor: str, field: str, value: str, version: str | None) -> Card:
        """An agent says something of a visitor; empty takes it back. `Outdated` if somebody else came first."""
        field, now = clean_field(field), self._clock()
        value = clean_value(field, value)

        def work(conn: Connection) -> tuple[bool, Card, tuple[str, ...]]:
            if visitors.find(conn, visitor) is None:
                raise NotFound("There is no such visitor.")
            changed = details.save(conn, visitor, field, value, agent=agent.id, now=now, version=version)
            shown_in = inbox.of_visitor(conn, visitor, NAMED_AT_ONCE) if changed and field == "name" else ()
            searching.rename(conn, shown_in)
            return changed, self._card(conn, visitor), shown_in

        changed, card, shown_in = await self._database.write(work)
        if changed:
            self._tell(visitor, shown_in)
        return card

    def _card(self, conn: Connection, visitor: str) -> Card:
        context = contexts.find(conn, visitor)
        # Whoever forgets them comes by once a day.
        kept = context if context and context.seen_at > self._clock() - KEPT else None
        return Card(visitor, kept, details.of(conn, visitor))

    def _tell(self, visitor: str, shown_in: tuple[str, ...] = ()) -> None:
        changed = VisitorChanged(visitor, shown_in)
        self._bus.publish(visitor_topic(visitor), changed)
        if shown_in:
            self._bus.publish(INBOX, changed)


def _without_page(said: Description) -> Description:
    return Description(language=said.language, zone=said.zone, device=said.device)
