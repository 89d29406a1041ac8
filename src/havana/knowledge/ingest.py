"""Puts articles into the knowledge of a site: files, folders of them, and pages of the web.

Adding the same again changes nothing; what has changed replaces what it said before. What cannot be used is named with
the reason, and the others go in. Where things came from is remembered, for `syncing.py`.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import msgspec

from havana.ids import new_id
from havana.knowledge import files, pages
from havana.knowledge.chunk import VERSION
from havana.knowledge.files import Article, Unusable
from havana.storage import articles, sources
from havana.storage.database import Connection, Database
from havana.storage.sources import FILE, FOLDER, PAGE, Source

Fetch = Callable[[str, str | None, str | None], pages.Page | None]
"""A page by its address, and what its server said of what is stored (`pages.fetch`)."""
Progress = Callable[[int, int], None]
"""Is told how many are done, and of how many."""


class Skipped(msgspec.Struct, frozen=True):
    """What was not taken, and why."""

    path: str
    reason: str


class Report(msgspec.Struct):
    """What reading did, by path or address."""

    added: list[str] = []
    updated: list[str] = []
    unchanged: list[str] = []
    removed: list[str] = []
    skipped: list[Skipped] = []


def nobody(done: int, total: int) -> None:
    """Progress for nobody to see."""


def is_address(place: str) -> bool:
    return place.lower().startswith(("http://", "https://"))


def add(
    database: Database,
    site: str,
    places: Sequence[Path | str],
    progress: Progress = nobody,
    fetch: Fetch = pages.fetch_now,
) -> Report:
    """Add files, all articles in folders, and pages to a site (its id). Each article is stored on its own.

    Paths are files and folders, strings are addresses of pages.
    """
    report = Report()
    paths = [place.resolve() for place in places if isinstance(place, Path)]
    now = dt.datetime.now(dt.UTC)
    for folder in (path for path in paths if path.is_dir()):
        database.write_now(partial(sources.remember, site=site, source=Source(FOLDER, str(folder)), now=now))
    addresses = [place for place in places if isinstance(place, str)]
    take(database, site, [*files.inside(paths), *addresses], report, progress, fetch, set(paths))
    return report


def take(
    database: Database,
    site: str,
    places: Sequence[Path | str],
    report: Report,
    progress: Progress,
    fetch: Fetch,
    asked: set[Path],
) -> None:
    """Reads files and pages, into the report too. Files that were `asked` for by name are remembered."""
    known = {source.place: source for source in database.read_now(partial(sources.of_site, site=site))}
    for done, place in enumerate(places):
        progress(done, len(places))
        name = str(place) if isinstance(place, Path) else pages.without_password(place)
        try:
            if isinstance(place, Path):
                source = Source(FILE, name) if place in asked else None
                outcome = _store(database, site, name, files.read(place), source)
            else:
                name = pages.normal(place)
                outcome = _page(database, site, name, known.get(name), fetch)
        except ValueError as error:
            report.skipped.append(Skipped(name, str(error)))
        else:
            getattr(report, outcome).append(name)
    progress(len(places), len(places))


def put(conn: Connection, site: str, path: str, text: str) -> str:
    """Store one article of Markdown or text. Says what it was: added, updated or unchanged. ValueError if there are no
    words in it.
    """
    return put_article(conn, site, path, Article(text))


def put_article(conn: Connection, site: str, path: str, read: Article) -> str:
    """The same for an article of any kind."""
    said = "\0".join((str(VERSION), read.title or "", read.url or "", read.text))
    digest = hashlib.sha256(said.encode()).hexdigest()
    before = articles.digest_of(conn, site, path)
    if before == digest:
        return "unchanged"
    document = read.cut(files.name_of(path))
    if not document.chunks:
        raise Unusable("there is no text in it")
    if document.url is not None and not document.url.startswith(("https://", "http://")):
        raise Unusable(f"its url must begin with https://, not {document.url[:40]!r}")
    article = articles.NewArticle(new_id(), site, path, document.title, document.url, read.text, digest)
    passages = [articles.NewPassage(c.heading, c.text, c.plain, c.questions, c.anchor) for c in document.chunks]
    articles.store(conn, article, passages, dt.datetime.now(dt.UTC))
    return "added" if before is None else "updated"


def _page(database: Database, site: str, url: str, known: Source | None, fetch: Fetch) -> str:
    found = fetch(url, known.etag, known.modified) if known is not None else fetch(url, None, None)
    if found is None:
        return "unchanged"
    source = Source(PAGE, url, found.etag, found.modified)
    return _store(database, site, url, files.of_page(found), source)


def _store(database: Database, site: str, path: str, read: Article, source: Source | None) -> str:
    def work(conn: Connection) -> str:
        outcome = put_article(conn, site, path, read)
        if source is not None:
            sources.remember(conn, site, source, dt.datetime.now(dt.UTC))
        return outcome

    return database.write_now(work)
