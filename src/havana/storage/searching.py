"""The full-text index over what was said. It is filled behind the commits, in portions, and says only where to look:
what is shown of a line comes from its event, so nothing outlives a redaction.

SQLite has FTS5 for it, PostgreSQL a tsvector; both are given the words that `chat/searching.py` makes, and take them
as they are. A line's row is its event's time, so that the index itself hands out the newest first.

An index over what is not searchable yet would cost every append a tenth. So each conversation has a row that says how
far it is, and whoever asks which are behind looks through all of them.
"""

import zlib
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from havana.chat import events as e
from havana.chat.encoding import decode_fact
from havana.chat.searching import FOUND, Query, said_in, words_of
from havana.storage import details
from havana.storage.dialects import insert, is_postgres
from havana.storage.history import event_of
from havana.storage.search_tables import searched
from havana.storage.tables import conversations, events

NAME = "search_lines"
EVENTS = 100
"""Of one portion, if they are short: SQLite's only writer is held meanwhile."""
LETTERS = 500
"""A longer event counts as several."""
AT_ONCE = 100
"""Conversations that are told to be behind."""
LOOKED_AT = 2000
"""So many of the newest lines PostgreSQL looks at one by one, before it asks its index for older ones."""
NEWEST = 2**63 - 1
"""A place after all."""


class Line(msgspec.Struct, frozen=True):
    """A place in the index and what stands there now. With `seq` 0 it is the visitor's name.

    `called` is the name that the team has given, where it has.
    """

    place: int
    conversation: str
    seq: int
    site: str
    visitor: str
    called: str | None
    control: str
    event: e.Event | None

    @property
    def text(self) -> str:
        if self.seq == 0:
            return _names(self.visitor, self.called)
        return said_in(self.event.fact, self.event.author.role) if self.event else ""


def create(conn: sa.Connection) -> None:
    """SQLAlchemy has no word for virtual tables, nor Alembic's comparison for what stands here."""
    for statement in _CREATE[conn.dialect.name]:
        conn.exec_driver_sql(statement)


def behind(conn: sa.Connection, some: Collection[str] | None = None, *, before: str | None = None) -> list[str]:
    """Conversations with something that is not in the index: of some, or of all; the newest first, at most `AT_ONCE`.

    `before` is the id where the ones before ended.
    """
    known = sa.func.coalesce(searched.c.seq, 0)
    found = sa.select(conversations.c.id).outerjoin(searched, searched.c.conversation_id == conversations.c.id)
    found = found.where(conversations.c.seq > known)
    if some is not None:
        found = found.where(conversations.c.id.in_(some))
    if before is not None:
        found = found.where(conversations.c.id < before)
    return list(conn.execute(found.order_by(conversations.c.id.desc()).limit(AT_ONCE)).scalars())


def index(conn: sa.Connection, ids: Iterable[str]) -> list[str]:
    """Puts a portion of these conversations into the index; tells those that are not in it as a whole yet."""
    room = float(EVENTS)
    # Each locks its row: two who index the same must come by in the same order.
    left = sorted(ids)
    while left and room > 0:
        room, whole = _index(conn, left[0], room)
        if whole:
            left.pop(0)
    return left


def forget(conn: sa.Connection, conversation: str, event: str) -> None:
    """Takes the words of an event out of the index, also those that somebody is putting there now."""
    _lock(conn, conversation)
    _remove(conn, event)


def rename(conn: sa.Connection, some: Collection[str]) -> None:
    """The team calls the visitor of these conversations by another name."""
    for conversation in sorted(some):
        # Of one that is not in the index yet, the name is read when it comes there.
        if _lock(conn, conversation):
            _add(conn, conversation, *_name_line(conn, conversation))


def find(conn: sa.Connection, query: Query, *, site: str | None, before: int, most: int) -> list[Line]:
    """Lines that have all of the query, the newest first. What they say must be looked at: it may have changed."""
    if not query:
        return []
    if is_postgres(conn):
        return _lines(conn, _by_tsquery(conn, {"match": _tsquery(query, site), "before": before, "most": most}))
    asked = {"match": _fts5(query, site), "before": before, "most": most}
    return _lines(conn, conn.execute(_FIND, asked).all())


def place_of(id: str) -> int:
    """The row of an event: its milliseconds, and what tells it from others of the same one."""
    return int(id[:8] + id[9:13], 16) << 21 | (zlib.crc32(id.encode()) & 0x1FFFFF)


def _index(conn: sa.Connection, conversation: str, room: float) -> tuple[float, bool]:
    """Tells how much room is left, and whether the conversation is in the index as a whole."""
    known = _lock(conn, conversation)
    row = conn.execute(
        sa.select(conversations.c.seq, conversations.c.site_id).where(conversations.c.id == conversation)
    ).one()
    new = (events.c.seq > known) & (events.c.seq <= row.seq) & events.c.kind.in_(_KINDS)
    read = sa.select(events.c.seq, events.c.id, events.c.role, events.c.payload)
    read = read.where(events.c.conversation_id == conversation, new).order_by(events.c.seq).limit(EVENTS)
    lines = [] if known else _name_line(conn, conversation)[1]
    upto, count = known, 0
    for event in conn.execute(read):
        upto, count = event.seq, count + 1
        room -= 1 + len(event.payload) / LETTERS
        fact = decode_fact(event.payload)
        if isinstance(fact, e.Redacted):
            # By a node of a release that knew of no index.
            _remove(conn, fact.event)
        else:
            lines.append((place_of(event.id), event.seq, said_in(fact, event.role)))
        if room <= 0:
            break
    else:
        # All that there is, unless it was the most that is read at a time.
        upto = upto if count == EVENTS else row.seq
    _add(conn, conversation, row.site_id, lines)
    conn.execute(searched.update().where(searched.c.conversation_id == conversation).values(seq=upto))
    return room, upto == row.seq


def _name_line(conn: sa.Connection, conversation: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The site, and the line with the names of the visitor."""
    of = sa.select(conversations.c.site_id, conversations.c.visitor_id, conversations.c.visitor_name)
    row = conn.execute(of.where(conversations.c.id == conversation)).one()
    return row.site_id, [(place_of(conversation), 0, _names(row.visitor_name, details.name_of(conn, row.visitor_id)))]


def _names(own: str, called: str | None) -> str:
    return own if called is None else f"{called} ({own})"


def _lock(conn: sa.Connection, conversation: str) -> int:
    """Up to where it is in the index. Until the end of the transaction nobody else changes what is there of it."""
    put = insert(conn.dialect.name, searched).values(conversation_id=conversation, seq=0)
    put = put.on_conflict_do_update(index_elements=[searched.c.conversation_id], set_={"seq": searched.c.seq})
    return int(conn.execute(put.returning(searched.c.seq)).scalar_one())


def _add(conn: sa.Connection, conversation: str, site: str, lines: Iterable[tuple[int, int, str]]) -> None:
    written = _tsvector if is_postgres(conn) else " ".join
    given = [
        {"place": place, "conversation": conversation, "seq": seq, "words": written([*words, _of_site(site)])}
        for place, seq, text in lines
        if (words := [word.text for word in words_of(text)])
    ]
    if given:
        conn.execute(_ADD[conn.dialect.name], given)


def _remove(conn: sa.Connection, event: str) -> None:
    conn.execute(_REMOVE[conn.dialect.name], {"place": place_of(event)})


def _lines(conn: sa.Connection, found: Sequence[sa.Row[Any]]) -> list[Line]:
    ids = {row.conversation_id for row in found}
    of = {row.id: row for row in conn.execute(sa.select(conversations).where(conversations.c.id.in_(ids)))}
    called = details.names(conn, [row.visitor_id for row in of.values()])
    keys = {(row.conversation_id, row.seq) for row in found}
    # Not by pairs, for which SQLite would read all events.
    any_of = events.c.conversation_id.in_(ids) & events.c.seq.in_({seq for _, seq in keys})
    rows = conn.execute(sa.select(events).where(any_of))
    said = {key: event_of(row) for row in rows if (key := (row.conversation_id, row.seq)) in keys}
    return [
        Line(
            place=row.place,
            conversation=row.conversation_id,
            seq=row.seq,
            site=of[row.conversation_id].site_id,
            visitor=of[row.conversation_id].visitor_name,
            called=called.get(of[row.conversation_id].visitor_id),
            control=of[row.conversation_id].control,
            event=said.get((row.conversation_id, row.seq)),
        )
        for row in found
    ]


_KINDS = [*(e.snake_case(kind.__name__) for kind in FOUND), "redacted"]


def _by_tsquery(conn: sa.Connection, asked: dict[str, Any]) -> list[sa.Row[Any]]:
    """What is frequent stands among the newest lines, what is rare is few: PostgreSQL guesses wrongly which it is, and
    would read all lines for a word that nobody said.
    """
    asked["newest"] = LOOKED_AT
    found = list(conn.execute(_AMONG_NEWEST, asked))
    asked["most"] -= len(found)
    return [*found, *conn.execute(_OLDER, asked)] if asked["most"] else found


def _of_site(site: str) -> str:
    """What all lines of a site have, and nobody can write: no word has such a letter."""
    return "§" + site.replace("-", "")


def _fts5(query: Query, site: str | None) -> str:
    """Nothing of it needs escaping: words are letters and digits."""
    wanted = [f'"{" ".join(phrase.words)}"{" *" if phrase.begun else ""}' for phrase in query]
    return " AND ".join([*wanted, *([f'"{_of_site(site)}"'] if site is not None else [])])


def _tsquery(query: Query, site: str | None) -> str:
    wanted = []
    for phrase in query:
        words = [f"'{word}'" for word in phrase.words]
        wanted.append(f"({' <-> '.join(words)}{':*' if phrase.begun else ''})")
    return " & ".join([*wanted, *([f"'{_of_site(site)}'"] if site is not None else [])])


def _tsvector(words: Sequence[str]) -> str:
    places: dict[str, list[str]] = {}
    for place, word in enumerate(words, 1):
        places.setdefault(word, []).append(str(place))
    return " ".join(f"'{word}':{','.join(at)}" for word, at in places.items())


# `ascii` takes everything beyond ASCII for letters, so our words stay as they are.
_FTS5 = (
    "CREATE VIRTUAL TABLE search_lines USING fts5("
    "words, conversation_id UNINDEXED, seq UNINDEXED, tokenize = 'ascii', prefix = '1 2')"
)
_TABLE = """CREATE TABLE search_lines (
    place BIGINT PRIMARY KEY, conversation_id VARCHAR(36) NOT NULL, seq INTEGER NOT NULL, words TSVECTOR NOT NULL
)"""
_GIN = "CREATE INDEX search_lines_words ON search_lines USING gin (words)"
_CREATE = {"sqlite": (_FTS5,), "postgresql": (_TABLE, _GIN)}

# Of two events of one millisecond that are taken for the same, one in two millions, the later one is found.
_ADD = {
    "sqlite": sa.text(
        "INSERT OR REPLACE INTO search_lines (rowid, words, conversation_id, seq)"
        " VALUES (:place, :words, :conversation, :seq)"
    ),
    "postgresql": sa.text(
        "INSERT INTO search_lines (place, words, conversation_id, seq)"
        " VALUES (:place, CAST(:words AS tsvector), :conversation, :seq)"
        " ON CONFLICT (place) DO UPDATE"
        " SET words = excluded.words, conversation_id = excluded.conversation_id, seq = excluded.seq"
    ),
}
_FIND = sa.text(
    "SELECT rowid AS place, conversation_id, seq FROM search_lines"
    " WHERE search_lines MATCH :match AND rowid < :before ORDER BY rowid DESC LIMIT :most"
)
_AMONG_NEWEST = sa.text(
    "SELECT place, conversation_id, seq"
    " FROM (SELECT * FROM search_lines WHERE place < :before ORDER BY place DESC LIMIT :newest) AS newest"
    " WHERE words @@ CAST(:match AS tsquery) ORDER BY place DESC LIMIT :most"
)
# The sum keeps it from going through all of them by their places.
_OLDER = sa.text(
    "SELECT place, conversation_id, seq FROM search_lines"
    " WHERE words @@ CAST(:match AS tsquery) AND place < (SELECT coalesce(min(place), 0)"
    " FROM (SELECT place FROM search_lines WHERE place < :before ORDER BY place DESC LIMIT :newest) AS newest)"
    " ORDER BY place + 0 DESC LIMIT :most"
)
_REMOVE = {
    "sqlite": sa.text("DELETE FROM search_lines WHERE rowid = :place"),
    "postgresql": sa.text("DELETE FROM search_lines WHERE place = :place"),
}
