"""A copy of the database while it is served, and the way back.

    backup     havana.db ──copy──▶ part ──check, sync──▶ FILE
    restore    FILE ──copy──▶ part ──check, migrate, renew──▶ havana.db, the old one kept beside it

A file gets its name only when it is whole and on the disk: whatever happens on the way, what had the name has it still.
"""

import contextlib
import datetime as dt
import itertools
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import sqlalchemy as sa

from havana.ids import new_id
from havana.storage import jobs, migrations
from havana.storage.looking import damage, newest, open_read_only, revision
from havana.storage.sqlite import ASIDE, FILE, LOCK, lock
from havana.storage.tables import conversations, live_tokens, sessions, sign_in_links
from havana.storage.trouble import Unusable

COMPANIONS = ("-wal", "-shm", "-journal")
"""SQLite's own files beside a database; they belong to it alone."""


class Exists(Unusable):
    """Something stands where the result should go, and nobody said that it may be replaced."""


class NotABackup(Unusable):
    """The file is not a whole database of Havana's."""


class Saved(msgspec.Struct, frozen=True):
    """`newest` is the time of the last event in the copy, `kept` where the database went that it replaced."""

    size: int
    newest: dt.datetime | None
    kept: Path | None = None


def backup(data: Path, file: Path, *, force: bool = False) -> Saved:
    """Copies the database of a data folder, served or not, to a file that holds everything."""
    source = data / FILE
    if not source.is_file():
        raise Unusable(f"There is no database in {data}. Name the folder with --data.")
    if not file.absolute().parent.is_dir():
        raise Unusable(f"There is no folder {file.parent}.")
    if file.exists() and not force:
        raise Exists(f"{file} exists. Choose another name, or replace it with --force.")
    with _part(file) as part:
        try:
            _copy(source, part)
        except sqlite3.Error as error:
            raise Unusable(f"{source} could not be copied to {file}: {error}.") from None
        found = _checked(part, source)
        _sync(part)
        part.replace(file)
        _sync(file.parent)
    return Saved(file.stat().st_size, found)


def restore(file: Path, data: Path, now: dt.datetime, *, force: bool = False) -> Saved:
    """Makes the backup the database of a folder that nobody serves (else `DatabaseInUse`).

    Its conversations begin a new log each: a client that has seen more than the backup knows would else take what is
    said from now on for what it has already seen. Whoever was signed in signs in again, for the backup may hold
    sessions and links that were ended since.
    """
    data.mkdir(parents=True, exist_ok=True)
    current = data / FILE
    with lock(data):
        if current.exists() and not force:
            raise Exists(f"{current} exists. With --force it is kept under another name, and replaced.")
        with _part(current) as part:
            try:
                _copy(file, part)
            except sqlite3.Error as error:
                raise NotABackup(f"{file} is not a backup of Havana's, or is damaged: {error}.") from None
            _checked(part, file)
            found = _renew(part)
            _belong_alike((part, data / LOCK), current if current.exists() else data)
            _sync(part)
            with _set_aside(current, now) as kept:
                part.replace(current)
            _sync(data)
    return Saved(current.stat().st_size, found, kept)


@contextlib.contextmanager
def _part(file: Path) -> Iterator[Path]:
    """A file beside the one that it shall become. It is for its owner only: a database holds secrets."""
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".part", dir=file.parent)
    os.close(handle)
    part = Path(name)
    try:
        yield part
    finally:
        for suffix in ("", *COMPANIONS):
            part.with_name(part.name + suffix).unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    with contextlib.closing(open_read_only(source)) as origin, contextlib.closing(sqlite3.connect(target)) as copy:
        # In one step, which sees one moment and keeps nobody from writing. A copy in several steps would begin anew
        # at every commit of the server.
        origin.backup(copy)
        # One file, without companions, until somebody serves it.
        copy.execute("PRAGMA journal_mode = DELETE")


def _checked(part: Path, named: Path) -> dt.datetime | None:
    """Sees to it that the copy is whole and ours; tells when its newest event was."""
    with contextlib.closing(open_read_only(part)) as copy:
        if (found := damage(copy)) is not None:
            raise NotABackup(f"{named} is damaged: {found}.")
        if revision(copy) is None:
            raise NotABackup(f"{named} is a database, but not Havana's.")
        return newest(copy)


def _renew(part: Path) -> dt.datetime | None:
    """Brings the copy to this release, and ends what must not go on as it was."""
    engine = sa.create_engine(f"sqlite:///{part}")
    try:
        with engine.begin() as conn:
            migrations.upgrade(conn)
            ids = conn.execute(sa.select(conversations.c.id)).scalars().all()
            if ids:
                renewed = conversations.update().where(conversations.c.id == sa.bindparam("this"))
                fresh = [{"this": this, "fresh": new_id()} for this in ids]
                conn.execute(renewed.values(log=sa.bindparam("fresh")), fresh)
            jobs.release_all(conn)
            conn.execute(live_tokens.delete())
            conn.execute(sessions.delete())
            conn.execute(sign_in_links.delete())
            return conn.execute(sa.select(sa.func.max(conversations.c.at))).scalar()
    finally:
        engine.dispose()


@contextlib.contextmanager
def _set_aside(current: Path, now: dt.datetime) -> Iterator[Path | None]:
    """Renames the database and its companions, which belong to it and would damage another.

    Back again where its successor does not come: the next start would make an empty one in its place.
    """
    stem = f"{current.name}{ASIDE}{now:%Y%m%dT%H%M%SZ}"
    names = (current.with_name(stem + (f"-{n}" if n > 1 else "")) for n in itertools.count(1))
    kept = next(name for name in names if not name.exists())
    had_one = current.exists()
    _rename(current, kept)
    try:
        yield kept if had_one else None
    except BaseException:
        _rename(kept, current)
        raise


def _rename(database: Path, name: Path) -> None:
    for suffix in ("", *COMPANIONS):
        with contextlib.suppress(FileNotFoundError):
            database.with_name(database.name + suffix).rename(name.with_name(name.name + suffix))


def _belong_alike(paths: tuple[Path, ...], model: Path) -> None:
    """Whoever restores may be root, and the server somebody else."""
    owner = model.stat()
    for path in paths:
        with contextlib.suppress(PermissionError):
            os.chown(path, owner.st_uid, owner.st_gid)
    if model.is_file():
        paths[0].chmod(owner.st_mode & 0o777)


def _sync(path: Path) -> None:
    """A name is on the disk when its folder is."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
