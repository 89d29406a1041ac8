"""Measures the machine: the data folder, SQLite, the database, the built pages, the model."""

import asyncio
import contextlib
import ctypes
import os
import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterable
from contextlib import aclosing
from pathlib import Path

from havana.assistant.interface import Model, ModelFailed, Prompt, Turn
from havana.assistant.models import opening as models
from havana.assistant.models.settings import BUILTIN, ModelSettings
from havana.doctor.findings import Folder, Stored
from havana.mail.message import NotSent
from havana.storage import looking
from havana.storage.looking_server import look
from havana.storage.sqlite import FILE
from havana.storage.trouble import Unusable

TIMEX_SIZE = 512
"""Bytes; more than `struct timex` has anywhere."""
TIME_ERROR = 5
MOUNTS = Path("/proc/mounts")
_ESCAPED = re.compile(r"\\([0-7]{3})")
_ASSET = re.compile(r'(?:src|href)="/(assets/[^"]+)"')


def folder(data: Path) -> Folder:
    """Of a folder that is not there yet, the one that it will be made in is measured."""
    place = data.absolute()
    while not place.exists():
        place = place.parent
    place = place.resolve()
    files = os.statvfs(place)
    sync_s, error = _write(place)
    file = data / FILE
    return Folder(
        path=str(data),
        exists=data.exists(),
        file_system=file_system_of(place, _mounts()),
        free=shutil.disk_usage(place).free,
        # Some file systems count none, and have no limit.
        free_files=files.f_favail if files.f_files else None,
        database=file.stat().st_size if file.is_file() else 0,
        sync_s=sync_s,
        error=error,
    )


def file_system_of(place: Path, mounts: Iterable[str]) -> str | None:
    """The kind of the file system that holds `place`; `mounts` are lines as of /proc/mounts, later ones above."""
    found: tuple[int, str] | None = None
    for line in mounts:
        _, point, kind, *_ = line.split(" ")
        at = Path(_ESCAPED.sub(lambda octal: chr(int(octal[1], 8)), point))
        if place.is_relative_to(at) and (found is None or len(at.parts) >= found[0]):
            found = len(at.parts), kind
    return found[1] if found else None


def has_full_text() -> bool:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.execute("CREATE VIRTUAL TABLE found USING fts5(text)")
        except sqlite3.OperationalError:
            return False
    return True


def stored(data: Path) -> Stored | None:
    file = data / FILE
    if not file.exists():
        return None
    try:
        with contextlib.closing(looking.open_read_only(file)) as connection:
            if (damage := looking.damage(connection)) is not None:
                return Stored(damage=damage)
            if (revision := looking.revision(connection)) is None:
                return Stored()
            return Stored(
                revision=revision, newest=looking.newest(connection), limited=tuple(looking.limited(connection))
            )
    except sqlite3.Error as error:
        return Stored(error=str(error))


def stored_on_server(url: str) -> Stored:
    try:
        seen = look(url)
    except Unusable as error:
        return Stored(error=str(error))
    return Stored(revision=seen.revision, newest=seen.newest, is_served=seen.is_served, limited=tuple(seen.limited))


def clock_is_kept() -> bool | None:
    """Whether the clock is synchronised, as far as the kernel knows (adjtimex(2)); None where it cannot be asked."""
    answer = ctypes.create_string_buffer(TIMEX_SIZE)  # all zero: nothing is to be changed
    try:
        state: int = ctypes.CDLL(None).adjtimex(answer)
    except (OSError, AttributeError):
        return None
    return None if state < 0 else state != TIME_ERROR


def redis(url: str) -> tuple[str | None, str | None]:
    """Its name and version, or why it cannot be used."""
    try:
        # Imported here: most have none.
        from havana.bus.looking import look
    except ImportError:
        return None, "needs more than one server does: pip install 'havana[redis]'"
    try:
        return look(url), None
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        return None, str(error)


def mail(url: str) -> tuple[str, str | None]:
    """Where the mail server is, and why it would not take a letter, if so. Nothing is sent."""
    # Imported here: most have none.
    from havana.mail.smtp import Server

    server = Server.at(url)
    try:
        asyncio.run(server.greet())
    except NotSent as failure:
        return f"{server.host}:{server.port}", failure.reason
    return f"{server.host}:{server.port}", None


def missing_pages(static: Path) -> list[str]:
    """Pages that are not there, and files that a page names and that are not there."""
    missing = []
    for part in ("widget", "console"):
        page = static / part / "index.html"
        if not page.is_file():
            missing.append(f"{part}/index.html")
            continue
        names = _ASSET.findall(page.read_text(encoding="utf-8"))
        missing += [f"{part}/{name}" for name in names if not (static / part / name).is_file()]
    return missing


def model(settings: ModelSettings) -> tuple[str, str | None]:
    """The model's name, and what went wrong with a small request to it. Of a chain each is looked at by itself."""
    try:
        opened = models.open_model(settings)
    except ValueError as error:
        return settings.full_name, str(error)
    if opened.name == BUILTIN:
        return opened.name, None
    return opened.name, asyncio.run(_ask(opened))


async def _ask(opened: Model) -> str | None:
    prompt = Prompt("Answer with one word.", [Turn("visitor", "Say: yes")])
    try:
        async with aclosing(opened.answer(prompt, [])) as pieces:
            said = "".join([piece async for piece in pieces])
    except ModelFailed as failure:
        return failure.detail or failure.reason
    finally:
        await models.close(opened)
    return None if said.strip() else "it answers nothing"


def _write(place: Path) -> tuple[float | None, str | None]:
    """How long a small file takes to be on the disk, or why it cannot be."""
    try:
        with tempfile.NamedTemporaryFile(dir=place, prefix=".havana-doctor.") as file:
            began = time.monotonic()
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
            return time.monotonic() - began, None
    except OSError as error:
        return None, error.strerror or str(error)


def _mounts() -> list[str]:
    try:
        return MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
