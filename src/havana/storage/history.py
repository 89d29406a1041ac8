"""Reading a conversation: its stored fold, its events, its draft. The only place that knows old shapes."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from havana.chat import events as e
from havana.chat.encoding import decode_fact, is_known_whole
from havana.chat.fold import Fold, OpenCall, apply
from havana.chat.people import Author, Person, TeamName
from havana.storage.tables import conversations, drafts, events


def fold_row(fold: Fold) -> dict[str, Any]:
    """The columns of `conversations` that hold the fold."""
    row = msgspec.structs.asdict(fold)
    visitor, agent, team = row.pop("visitor"), row.pop("agent"), row.pop("team")
    row["site_id"] = row.pop("site")
    row["visitor_id"], row["visitor_name"] = visitor.id, visitor.name
    row["agent_id"], row["agent_name"] = (agent.id, agent.name) if agent else (None, None)
    row["team_id"], row["team_name"] = (team.id, team.name) if team else (None, None)
    row["labels"] = msgspec.json.encode(fold.labels).decode()
    row["calls"] = msgspec.json.encode(fold.calls).decode() if fold.calls else None
    return row


_MADE = {"site", "visitor", "agent", "team", "labels", "calls"}
_PLAIN = [name for name in Fold.__struct_fields__ if name not in _MADE]


def fold_of(row: sa.Row[Any]) -> Fold:
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's documented access by column name
    return Fold(
        **{name: values[name] for name in _PLAIN},
        site=values["site_id"],
        visitor=Person(values["visitor_id"], values["visitor_name"]),
        agent=Person(values["agent_id"], values["agent_name"]) if values["agent_id"] else None,
        team=TeamName(values["team_id"], values["team_name"]) if values["team_id"] else None,
        labels=msgspec.json.decode(values["labels"], type=tuple[str, ...]),
        calls=_calls(values["calls"]) if values["calls"] else (),
    )


_UNKNOWN_CALLS = (OpenCall("", "", "unknown", dt.datetime.max.replace(tzinfo=dt.UTC)),)


def _calls(text: str) -> tuple[OpenCall, ...]:
    try:
        return msgspec.json.decode(text, type=tuple[OpenCall, ...])
    except msgspec.ValidationError:
        return _UNKNOWN_CALLS


def event_of(row: sa.Row[Any]) -> e.Event:
    return e.Event(
        seq=row.seq,
        public_seq=row.public_seq,
        id=row.id,
        at=row.at,
        author=Author(row.role, row.author_id, row.author_name),
        key=row.key,
        fact=decode_fact(row.payload),
    )


def fold(conn: sa.Connection, conversation: str) -> Fold | None:
    row = conn.execute(sa.select(conversations).where(conversations.c.id == conversation)).first()
    return fold_of(row) if row else None


def draft(conn: sa.Connection, conversation: str, answer: str) -> str:
    """What readers were shown of the open answer, at most a second old; empty if nothing was."""
    text = conn.execute(
        sa.select(drafts.c.text).where(drafts.c.conversation_id == conversation, drafts.c.answer == answer)
    ).scalar()
    return text or ""


# Built once: a visitor waits for the first draft.
_SHOW = (
    conversations.update()
    .where(conversations.c.id == sa.bindparam("of"), conversations.c.open_answer == sa.bindparam("shown_of"))
    .values(shown=True)
)
_FORGET_DRAFT = drafts.delete().where(drafts.c.conversation_id == sa.bindparam("of"))
_DRAFT = drafts.insert()


def save_draft(conn: sa.Connection, conversation: str, answer: str, text: str) -> bool:
    """Stores what readers are shown; False if the answer is not open any more (then nothing may be shown)."""
    if conn.execute(_SHOW, {"of": conversation, "shown_of": answer}).rowcount != 1:
        return False
    conn.execute(_FORGET_DRAFT, {"of": conversation})
    conn.execute(_DRAFT, {"conversation_id": conversation, "answer": answer, "text": text})
    return True


def page(
    conn: sa.Connection,
    conversation: str,
    *,
    public: bool,
    before: int | None = None,
    after: int | None = None,
    until: int | None = None,
    limit: int = 50,
) -> list[e.Event]:
    """Ascending events of one audience; `before` and `after` exclusive, `until` inclusive.

    With `after` the oldest `limit` are taken, else the newest. Seqs are those of the audience.
    """
    number = events.c.public_seq if public else events.c.seq
    chosen = sa.select(events).where(events.c.conversation_id == conversation)
    if public:
        chosen = chosen.where(number.is_not(None))
    if before is not None:
        chosen = chosen.where(number < before)
    if after is not None:
        chosen = chosen.where(number > after)
    if until is not None:
        chosen = chosen.where(number <= until)
    forward = after is not None
    chosen = chosen.order_by(number if forward else number.desc()).limit(limit)
    found = [event_of(row) for row in conn.execute(chosen)]
    return found if forward else found[::-1]


def find_event(conn: sa.Connection, conversation: str, event: str) -> e.Event | None:
    row = conn.execute(sa.select(events).where(events.c.conversation_id == conversation, events.c.id == event)).first()
    return event_of(row) if row else None


def of_kind(conn: sa.Connection, conversation: str, kind: str) -> list[e.Event]:
    """Ascending; meant for a kind of which a conversation has few."""
    chosen = sa.select(events).where(events.c.conversation_id == conversation, events.c.kind == kind)
    return [event_of(row) for row in conn.execute(chosen.order_by(events.c.seq))]


def all_events(conn: sa.Connection, conversation: str) -> Sequence[e.Event]:
    return page(conn, conversation, public=False, after=0, limit=1_000_000)


class Rebuilt(msgspec.Struct, frozen=True):
    """Conversations whose stored fold was not as their log says, and those of which this release cannot say it."""

    mended: list[str]
    left: list[str]


def rebuild(conn: sa.Connection) -> Rebuilt:
    """Folds every log anew and stores what differs."""
    mended, left = [], []
    for conversation in conn.execute(sa.select(conversations.c.id)).scalars().all():
        stored = fold(conn, conversation)
        assert stored is not None  # noqa: S101 - read in this very transaction
        of_this = sa.select(events).where(events.c.conversation_id == conversation).order_by(events.c.seq)
        made = made_of(stored, conn.execute(of_this).all())
        if made is None:
            left.append(conversation)
        elif made != stored:
            conn.execute(conversations.update().where(conversations.c.id == conversation).values(**fold_row(made)))
            mended.append(conversation)
    return Rebuilt(mended, left)


def made_of(stored: Fold, log: Sequence[sa.Row[Any]]) -> Fold | None:
    """The fold that the stored log makes; None where a newer release has written in it what this one cannot fold."""
    if not stored.is_known or not all(is_known_whole(row.payload) for row in log):
        return None
    return replay(stored, [event_of(row) for row in log])


def replay(stored: Fold, log: Sequence[e.Event]) -> Fold:
    """The fold that the log makes, from nothing but who the conversation belongs to."""
    made = Fold(id=stored.id, log=stored.log, site=stored.site, visitor=stored.visitor)
    for event in log:
        made = apply(made, event)
    return made
