"""Reads articles from files: Markdown, text and HTML."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from havana.knowledge import pages, webpage
from havana.knowledge.chunk import Document, cut, cut_page

HTML = (".html", ".htm")
SUFFIXES = (".md", ".markdown", ".txt", *HTML)
LARGEST = 2_000_000
"""Bytes. What is larger is no article, and would make every answer worse; HTML may have more (`pages.LARGEST`)."""


class Unusable(ValueError):
    """No article can be made of it; the message says why."""


class Article(msgspec.Struct, frozen=True):
    """What was read. HTML has a `title`, other text says it itself; `url` is where a page was found."""

    text: str
    title: str | None = None
    url: str | None = None

    def cut(self, name: str) -> Document:
        if self.title is not None:
            return cut_page(self.text, self.title, self.url)
        document = cut(self.text, name)
        # A page of plain text has no headings to lead to, but its own address may have been written into it.
        return document if document.url or not self.url else _without_anchors(document, self.url)


def inside(paths: Iterable[Path]) -> list[Path]:
    """Every file once, by its full path: the name under which it is known and found again."""
    return list(dict.fromkeys(file for path in paths for file in _inside(path.resolve())))


def read(file: Path) -> Article:
    """`Unusable` says what is wrong with it."""
    suffix = file.suffix.lower()
    if suffix not in SUFFIXES:
        raise Unusable(f"not a kind of file that can be read ({', '.join(SUFFIXES)} can)")
    largest = pages.LARGEST if suffix in HTML else LARGEST
    try:
        if file.stat().st_size > largest:
            raise Unusable(f"larger than {largest // 1_000_000} MB")
        data = file.read_bytes()
    except OSError as error:
        raise Unusable((error.strerror or "cannot be read").lower()) from None
    return of_html(data, None, None, file.stem) if suffix in HTML else Article(as_text(data, None))


def of_page(page: pages.Page) -> Article:
    """What a page of the web says."""
    if page.is_html:
        return of_html(page.body, page.charset, page.url, name_of(page.url))
    return Article(as_text(page.body, page.charset), url=page.url)


def of_html(data: bytes, charset: str | None, url: str | None, name: str) -> Article:
    found = webpage.read(data, charset, url, name)
    return Article(found.markdown, found.title, url)


def as_text(data: bytes, charset: str | None) -> str:
    try:
        text = data.decode(charset or "utf-8")
    except (UnicodeDecodeError, LookupError):
        raise Unusable(f"not text in {(charset or 'utf-8').upper()}") from None
    if "\0" in text:
        raise Unusable(f"not text in {(charset or 'utf-8').upper()}")
    return text


def name_of(path: str) -> str:
    """A title for what has none."""
    return Path(path).stem.replace("-", " ").replace("_", " ").capitalize()


def _without_anchors(document: Document, url: str) -> Document:
    chunks = tuple(msgspec.structs.replace(chunk, anchor=None) for chunk in document.chunks)
    return Document(document.title, url, chunks)


def _inside(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for file in sorted(path.rglob("*")):
        if file.suffix.lower() in SUFFIXES and _visible(file.relative_to(path)) and not file.is_dir():
            yield file


def _visible(path: Path) -> bool:
    return not any(part.startswith(".") for part in path.parts)
