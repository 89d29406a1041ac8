"""Puts articles into the knowledge of a site: files and folders of Markdown or text.

Adding the same again changes nothing; a changed file replaces what it said before. A file that cannot be
used is named with the reason, and the others go in.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import msgspec

from havana.ids import new_id
from havana.knowledge.chunk import cut
from havana.storage import articles
from havana.storage.database import Connection, Database

SUFFIXES = (".md", ".markdown", ".txt")
LARGEST = 2_000_000
"""Bytes. What is larger is no article, and would make every answer worse."""


class Skipped(msgspec.Struct, frozen=True):
    """A file that was not taken, and why."""

    path: str
    reason: str


class Report(msgspec.Struct):
    """What adding did, by path."""

    added: list[str] = []
    updated: list[str] = []
    unchanged: list[str] = []
    skipped: list[Skipped] = []


class _Unusable(ValueError):
    pass


def add(database: Database, site: str, paths: Iterable[Path]) -> Report:
    """Add files, and all articles in folders, to a site (its id). Each article is stored on its own."""
    report = Report()
    for file in _files(paths):
        name = str(file)
        try:
            outcome = database.write_now(partial(put, site=site, path=name, text=_read(file)))
        except ValueError as error:
            report.skipped.append(Skipped(name, str(error)))
        else:
            getattr(report, outcome).append(name)
    return report


def put(conn: Connection, site: str, path: str, text: str) -> str:
    """Store one article. Says what it was: added, updated or unchanged. ValueError if there are no words in
    it.
    """
    digest = hashlib.sha256(text.encode()).hexdigest()
    before = articles.digest_of(conn, site, path)
    if before == digest:
        return "unchanged"
    document = cut(text, Path(path).stem.replace("-", " ").replace("_", " ").capitalize())
    if not document.chunks:
        raise ValueError("there is no text in it")
    if document.url is not None and not document.url.startswith(("https://", "http://")):
        raise ValueError(f"its url must begin with https://, not {document.url[:40]!r}")
    article = articles.NewArticle(new_id(), site, path, document.title, document.url, text, digest)
    passages = [articles.NewPassage(c.heading, c.text, c.plain, c.questions) for c in document.chunks]
    articles.store(conn, article, passages, dt.datetime.now(dt.UTC))
    return "added" if before is None else "updated"


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """Every file once, by its full path: the name under which it is known and found again."""
    seen: set[Path] = set()
    for path in (path.resolve() for path in paths):
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in inside:
            wanted = file == path or (file.suffix.lower() in SUFFIXES and _visible(file.relative_to(path)))
            if wanted and file not in seen and not file.is_dir():
                seen.add(file)
                yield file


def _visible(path: Path) -> bool:
    return not any(part.startswith(".") for part in path.parts)


def _read(file: Path) -> str:
    if file.suffix.lower() not in SUFFIXES:
        raise _Unusable(f"not a kind of file that can be read ({', '.join(SUFFIXES)} can)")
    try:
        if file.stat().st_size > LARGEST:
            raise _Unusable(f"larger than {LARGEST // 1_000_000} MB")
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise _Unusable("not text in UTF-8") from None
    except OSError as error:
        raise _Unusable((error.strerror or "cannot be read").lower()) from None
    if "\0" in text:
        raise _Unusable("not text in UTF-8")
    if not cut(text, file.stem).chunks:
        raise _Unusable("there is no text in it")
    return text
