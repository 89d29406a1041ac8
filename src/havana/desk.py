"""The one way to write: load the conversation, ask it, append what it answers, tell everybody.

Everything that happens because of an event hangs on the log or on a job in the same commit, so nothing here
can be forgotten by a caller.
"""

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable

import msgspec

from havana.bus import (
    INBOX,
    SITES,
    Appended,
    Bus,
    Message,
    Opened,
    SiteChanged,
    conversation_topic,
    visitor_topic,
)
from havana.chat import consequences as cq
from havana.chat import events as e
from havana.chat.conversation import Conversation
from havana.chat.errors import BadRequest, Busy, Forbidden, NotFound, Refusal, Stale, WrittenByNewer
from havana.chat.fold import Fold, apply
from havana.chat.people import Person, Visitor
from havana.chat.site import Site
from havana.chat.sureness import unsure_answers
from havana.chat.views import is_public
from havana.ids import new_id
from havana.jobs import Worker
from havana.storage import history, log, sites, visitors
from havana.storage.database import Database

Request = Callable[[Conversation], list[e.Proposed]]
Clock = Callable[[], dt.datetime]

CACHED = 10_000
"""Folds kept in memory, so that the hot path reads nothing."""
TRIES = 20
"""How often a request is asked again because others got there first, before it is refused as `busy`."""
REOPENS_FOR = dt.timedelta(days=7)
"""How long after closing a visitor's next message still belongs to the same conversation."""


class Done(msgspec.Struct, frozen=True):
    """What became of a request. `event` is the one that carries its key, else the last; None if nothing changed."""

    fold: Fold
    event: e.Event | None
    repeated: bool


def place(fold: Fold, facts: list[e.Proposed], at: dt.datetime) -> tuple[list[e.Event], Fold]:
    """The facts as the next events of the log, and the fold after them."""
    events: list[e.Event] = []
    for proposed in facts:
        public_seq = fold.public_seq + 1 if is_public(proposed.fact) else None
        event = e.Event(fold.seq + 1, public_seq, new_id(), at, proposed.author, proposed.key, proposed.fact)
        fold = apply(fold, event)
        events.append(event)
    return events, fold


class Desk:
    def __init__(self, database: Database, bus: Bus, worker: Worker, clock: Clock) -> None:
        self._database = database
        self._bus = bus
        self._worker = worker
        self._clock = clock
        self._folds: OrderedDict[str, Fold] = OrderedDict()
        self._sites: dict[str, tuple[dt.datetime, Site]] = {}
        self._sites_changed = 0
        bus.subscribe(INBOX, self._hear)
        bus.subscribe(SITES, self._forget_site)

    async def perform(self, conversation: str, request: Request, *, role: str = "", key: str | None = None) -> Done:
        """Carries out a request. `role` and `key` let a retry get its first answer, even if control has moved on."""
        for attempt in range(TRIES):
            fold = self._folds.get(conversation) if attempt == 0 else None
            cached = fold is not None
            fold = fold or await self.stored(conversation)
            try:
                site, facts, shown = await self._ask(fold, request)
            except Refusal:
                if cached:
                    continue
                if key and (known := await self._known(conversation, role, key)):
                    return Done(fold, known, repeated=True)
                raise
            if not facts:
                if cached:
                    continue
                known = await self._known(conversation, role, key) if key else None
                return Done(fold, known, repeated=True)
            try:
                return await self._append(site, fold, facts, shown=shown)
            except log.Conflict:
                self._folds.pop(conversation, None)
        raise Busy("Too many people are writing in this conversation. Please try again.", retry_ms=500)

    async def open(self, visitor: Visitor, request: Request, *, key: str | None = None) -> Done:
        """Carries out a visitor's request that names no conversation: in the current one, or it creates one."""
        if key and (known := await self._database.read(lambda conn: log.known_opening_key(conn, visitor.id, key))):
            conversation, event = known
            return Done(await self.stored(conversation), event, repeated=True)
        for _ in range(TRIES):
            row = await self._database.read(lambda conn: visitors.find(conn, visitor.id))
            if row is None:
                row = await self._database.write(lambda conn: visitors.ensure(conn, visitor, self._clock()))
            if row.blocked_at is not None:
                raise Forbidden("You cannot write here any more.")
            if row.conversation_id is not None:
                fold = await self.load(row.conversation_id)
                if not self.is_over(fold):
                    return await self.perform(fold.id, request, role="visitor", key=key)
            try:
                return await self._create(visitor, row.conversation_id, request)
            except log.Conflict:
                continue
        raise Busy("Please try again.", retry_ms=500)

    def is_over(self, fold: Fold) -> bool:
        """Closed so long ago that the next message begins a new conversation."""
        return fold.closed_at is not None and self._clock() - fold.closed_at > REOPENS_FOR

    async def site(self, site: str) -> Site:
        """A site's settings; a command beside the server may change them, so they are read again after a second."""
        now = self._clock()
        known = self._sites.get(site)
        if known and now - known[0] < dt.timedelta(seconds=1):
            return known[1]
        changed = self._sites_changed
        found = await self._database.read(lambda conn: sites.by_id(conn, site))
        if found is None:
            raise NotFound("There is no such site.")
        # What was read while it changed may be as it was before, and must not be kept.
        if changed == self._sites_changed:
            self._sites[site] = (now, found)
        return found

    async def load(self, conversation: str) -> Fold:
        """The conversation as it was not long ago (`NotFound` if there is none): another node may know better."""
        return self._folds.get(conversation) or await self.stored(conversation)

    async def _create(self, visitor: Visitor, previous: str | None, request: Request) -> Done:
        fresh = Fold(id=new_id(), log=new_id(), site=visitor.site, visitor=Person(visitor.id, visitor.name))
        site, facts, _ = await self._ask(fresh, request)
        if not facts:
            raise BadRequest("There is no conversation yet.")
        return await self._append(site, fresh, facts, shown=False, opening=log.Opening(previous))

    async def _ask(self, fold: Fold, request: Request) -> tuple[Site, list[e.Proposed], bool]:
        """What the conversation answers, and whether it was asked with words of an open answer shown."""
        if not fold.is_known:
            raise WrittenByNewer
        site = await self.site(fold.site)
        draft = ""
        if (answer := fold.open_answer) is not None:
            draft = await self._database.read(lambda conn: history.draft(conn, fold.id, answer))
        return site, request(Conversation(fold, site, self._clock(), draft)), bool(draft)

    async def _append(
        self, site: Site, before: Fold, facts: list[e.Proposed], *, shown: bool, opening: log.Opening | None = None
    ) -> Done:
        now = self._clock()
        if opening is None and before.control == "closed" and any(isinstance(p.fact, e.Reopened) for p in facts):
            opening = await self._reopening(before)
        events, fold = place(before, facts, now)
        entry = log.Entry(
            fold=fold,
            events=events,
            seq=before.seq,
            shown=shown,
            jobs=cq.consequences(events, fold, site),
            at=now,
            opening=opening,
            unsure=unsure_answers(events),
        )
        known = await self._database.write_many(entry, of=fold.id, together=log.append_all, alone=log.append)
        if known is not None:
            return Done(await self.stored(before.id), known, repeated=True)
        self._remember(fold)
        self._tell(fold, events, opened=opening is not None)
        if entry.jobs:
            self._worker.wake(is_due=any(job.delay_s <= 0 for job in entry.jobs))
        keyed = next((event for event in events if event.key is not None), events[-1])
        return Done(fold, keyed, repeated=False)

    async def _reopening(self, fold: Fold) -> log.Opening | None:
        """A visitor has one open conversation: an older one that is reopened takes the place of a closed one only."""
        current = await self._database.read(lambda conn: visitors.current_conversation(conn, fold.visitor.id))
        if current == fold.id:
            return None
        if current is not None and (await self.stored(current)).control != "closed":
            raise Stale("The visitor has a newer conversation. Answer them there.", fold=fold)
        return log.Opening(current)

    def _tell(self, fold: Fold, events: list[e.Event], *, opened: bool) -> None:
        if opened:
            self._bus.publish(visitor_topic(fold.visitor.id), Opened(fold.visitor.id, fold.id))
        appended = Appended(fold, tuple(events))
        self._bus.publish(conversation_topic(fold.id), appended)
        self._bus.publish(INBOX, appended)

    async def _known(self, conversation: str, role: str, key: str) -> e.Event | None:
        return await self._database.read(lambda conn: log.known_key(conn, conversation, role, key))

    async def stored(self, conversation: str) -> Fold:
        """The conversation as it is now (`NotFound` if there is none)."""
        fold = await self._database.read(lambda conn: history.fold(conn, conversation))
        if fold is None:
            raise NotFound("There is no such conversation.")
        self._remember(fold)
        return fold

    def _hear(self, message: Message) -> None:
        """What other nodes append is known here too, so that requests are seldom asked of an old fold."""
        if not isinstance(message, Appended):
            return
        known = self._folds.get(message.fold.id)
        if known is not None and known.seq < message.fold.seq:
            self._folds[known.id] = message.fold

    def _forget_site(self, message: Message) -> None:
        if isinstance(message, SiteChanged):
            self._sites_changed += 1
            self._sites.pop(message.site, None)

    def _remember(self, fold: Fold) -> None:
        known = self._folds.get(fold.id)
        if known is not None and known.seq > fold.seq:
            return
        self._folds[fold.id] = fold
        self._folds.move_to_end(fold.id)
        if len(self._folds) > CACHED:
            self._folds.popitem(last=False)
