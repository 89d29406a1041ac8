"""Reading for a visitor or an agent, authorised, as the wire shows it. What REST and the live channel share."""

import datetime as dt
import itertools
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec

from havana.accounts.limits import Limits
from havana.bus import Bus, Read, conversation_topic
from havana.chat import views
from havana.chat.errors import BadRequest, NotFound
from havana.chat.events import Event
from havana.chat.fold import Fold
from havana.chat.people import Agent, Visitor
from havana.desk import Desk
from havana.drafts import Draft, Drafts
from havana.storage import details, history, inbox, staff, visitors
from havana.storage.database import Connection, Database
from havana.storage.inbox import Filter, Top

Who = Visitor | Agent

SNAPSHOT = 50
"""Events in a snapshot."""
LONGEST_TAIL = 300
LARGEST_TAIL = 240 * 1024
"""Events and bytes that a tail may have; beyond, the reader gets a snapshot: whole or refused, never part of it."""
LONGEST_PAGE = 100
LONGEST_INBOX = 500
LATEST = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
CURSOR_TIME = "%Y%m%dT%H%M%S.%fZ"
"""Nothing in it needs escaping in a URL."""


class Reading:
    def __init__(self, database: Database, desk: Desk, drafts: Drafts, bus: Bus, limits: Limits) -> None:
        self._database = database
        self._desk = desk
        self._drafts = drafts
        self._bus = bus
        self._limits = limits

    def check(self, who: Who) -> None:
        """Before `followed` and `history`, where it is the reader who asks: refuses a visitor who asks too much.

        What the server reads by itself, because an event was lost, is not counted against anybody.
        """
        if isinstance(who, Visitor):
            self._limits.check_read(who.id)

    async def followed(
        self, who: Who, conversation: str, log: str | None = None, seq: int | None = None
    ) -> dict[str, Any]:
        """FOLLOWED: what a reader who has everything up to `seq` of `log` lacks, else a snapshot."""
        public = isinstance(who, Visitor)

        def work(conn: Connection) -> tuple[Fold, str, list[Event], str, list[dict[str, Any]]]:
            fold = _of(who, history.fold(conn, conversation))
            top = fold.public_seq if public else fold.seq
            mode, found = "snapshot", []
            draft = history.draft(conn, conversation, fold.open_answer) if fold.open_answer else ""
            room = LARGEST_TAIL - _size(draft)
            if log == fold.log and seq is not None and 0 <= top - seq <= LONGEST_TAIL:
                mode = "tail"
                found = history.page(conn, conversation, public=public, after=seq, limit=LONGEST_TAIL)
                if _size(_shown(found, public=public)) > room:
                    mode = "snapshot"
            if mode == "snapshot":
                found = _fitting(history.page(conn, conversation, public=public, limit=SNAPSHOT), room, public=public)
            return fold, mode, found, draft, _read_by(conn, fold, public=public)

        fold, mode, found, stored, read = await self._database.read(work)
        first = _seq(found[0], public) if found else 1
        return {
            "conversation": fold.id,
            "log": fold.log,
            "mode": mode,
            "state": views.state_of(fold, public=public),
            "events": _shown(found, public=public),
            "top": fold.public_seq if public else fold.seq,
            "before": first if mode == "snapshot" and first > 1 else None,
            "draft": _draft(fold, self._drafts.of(fold.id, fold.open_answer), stored),
            "read": read,
        }

    async def history(
        self,
        who: Who,
        conversation: str,
        *,
        before: int | None = None,
        after: int | None = None,
        until: int | None = None,
        limit: int = SNAPSHOT,
    ) -> dict[str, Any]:
        """A page of older (`before`) or missing (`after`, `until`) events, ascending."""
        if not 1 <= limit <= LONGEST_PAGE:
            raise BadRequest(f"`limit` is {limit}; it must be between 1 and {LONGEST_PAGE}.")
        public = isinstance(who, Visitor)

        def work(conn: Connection) -> list[Event]:
            _of(who, history.fold(conn, conversation))
            page = history.page(conn, conversation, public=public, before=before, after=after, until=until, limit=limit)
            return _fitting(page, LARGEST_TAIL, public=public, newest=after is None)

        found = await self._database.read(work)
        first = _seq(found[0], public) if found else 1
        return {"events": _shown(found, public=public), "before": first if first > 1 else None}

    async def current(self, visitor: Visitor) -> dict[str, Any] | None:
        """SUMMARY of the conversation that the visitor's next message belongs to, if there is one."""

        def work(conn: Connection) -> tuple[Fold, int] | None:
            conversation = visitors.current_conversation(conn, visitor.id)
            fold = history.fold(conn, conversation) if conversation else None
            return (fold, inbox.unread_by_visitor(conn, fold)) if fold else None

        found = await self._database.read(work)
        if found is None or self._desk.is_over(found[0]):
            return None
        return views.summary_of(found[0], public=True, unread=found[1])

    async def inbox(self, agent: Agent, filter: Filter) -> dict[str, Any]:
        """The beginning of a list: whoever waits first, then newest activity first; as many as go into a frame.

        `{"conversations", "next"}`, as `list_conversations`, which has the pages after it.
        """
        summaries = await self._summaries(agent, filter, waiting_first=True, limit=LONGEST_INBOX)
        until = itertools.accumulate(_size(summary) + 1 for summary in summaries)
        shown = [summary for summary, size in zip(summaries, until, strict=True) if size <= LARGEST_TAIL]
        others = [summary for summary in shown if summary["state"]["control"] != "pending"]
        is_whole = len(shown) == len(summaries) < LONGEST_INBOX
        return {"conversations": shown, "next": None if is_whole else _cursor(others[-1] if others else None)}

    async def summaries(self, agent: Agent, conversations: Iterable[str], filter: Filter) -> list[dict[str, Any]]:
        """Those of the conversations that the filter lets through."""
        return await self._summaries(agent, filter, only=list(conversations))

    async def changed_since(self, at: dt.datetime) -> list[Top]:
        """Every conversation with an event that is younger than `at`, for the server itself: of all people."""
        return await self._database.read(lambda conn: inbox.changed_since(conn, at))

    async def ended(self, sessions: Collection[str]) -> Collection[str]:
        """Those of the agents' sessions that stand no more, for the server itself."""
        return set(sessions) - await self._database.read(lambda conn: staff.standing(conn, sessions))

    async def admins(self, some: Collection[str]) -> Collection[str]:
        """Those of the agents who are admins, for the server itself."""
        return await self._database.read(lambda conn: staff.admins(conn, some))

    async def blocked(self, some: Collection[str]) -> Collection[str]:
        """Those of the visitors who are blocked, for the server itself."""
        return await self._database.read(lambda conn: visitors.blocked(conn, some))

    async def marks(self, conversations: Collection[str]) -> list[Read]:
        """How far each role has read in them, for the server itself. `reader` is nobody: it is the furthest of all."""
        found = await self._database.read(lambda conn: inbox.furthest(conn, conversations))
        return [Read(mark.conversation, mark.role, "", mark.seq, mark.public_seq) for mark in found]

    async def list_conversations(
        self, agent: Agent, filter: Filter, *, cursor: str | None = None, limit: int = LONGEST_PAGE
    ) -> dict[str, Any]:
        """A page, newest activity first: `{"conversations", "next"}`, `next` being the cursor of the page after it."""
        if not 1 <= limit <= LONGEST_PAGE:
            raise BadRequest(f"`limit` is {limit}; it must be between 1 and {LONGEST_PAGE}.")
        found = await self._summaries(agent, filter, before=_place(cursor), limit=limit)
        return {"conversations": found, "next": _cursor(found[-1]) if len(found) == limit else None}

    async def mark_read(self, who: Who, conversation: str, seq: int) -> None:
        """Stores how far somebody has read and tells the others. Marks only move forward."""
        role = "visitor" if isinstance(who, Visitor) else "agent"

        def work(conn: Connection) -> Read | None:
            fold = _of(who, history.fold(conn, conversation))
            if role == "visitor":
                place = inbox.seq_of_public(conn, conversation, min(seq, fold.public_seq))
            else:
                place = min(seq, fold.seq)
            before = next((mark for mark in inbox.furthest(conn, [conversation]) if mark.role == role), None)
            if not place or place < 1 or not inbox.mark(conn, fold, who.id, role, place):
                return None
            public = inbox.public_seq_until(conn, conversation, place)
            further = before is None or place > before.seq
            further_public = public > (before.public_seq if before else 0)
            return Read(conversation, role, who.id, place, public, further, further_public)

        if read := await self._database.write(work, of=conversation):
            self._bus.publish(conversation_topic(conversation), read)

    async def _summaries(self, agent: Agent, filter: Filter, **page: Any) -> list[dict[str, Any]]:
        def work(conn: Connection) -> tuple[list[inbox.Row], dict[str, str]]:
            found = inbox.rows(conn, agent.id, filter, **page)
            return found, details.names(conn, [row.fold.visitor.id for row in found])

        found, names = await self._database.read(work)
        return [
            views.summary_of(row.fold, public=False, unread=row.unread, name=names.get(row.fold.visitor.id))
            for row in found
        ]


def _of(who: Who, fold: Fold | None) -> Fold:
    """Unknown and somebody else's are alike: nobody learns that a conversation exists."""
    if fold is None or (isinstance(who, Visitor) and fold.visitor.id != who.id):
        raise NotFound("There is no such conversation.")
    return fold


def _read_by(conn: Connection, fold: Fold, *, public: bool) -> list[dict[str, Any]]:
    """How far visitor and staff have read, in the reader's own numbers."""
    furthest = inbox.furthest(conn, [fold.id])
    return [{"role": mark.role, "seq": mark.public_seq if public else mark.seq} for mark in furthest]


def _seq(event: Event, public: bool) -> int:
    return (event.public_seq or 0) if public else event.seq


def _shown(found: Sequence[Event], *, public: bool) -> list[dict[str, Any]]:
    if not public:
        return [views.for_agent(event) for event in found]
    seen = (views.for_visitor(event) for event in found)
    return [event for event in seen if event is not None]


def _size(wire: Any) -> int:
    """In bytes, as it is sent."""
    return len(msgspec.json.encode(wire))


def _fitting(found: list[Event], room: int, *, public: bool, newest: bool = True) -> list[Event]:
    """As many as go into so many bytes; the reader asks for the others."""
    while len(found) > 1 and _size(_shown(found, public=public)) > room:
        half = len(found) // 2
        found = found[half:] if newest else found[:-half]
    return found


def _draft(fold: Fold, live: Draft | None, stored: str) -> dict[str, str] | None:
    """From memory, where the answer is written on this node; else the stored one, which may be a second old."""
    if fold.open_answer is None:
        return None
    if live is not None:
        return {"answer": live.answer, "text": live.text}
    return {"answer": fold.open_answer, "text": stored} if stored else None


def _cursor(last: dict[str, Any] | None) -> str:
    """The place after this SUMMARY; without one, the one before all."""
    if last is None:
        return f"{LATEST.strftime(CURSOR_TIME)}~"
    return f"{last['at'].strftime(CURSOR_TIME)}~{last['conversation']}"


def _place(cursor: str | None) -> tuple[dt.datetime, str] | None:
    if cursor is None:
        return None
    at, _, conversation = cursor.partition("~")
    try:
        return dt.datetime.strptime(at, CURSOR_TIME).replace(tzinfo=dt.UTC), conversation
    except ValueError:
        raise BadRequest("`cursor` is not one that a page before gave as `next`.") from None
