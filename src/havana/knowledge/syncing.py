"""Reads anew what was added to the knowledge of a site, and takes out what is to go.

What is not there any more is removed. What cannot be read at this moment (a page whose server is away, a folder on a
disk that is not mounted) is named, and keeps what it said. Articles that were written here are left alone.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import msgspec

from havana.knowledge import files, pages
from havana.knowledge.ingest import Fetch, Progress, Report, Skipped, is_address, nobody, take
from havana.storage import articles, sources
from havana.storage.database import Connection, Database
from havana.storage.sources import FOLDER, Source


class NothingThere(Exception):
    """No article has come from this place."""


class Removed(msgspec.Struct, frozen=True):
    """`coming_back` are those that a folder still has: its next sync will bring them again."""

    paths: list[str]
    coming_back: list[tuple[str, str]]


def sync(database: Database, site: str, progress: Progress = nobody, fetch: Fetch = pages.fetch_now) -> Report:
    """Everything that was added to a site (its id), as it is now."""
    report = Report()
    known, places = database.read_now(lambda conn: (sources.of_site(conn, site), _places(conn, site)))
    folders = [Path(source.place) for source in known if source.kind == FOLDER]
    away = [folder for folder in folders if not folder.is_dir()]
    report.skipped += [Skipped(str(folder), "the folder is not there; what it said is kept") for folder in away]
    there = files.inside(folder for folder in folders if folder not in away)
    named = {Path(place) for place in places if not is_address(place)}
    gone = _gone(sorted(named.difference(there)), folders, away, report)
    database.write_now(partial(_forget, site=site, places=[str(path) for path in gone]))
    report.removed += [str(path) for path in gone]
    asked = {Path(source.place) for source in known if source.kind != FOLDER}
    reading = sorted(path for path in named.union(there) if path.exists())
    addresses = [place for place in places if is_address(place)]
    take(database, site, [*reading, *addresses], report, progress, fetch, asked)
    return report


def remove(database: Database, site: str, asked: Sequence[str]) -> Removed:
    """Takes out articles by path or address, and all that came from a folder; all that was asked for, or nothing."""
    return database.write_now(partial(_remove, site=site, asked=asked))


def _remove(conn: Connection, site: str, asked: Sequence[str]) -> Removed:
    known, places = sources.of_site(conn, site), _places(conn, site)
    every = [*places, *(source.place for source in known if source.kind == FOLDER)]
    going: dict[str, None] = {}
    for place in asked:
        found = [each for each in every if _is_from(place)(each)]
        if not found:
            raise NothingThere(place)
        going |= dict.fromkeys(found)
    _forget(conn, site, list(going))
    staying = [source for source in known if source.kind == FOLDER and source.place not in going]
    paths = [place for place in going if place in places]
    return Removed(paths, [(path, folder) for path in paths if (folder := _around(path, staying))])


def _is_from(place: str) -> Callable[[str], bool]:
    if is_address(place):
        wanted = pages.normal(place)
        return lambda each: each == wanted
    path = Path(place).resolve()
    return lambda each: not is_address(each) and Path(each).is_relative_to(path)


def _around(path: str, folders: Sequence[Source]) -> str | None:
    if is_address(path) or not Path(path).exists():
        return None
    return next((folder.place for folder in folders if Path(path).is_relative_to(folder.place)), None)


def _places(conn: Connection, site: str) -> list[str]:
    """Files and pages that articles come from, or should: whoever has no place outside is left alone."""
    named = [source.place for source in sources.of_site(conn, site) if source.kind != FOLDER]
    places = dict.fromkeys([*articles.paths(conn, site), *named])
    return [place for place in places if is_address(place) or Path(place).is_absolute()]


def _gone(missing: Sequence[Path], folders: Sequence[Path], away: Sequence[Path], report: Report) -> list[Path]:
    """Of files that no folder has: those that are no more. Where their own folder is gone too, nobody can tell."""
    gone = []
    for path in missing:
        if path.exists() or any(path.is_relative_to(folder) for folder in away):
            continue
        if path.parent.is_dir() or any(path.is_relative_to(folder) for folder in folders):
            gone.append(path)
        else:
            report.skipped.append(Skipped(str(path), "its folder is not there; what it said is kept"))
    return gone


def _forget(conn: Connection, site: str, places: Sequence[str]) -> None:
    articles.remove(conn, site, places)
    sources.forget(conn, site, places)
