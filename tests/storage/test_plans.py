"""What is asked all day goes by an index: its cost does not grow with what was ever said.

The statements are those that the real functions send, each explained by the database that it was sent to.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from tests.jobs import KINDS
from tests.postgres import Server

from havana.chat import events as e
from havana.chat.fold import Fold
from havana.chat.people import Author, Person
from havana.chat.site import Site
from havana.desk import place
from havana.ids import first_id, new_id
from havana.storage import history, inbox, jobs, labels, log, sites, visitors
from havana.storage.database import Database
from havana.storage.inbox import Filter
from havana.storage.postgres import PostgresDatabase
from havana.storage.sqlite import SqliteDatabase
from havana.storage.tables import conversations as conversations_table
from havana.storage.tables import events as events_table
from havana.storage.tables import marks
from havana.storage.tables import visitors as visitors_table

CONVERSATIONS = 4000
OPEN = 200
EVENTS = 6
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
READ_WHOLE = re.compile(r"(?:Seq Scan on|^SCAN) (?:conversations|events|visitors|marks)\b")
Work = Callable[[sa.Connection], Any]


def conversation(number: int) -> str:
    return f"conversation-{number}"


def visitor(number: int) -> str:
    return f"visitor-{number}"


def fold(number: int) -> Fold:
    """The last ones are open, one in four of them held."""
    made = Fold(id=conversation(number), log="log", site=f"site-{number % 50}", visitor=Person(visitor(number), "Ana"))
    at = NOW - dt.timedelta(minutes=CONVERSATIONS - number)
    made = msgspec.structs.replace(made, seq=EVENTS, public_seq=EVENTS, at=at, preview="Hello " * 20)
    if number < CONVERSATIONS - OPEN:
        return msgspec.structs.replace(made, control="closed", closed_at=at)
    if number % 4:
        return msgspec.structs.replace(made, control=("ai", "pending")[number % 2])
    return msgspec.structs.replace(made, control="human", agent=Person(f"agent-{number % 5}", "Ben"))


def fill(conn: sa.Connection) -> None:
    for number in range(50):
        sites.store(conn, Site(f"site-{number}", f"key-{number}", "Havana"), NOW)
    folds = [fold(number) for number in range(CONVERSATIONS)]
    people = [{"id": f.visitor.id, "site_id": f.site, "name": "Ana", "created_at": NOW} for f in folds]
    conn.execute(visitors_table.insert(), people)
    conn.execute(conversations_table.insert(), [history.fold_row(fold) for fold in folds])
    conn.execute(events_table.insert(), [row for f in folds for row in said_in(f)])
    read = {"reader": "agent-1", "role": "agent", "seq": 1, "messages": 1}
    conn.execute(marks.insert(), [{"conversation_id": f.id} | read for f in folds])


def said_in(fold: Fold) -> Iterator[dict[str, Any]]:
    for seq in range(1, EVENTS + 1):
        id_ = f"{first_id(fold.at or NOW)}-{fold.visitor.id}-{seq}"
        author = {"role": "visitor", "author_id": fold.visitor.id, "author_name": "Ana"}
        what = {"kind": "message_posted", "payload": '{"kind":"message_posted","text":"Hello"}', "at": fold.at}
        yield {"conversation_id": fold.id, "seq": seq, "public_seq": seq, "id": id_, "key": id_, **author, **what}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database: Database
    if request.param == "sqlite":
        database = SqliteDatabase.open(tmp_path_factory.mktemp("filled"))
    else:
        server: Server = request.getfixturevalue("postgres_server")
        server.sql("CREATE DATABASE filled TEMPLATE havana_template")
        database = PostgresDatabase.open(server.url("filled"))
    database.write_now(fill)
    if request.param == "postgresql":
        # As autovacuum does now and then. SQLite gets by without statistics.
        database.write_now(lambda conn: conn.exec_driver_sql("ANALYZE"))
    yield database
    database.close_now()


def appended(conn: sa.Connection, *, many: int) -> None:
    """As for so many messages that come in together."""
    entries = []
    for number in range(CONVERSATIONS - many, CONVERSATIONS):
        before = fold(number)
        said = e.Proposed(e.MessagePosted("Hello"), Author("visitor", visitor(number), "Ana"), new_id())
        events, after = place(before, [said], NOW)
        entries.append(log.Entry(after, events, before.seq, shown=False, jobs=[], at=NOW))
    assert not log.append_all(conn, entries)


def opened(conn: sa.Connection) -> None:
    begun = Fold(id=new_id(), log="log", site="site-1", visitor=Person(visitor(7), "Ana"))
    said = e.Proposed(e.MessagePosted("Hello"), Author("visitor", visitor(7), "Ana"), new_id())
    events, after = place(begun, [said], NOW)
    entry = log.Entry(after, events, 0, shown=False, jobs=[], at=NOW, opening=log.Opening(None))
    assert not log.append_all(conn, [entry])


LATELY = dt.datetime.now(dt.UTC)
ONE = conversation(70)
listed = partial(inbox.rows, reader="agent-1")
HOT: dict[str, Work] = {
    "append one": partial(appended, many=1),
    "append many": partial(appended, many=64),
    "open": opened,
    "a known key": partial(log.known_key, conversation=ONE, role="visitor", key="key"),
    "a known key anywhere": partial(log.known_opening_key, visitor=visitor(70), key="key"),
    "the fold": partial(history.fold, conversation=ONE),
    "the last page": partial(history.page, conversation=ONE, public=False),
    "the last page for a visitor": partial(history.page, conversation=ONE, public=True),
    "a tail": partial(history.page, conversation=ONE, public=True, after=3),
    "an event": partial(history.find_event, conversation=ONE, event="id"),
    "the draft": partial(history.draft, conversation=ONE, answer="answer"),
    "the list": partial(listed, wanted=Filter(), waiting_first=True),
    "who waits": partial(listed, wanted=Filter(control=("pending",)), waiting_first=True),
    "what an agent holds": partial(listed, wanted=Filter(agent="agent-1"), waiting_first=True),
    "the list of a site": partial(listed, wanted=Filter(site="site-1"), waiting_first=True),
    "whoever is waited for": partial(listed, wanted=Filter(waiting=True), waiting_first=True),
    "what a visitor had": partial(listed, wanted=Filter(visitor=visitor(70)), waiting_first=True),
    "the list of a label": partial(listed, wanted=Filter(control=("ai", "human"), label="billing"), waiting_first=True),
    "a page of what is over": partial(listed, wanted=Filter(control=("closed",)), limit=50),
    "a page far back": partial(listed, wanted=Filter(), before=(NOW - dt.timedelta(days=1), "x"), limit=50),
    "some of the list": partial(listed, wanted=Filter(), only=[conversation(1), conversation(2)]),
    "what changed": partial(inbox.changed_since, at=LATELY),
    "held": partial(inbox.held_by, agent="agent-1"),
    "marks": partial(inbox.furthest, some=[ONE]),
    "mark": partial(inbox.mark, fold=fold(70), reader="agent-2", role="agent", seq=3),
    "unread": partial(inbox.unread_by_visitor, fold=fold(70)),
    "a public place": partial(inbox.seq_of_public, conversation=ONE, public_seq=3),
    "a place in public": partial(inbox.public_seq_until, conversation=ONE, seq=3),
    "a visitor": partial(visitors.find, visitor=visitor(70)),
    "the current conversation": partial(visitors.current_conversation, visitor=visitor(70)),
    "who holds anything": inbox.holders,
    "the labels of a site": partial(labels.in_use, site="site-1"),
    "the next job": partial(jobs.next_run_at, kinds=KINDS),
    "who takes a job": partial(jobs.lease, kinds=KINDS, now=NOW, until=NOW, limit=10),
}


@pytest.mark.parametrize("what", HOT)
def test_it_goes_by_an_index(filled: Database, what: str):
    plans = filled.write_now(partial(explained, work=HOT[what]))

    assert plans
    assert [plan for plan in plans if READ_WHOLE.search(plan)] == []


@pytest.mark.parametrize("what", ["the next job", "who takes a job"])
def test_jobs_are_not_read_kind_by_kind_to_be_sorted_by_time(filled: Database, what: str):
    plans = "\n".join(filled.write_now(partial(explained, work=HOT[what])))

    assert "jobs" in plans
    assert re.search(r"one_job_of_a_kind|autoindex_jobs|kind=", plans) is None


def test_all_labels_are_told_from_those_alone_who_have_any(filled: Database):
    plans = filled.write_now(partial(explained, work=labels.in_use))

    assert "conversations_by_labels" in "\n".join(plans)


def test_what_does_not_go_by_an_index_is_seen(filled: Database):
    plans = filled.write_now(partial(explained, work=lambda conn: conn.execute(sa.select(events_table.c.role))))

    assert READ_WHOLE.search("\n".join(plans))


def explained(conn: sa.Connection, work: Work) -> list[str]:
    """A plan for each statement that the work sends, line by line."""
    said: list[tuple[str, Any]] = []

    def hear(_conn: object, _cursor: object, statement: str, given: Any, _context: object, many: bool) -> None:
        said.append((statement, given[0] if many else given))

    sa.event.listen(conn, "before_cursor_execute", hear)
    with conn.begin_nested() as aside:
        work(conn)
        aside.rollback()
    sa.event.remove(conn, "before_cursor_execute", hear)
    explain = "EXPLAIN" if conn.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    statements = [(statement, given) for statement, given in said if "SAVEPOINT" not in statement]
    return [
        "\n".join(str(row[-1]) for row in conn.exec_driver_sql(f"{explain} {statement}", given))
        for statement, given in statements
    ]
