"""A real PostgreSQL server for the tests: made in a moment, forgotten at the end, with a database for each test."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import asyncpg
from tests.ports import free_port

from havana.storage import migrations
from havana.storage.aside import Aside
from havana.storage.postgres import PostgresDatabase
from havana.storage.tables import metadata

ROOT = Path(__file__).resolve().parent.parent
QUICK = {
    "fsync": "off",
    "deadlock_timeout": "50ms",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "200",
}
"""Nothing here has to outlive a power cut. What a server promises about that is its own business."""
TEMPLATE = "havana_template"
INDEXES = ("chunks_fts", "search_lines")
EMPTY = "".join(f"DELETE FROM {name};" for name in (*INDEXES, *(t.name for t in reversed(metadata.sorted_tables))))
WHOLE = "SELECT version_num FROM alembic_version"


class NoServer(Exception):
    pass


class Server:
    """Listens on `port` of this machine. It does not run as root, whoever starts it."""

    def __init__(self, settings: Mapping[str, str] = QUICK) -> None:
        found = subprocess.run([ROOT / "scripts" / "find-postgres"], check=False, capture_output=True, text=True)
        if found.returncode:
            raise NoServer(found.stderr.strip().splitlines()[-1])
        self.folder = Path(tempfile.mkdtemp(prefix="havana-postgres-"))
        self._bin = Path(found.stdout.strip())
        self._data = self.folder / "data"
        self._user = _somebody() if os.getuid() == 0 else None
        if self._user is not None:
            shutil.chown(self.folder, self._user)
        self.port = free_port()
        self._settings = settings
        self._databases = 0
        self._free: list[str] = []
        self._aside = Aside()
        self._run("initdb", "--pgdata", self._data, "--username", "havana", "--auth", "trust", "--encoding", "UTF8")
        self.start()
        try:
            self.sql(f"CREATE DATABASE {TEMPLATE}")
            PostgresDatabase.open(self.url(TEMPLATE)).close_now()
        except BaseException:
            # Nobody else knows of it yet.
            self.close()
            raise

    def url(self, name: str) -> str:
        return f"postgresql://havana:secret@127.0.0.1:{self.port}/{name}"

    def database(self) -> str:
        """The address of a database that is migrated and empty, until it is given back."""
        if self._free:
            return self._free.pop()
        self._databases += 1
        name = f"test_{self._databases}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return self.url(name)

    def give_back(self, url: str) -> None:
        """Emptied for the next test, which is quicker than a new one and takes no room; dropped if it was changed."""
        try:
            self.sql(EMPTY, url)
            whole = [row[0] for row in self.sql(WHOLE, url)] == [migrations.HEAD]
        except (asyncpg.PostgresError, TimeoutError):
            whole = False
        if whole:
            self._free.append(url)
        else:
            self.sql(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    @property
    def pid(self) -> int:
        """Of the process from which all the others of this server come."""
        return int((self._data / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])

    def sql(self, statement: str, url: str = "") -> list[Any]:
        """What the statement answers, without Havana in between."""
        return self._aside.run(_rows(url or self.url("postgres"), statement))

    def start(self) -> None:
        settings = [f"-c {name}={value}" for name, value in self._settings.items()]
        options = " ".join(["-h 127.0.0.1", f"-p {self.port}", f"-k {self.folder}", *settings])
        self._run(
            "pg_ctl", "start", "--wait", "--pgdata", self._data, "--log", self.folder / "log", "--options", options
        )

    def stop(self) -> None:
        """As if it had been killed."""
        self._run("pg_ctl", "stop", "--wait", "--mode", "immediate", "--pgdata", self._data)

    def close(self) -> None:
        self.stop()
        self._aside.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self._bin / program), *map(str, arguments)]
        # With its own file for what it says: a server that goes on would keep a pipe open.
        with (self.folder / "said").open("a+") as said:
            done = subprocess.run(
                command, check=False, cwd="/", stdout=said, stderr=said, stdin=subprocess.DEVNULL, user=self._user
            )
        if done.returncode:
            raise NoServer((self.folder / "said").read_text())


async def _rows(url: str, statement: str) -> list[Any]:
    connection = await asyncpg.connect(url, command_timeout=10)
    try:
        if ";" not in statement:
            return list(await connection.fetch(statement))
        await connection.execute(statement)
        return []
    finally:
        await connection.close()


def _somebody() -> str:
    """A user who is not root: PostgreSQL refuses to be run by root."""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
