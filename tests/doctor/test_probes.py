"""Measuring a real folder, a real database, real pages and a model behind real HTTP."""

import asyncio
import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.assistant.asking import HELLO, KEY
from tests.assistant.openai_server import OpenAIServer, ends, refuses, reply
from tests.ports import free_port
from tests.redis_server import Server

from havana.assistant.models.settings import ModelSettings
from havana.chat.fold import Fold
from havana.chat.people import Person
from havana.doctor import probes
from havana.doctor.findings import Stored
from havana.ids import new_id
from havana.storage import looking, migrations
from havana.storage.history import fold_row
from havana.storage.sqlite import FILE, SqliteDatabase
from havana.storage.tables import conversations

NOW = dt.datetime(2026, 1, 1, 10, 0, 0, 500_000, tzinfo=dt.UTC)

MOUNTS = [
    "/dev/sda1 / ext4 rw,relatime 0 0",
    "tmpfs /run tmpfs rw 0 0",
    "server:/export /srv/chat nfs4 rw 0 0",
    "/dev/sdb1 /srv/chat/my\\040disk xfs rw 0 0",
    "/dev/sdc1 /mnt ext4 rw 0 0",
    "//nas/share /mnt cifs rw 0 0",
]


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/var/lib/havana", "ext4"),
        ("/runner", "ext4"),
        ("/run/havana", "tmpfs"),
        ("/srv/chat", "nfs4"),
        ("/srv/chat/my disk/data", "xfs"),
        ("/mnt/data", "cifs"),
    ],
)
def test_a_folder_lies_on_what_was_mounted_nearest_and_last(place: str, kind: str):
    assert probes.file_system_of(Path(place), MOUNTS) == kind


def test_without_a_list_of_mounts_the_kind_is_unknown():
    assert probes.file_system_of(Path("/data"), []) is None


def test_a_folder_is_measured_without_leaving_anything_in_it(tmp_path: Path):
    folder = probes.folder(tmp_path)

    assert folder.exists
    assert folder.error is None
    assert folder.sync_s is not None
    assert folder.sync_s > 0
    assert folder.free > 0
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path):
    folder = probes.folder(tmp_path / "new" / "data")

    assert (folder.exists, folder.error) == (False, None)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_to_says_why(tmp_path: Path):
    (tmp_path / "file").write_text("")

    assert probes.folder(tmp_path / "file" / "data").error == "Not a directory"


def test_a_database_is_looked_at_while_it_is_served(tmp_path: Path):
    server = SqliteDatabase.open(tmp_path, serving=True)

    assert looking.is_served(tmp_path)
    assert probes.stored(tmp_path) == Stored(revision=migrations.HEAD, newest=None)
    server.close_now()
    assert not looking.is_served(tmp_path)


def test_the_newest_message_is_found(tmp_path: Path):
    SqliteDatabase.open(tmp_path).close_now()
    # Without foreign keys: these conversations need no site and no visitor.
    with sa.create_engine(f"sqlite:///{tmp_path / FILE}").begin() as conn:
        for at in (NOW, NOW + dt.timedelta(days=1), None):
            fold = Fold(id=new_id(), log="", site="", visitor=Person("", ""), at=at)
            conn.execute(conversations.insert().values(**fold_row(fold)))

    stored = probes.stored(tmp_path)

    assert stored is not None
    assert stored.newest == NOW + dt.timedelta(days=1)


def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path):
    assert probes.stored(tmp_path) is None
    (tmp_path / FILE).write_text("Dear diary, " * 100)
    assert probes.stored(tmp_path) == Stored(error="file is not a database")


def test_a_redis_says_what_it_is_and_why_it_cannot_be_used(redis_server: Server):
    name, error = probes.redis(redis_server.url)
    assert (name is not None and name.split()[0] in ("Redis", "Valkey"), error) == (True, None)

    closed = redis_server.url.replace(str(redis_server.port), str(free_port()))
    name, error = probes.redis(closed)
    assert (name, error is not None and "Connect call failed" in error) == (None, True)


def test_a_page_is_missing_with_any_of_its_files(tmp_path: Path):
    (tmp_path / "widget" / "assets").mkdir(parents=True)
    (tmp_path / "widget" / "index.html").write_text('<script src="/assets/a.js"></script><link href="/assets/b.css">')
    (tmp_path / "widget" / "assets" / "a.js").write_text("")

    assert probes.missing_pages(tmp_path) == ["widget/assets/b.css", "console/index.html"]


async def ask(server: OpenAIServer) -> str | None:
    settings = ModelSettings("openai:test", KEY, server.url, first_token_s=5, retry_s=0.01)
    name, error = await asyncio.to_thread(probes.model, settings)
    assert name == "openai:test"
    return error


async def test_a_model_that_answers_is_well_and_was_asked_once_with_few_words():
    async with OpenAIServer(HELLO) as server:
        assert await ask(server) is None

    [request] = server.requests
    assert len(str(request.body["messages"])) < 200


async def test_a_model_that_refuses_the_key_is_quoted_without_it():
    message = {"message": f"Incorrect API key provided: {KEY}", "code": "invalid_api_key"}
    async with OpenAIServer(refuses(401, message)) as server:
        error = await ask(server)

    assert error is not None
    assert "401" in error
    assert "Incorrect API key" in error
    assert KEY not in error


async def test_a_model_that_answers_nothing_is_not_well():
    async with OpenAIServer(reply(*ends())) as server:
        assert await ask(server) is not None


def test_without_a_model_nothing_is_asked_and_a_wrong_name_is_said():
    assert probes.model(ModelSettings()) == ("builtin", None)
    assert probes.model(ModelSettings("banana:x", "key")) == (
        "banana:x",
        "unknown model 'banana:x': say PROVIDER:NAME (openai, anthropic, google, ollama …), or builtin",
    )
