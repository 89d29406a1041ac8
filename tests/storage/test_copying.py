"""From SQLite to PostgreSQL: all of it, the same to everybody who reads it, or nothing."""

import asyncio
import datetime as dt
import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests import newer
from tests.jobs import KINDS
from tests.line import line_to
from tests.postgres import Server
from tests.storage.work import ARTICLES, EMAIL, PASSWORD, QUESTION, ROSA, SITE, Office, fill, now

from havana.accounts.tokens import Tokens
from havana.bus.memory import MemoryBus
from havana.chat.people import Visitor
from havana.ids import new_id
from havana.knowledge import ingest
from havana.knowledge.search import Knowledge
from havana.searching import Searching
from havana.storage import comparing, copying, jobs
from havana.storage.copying import NotCopied
from havana.storage.database import Database
from havana.storage.inbox import Filter
from havana.storage.postgres import PostgresDatabase
from havana.storage.sqlite import FILE, SqliteDatabase
from havana.storage.tables import conversations, events, sites
from havana.storage.tables import jobs as jobs_table
from havana.storage.trouble import DatabaseInUse


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which everything has happened."""
    folder = tmp_path_factory.mktemp("installation")

    async def happen() -> None:
        database = SqliteDatabase.open(folder, serving=True)
        await fill(Office.over(database))
        await database.close()

    asyncio.run(happen())
    return folder


@pytest.fixture
def data(installation: Path, tmp_path: Path) -> Path:
    """A copy of that, to spoil."""
    shutil.copytree(installation, tmp_path / "data")
    return tmp_path / "data"


def nobody_cares(what: str, done: int, total: int) -> None:
    """How it gets on."""


def move(data: Path, url: str, progress: copying.Progress = nobody_cares) -> copying.Copied:
    source = SqliteDatabase.open(data, serving=True)
    try:
        target = copying.open_target(url)
        try:
            return copying.move(source, target, progress)
        finally:
            target.close_now()
    finally:
        source.close_now()


def stored(url: str) -> dict[str, int]:
    """How many rows there are in the tables that have any."""
    database = PostgresDatabase.open(url)
    try:
        return {name: count for name, count in database.read_now(comparing.counts).items() if count}
    finally:
        database.close_now()


async def seen(database: Database) -> dict[str, Any]:
    """What everybody would be shown of it."""
    office, shown = Office.over(database), dict[str, Any]()
    for summary in (await office.reading.list_conversations(ROSA, Filter(), limit=100))["conversations"]:
        conversation = summary["conversation"]
        fold = await office.desk.load(conversation)
        visitor = Visitor(fold.visitor.id, fold.site, fold.visitor.name)
        shown[conversation] = [
            summary,
            fold,
            await office.reading.current(visitor),
            *[await office.reading.followed(who, conversation) for who in (visitor, ROSA)],
            *[await office.reading.history(who, conversation, limit=5) for who in (visitor, ROSA)],
        ]
    shown["inbox"] = await office.reading.inbox(ROSA, Filter())
    for question in (QUESTION, "wlding costs", "Where can I put my bicycle?"):
        shown[question] = await Knowledge(database).search(SITE.id, question)
    search = Searching(database, MemoryBus())
    await search.catch_up()
    shown["found"] = [(await search.find(asked)).hits for asked in ("sell pizza", "coral heron", "is")]
    shown["rosa"] = (await office.sessions.sign_in(EMAIL, PASSWORD, "127.0.0.1")).agent
    tokens = await asyncio.to_thread(Tokens.open, database, now)
    shown["token"] = tokens.for_visitor(Visitor("v", SITE.id, "Coral Heron")).split(".")[:1]
    return shown


def test_an_installation_leaves_something_in_every_table(installation: Path):
    """Else the tests below would prove nothing of those that are empty."""
    database = SqliteDatabase.open(installation)
    assert [name for name, count in database.read_now(comparing.counts).items() if not count] == []
    controls = database.read_now(lambda conn: set(conn.execute(sa.select(conversations.c.control)).scalars()))
    database.close_now()

    assert controls == {"ai", "pending", "human", "closed"}


async def test_everybody_is_shown_the_same_from_postgresql(data: Path, postgres_url: str):
    copied = await asyncio.to_thread(move, data, postgres_url)
    source, target = SqliteDatabase.open(data), PostgresDatabase.open(postgres_url)
    before, after = await seen(source), await seen(target)
    counts = source.read_now(comparing.counts)
    await source.close()
    await target.close()

    assert after == before
    assert len(before[QUESTION]) > 0
    assert min(map(len, before["found"])) > 0
    assert copied.conversations == counts["conversations"] == 12
    # `seen` has signed in.
    assert copied.rows == sum(counts.values()) - 1


async def test_what_is_written_next_comes_after_what_was_brought(data: Path, postgres_url: str):
    await asyncio.to_thread(move, data, postgres_url)
    database = PostgresDatabase.open(postgres_url)
    office = Office.over(database)
    first = (await office.reading.list_conversations(ROSA, Filter(control=("human",))))["conversations"][0]
    before = await office.desk.load(first["conversation"])
    visitor = Visitor(before.visitor.id, before.site, before.visitor.name)
    done = await office.desk.open(visitor, lambda c: c.post(visitor, "Are you still there?", new_id()))
    text = (ARTICLES / "safety-gear-and-tools.md").read_text(encoding="utf-8")
    outcome = await database.write(lambda conn: ingest.put(conn, SITE.id, "/articles/safety.md", text))
    # A job of a worker that was there with the old server waits for nobody.
    far = now() + dt.timedelta(days=365 * 200)
    held = await database.write(lambda conn: jobs.lease(conn, KINDS, far, far, 100))
    await database.close()

    assert done.event is not None
    assert (done.fold.id, done.event.seq) == (before.id, before.seq + 1)
    assert outcome == "added"
    assert len(held) == stored(postgres_url)["jobs"]


def test_progress_is_told_of_both_halves_and_comes_to_the_end_of_each(data: Path, postgres_url: str):
    told: list[tuple[str, int, int]] = []
    copied = move(data, postgres_url, lambda *progress: told.append(progress))

    assert list(dict.fromkeys(what for what, _, _ in told)) == ["Copying", "Comparing"]
    for what in ("Copying", "Comparing"):
        done = [done for named, done, _ in told if named == what]
        assert done == sorted(done)
        assert done[-1] == copied.rows
    assert {total for _, _, total in told} == {copied.rows}


def test_long_logs_and_many_rows_come_in_portions_and_whole(
    data: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(comparing, "ROWS", 3)
    monkeypatch.setattr(copying, "ROWS", 3)
    monkeypatch.setattr(copying, "LETTERS", 500)
    copied = move(data, postgres_url)

    assert sum(stored(postgres_url).values()) == copied.rows


def test_a_database_with_something_in_it_is_left_alone(data: Path, postgres_url: str):
    move(data, postgres_url)
    before = stored(postgres_url)

    with pytest.raises(NotCopied, match=r"has something in it already \(.*12 conversations.*createdb"):
        move(data, postgres_url)
    assert stored(postgres_url) == before


async def test_a_database_that_is_served_is_left_alone(data: Path, postgres_url: str):
    server = PostgresDatabase.open(postgres_url, serving=True)
    with pytest.raises(DatabaseInUse, match=r"using the database to copy to. Stop it"):
        await asyncio.to_thread(move, data, postgres_url)
    await server.close()

    assert stored(postgres_url) == {}


def test_a_server_that_starts_while_everything_is_copied_waits_and_finds_all_of_it(data: Path, postgres_url: str):
    with ThreadPoolExecutor() as beside:
        starting: list[Future[PostgresDatabase]] = []

        def start_one(what: str, done: int, total: int) -> None:
            if not starting:
                starting.append(beside.submit(PostgresDatabase.open, postgres_url, serving=True))

        copied = move(data, postgres_url, start_one)
        server = starting[0].result(timeout=30)
    counts = server.read_now(comparing.counts)
    server.close_now()

    assert sum(counts.values()) == copied.rows


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE articles SET path = path || char(0) WHERE path LIKE '%welding%'", r"row of articles with id \S+: inv"),
        (
            "UPDATE visitors SET name = hex(zeroblob(150)) WHERE blocked_at NOT NULL",
            r"visitors with id \S+: value too",
        ),
        ("UPDATE marks SET seq = 5000000000 WHERE role = 'visitor'", r"marks with conversation_id \S+, reader \S+: "),
    ],
)
def test_what_postgresql_does_not_take_is_named_and_nothing_is_stored(
    data: Path, postgres_url: str, statement: str, named: str
):
    _spoil(data, statement)

    with pytest.raises(NotCopied, match=rf"PostgreSQL does not take the .*{named}.*Nothing was copied; mend it"):
        move(data, postgres_url)
    assert stored(postgres_url) == {}


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE conversations SET preview = 'Bye' WHERE control = 'human'", r"conversation \S+ is not what its log"),
        ("DELETE FROM events WHERE seq = 2 AND kind <> 'claimed'", r"conversation \S+ is not what its log says"),
    ],
)
def test_a_conversation_that_was_wrong_before_is_named_with_the_way_to_mend_it(
    data: Path, postgres_url: str, statement: str, named: str
):
    _spoil(data, statement)

    with pytest.raises(NotCopied, match=rf"Nothing was copied: {named}.*havana rebuild"):
        move(data, postgres_url)
    assert stored(postgres_url) == {}


def test_what_a_newer_release_has_left_is_copied_as_it_is(data: Path, postgres_url: str):
    of_site = sa.select(sites.c.settings).where(sites.c.id == SITE.id)

    def leave(conn: sa.Connection) -> None:
        held = conn.execute(
            sa.select(conversations.c.id).where(conversations.c.control == "human").limit(1)
        ).scalar_one()
        newer.append(conn, held, {"kind": "claimed_by_team", "team": "sales"}, control="on_hold", agent_id=None)
        jobs.want(conn, "translate", held, now())
        settings = conn.execute(of_site).scalar_one()
        mine = sites.update().where(sites.c.id == SITE.id)
        conn.execute(mine.values(settings=settings.replace("{", '{"theme": "dark", ', 1)))

    def found(conn: sa.Connection) -> list[Any]:
        asked = (
            sa.select(events.c.payload).where(events.c.kind == "claimed_by_team"),
            sa.select(conversations.c.seq).where(conversations.c.control == "on_hold"),
            sa.select(jobs_table.c.subject).where(jobs_table.c.kind == "translate"),
            of_site,
        )
        return [conn.execute(one).scalar_one() for one in asked]

    source = SqliteDatabase.open(data)
    source.write_now(leave)
    before = source.read_now(found)
    source.close_now()
    move(data, postgres_url)
    target = PostgresDatabase.open(postgres_url)
    after = target.read_now(found)
    target.close_now()

    assert after == before
    assert before[0] == '{"kind":"claimed_by_team","team":"sales"}'


@pytest.mark.parametrize(
    ("table", "fault", "named"),
    [
        ("marks", "RETURN NULL", r"of \d+ rows of marks, 0 have arrived"),
        (
            "events",
            "NEW.payload = replace(NEW.payload, 'seam', 'dream'); RETURN NEW",
            r"conversation \S+ has other events",
        ),
        ("events", "NEW.at = NEW.at + interval '1 second'; RETURN NEW", r"conversation \S+ has other events"),
        ("conversations", "NEW.shown = NOT NEW.shown; RETURN NEW", r"conversation \S+ is different"),
        ("conversations", "NEW.seq = NEW.seq + 1; RETURN NEW", r"conversation \S+ is different"),
        ("visitors", "NEW.blocked_at = NULL; RETURN NEW", r"the row of visitors with id \S+ is different in the copy"),
        ("chunks_fts", "NEW.also = NEW.also || ' weld'; RETURN NEW", r"chunks_fts has other words than here"),
    ],
)
def test_a_copy_that_is_not_the_same_is_noticed_and_not_stored(
    data: Path, postgres_server: Server, postgres_url: str, table: str, fault: str, named: str
):
    with _at_each_row(postgres_server, postgres_url, table, fault):
        with pytest.raises(NotCopied, match=rf"Nothing was copied: {named}"):
            move(data, postgres_url)

    assert stored(postgres_url) == {}


def test_a_copy_that_is_broken_off_leaves_nothing(data: Path, postgres_url: str):
    def break_off(what: str, done: int, total: int) -> None:
        if what == "Comparing":
            raise InterruptedError

    with pytest.raises(NotCopied, match="Nothing was copied"):
        move(data, postgres_url, break_off)
    assert stored(postgres_url) == {}
    assert move(data, postgres_url).conversations == 12


def test_a_server_that_is_lost_on_the_way_leaves_nothing_and_is_said(data: Path, postgres_url: str):
    with line_to(postgres_url) as (line, url):
        line.cut_after = (b"COPY ", b"SAVEPOINT")
        with pytest.raises(NotCopied, match=r"Nothing was copied: .*Try again"):
            move(data, url)

    assert stored(postgres_url) == {}


def test_whoever_was_not_told_of_the_commit_is_told_how_to_find_out(data: Path, postgres_url: str):
    with line_to(postgres_url) as (line, url):
        line.cut_after = (b"LOCK TABLE", b"COMMIT")
        with pytest.raises(NotCopied, match=r"so all of it is there or nothing. Run it again"):
            move(data, url)
        line.open()
        # The line was cut after the word had passed.
        with pytest.raises(NotCopied, match="has something in it already"):
            move(data, url)


def _spoil(data: Path, statement: str) -> None:
    with closing(sqlite3.connect(data / FILE, isolation_level=None)) as connection:
        assert connection.execute(statement).rowcount > 0


@contextmanager
def _at_each_row(server: Server, url: str, table: str, does: str) -> Iterator[None]:
    """While this lasts, the server does something to whatever comes into a table."""
    server.sql(
        f"CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does}; END $$;"
        f"CREATE TRIGGER meddle BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION meddle();",
        url,
    )
    try:
        yield
    finally:
        server.sql("DROP FUNCTION meddle CASCADE;", url)
