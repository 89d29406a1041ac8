"""Turns a page of HTML into Markdown: what it is about, without what stands around that on every page of a site.

Nothing of the page is run, and nothing is fetched. Headings keep the name under which the page can be opened there, as
`## Rooms {#rooms}`, for `chunk.cut_page`.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import msgspec

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
MOST, DEEPEST = 100_000, 200
"""Parts of a page, and how many around each other: what has more is no article, and takes long to read."""
_ABOUT_THE_SITE = ("head", "nav", "header", "footer", "aside")
_NO_WORDS = ("script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math", "canvas", "video")
_CONTROLS = ("form", "button", "select", "textarea", "input", "dialog", "audio", "map")
_AROUND = frozenset((*_ABOUT_THE_SITE, *_NO_WORDS, *_CONTROLS))
_AROUND_BY_ROLE = frozenset(["navigation", "banner", "contentinfo", "complementary", "search", "dialog"])
_PARAGRAPHS = frozenset(["dt", "dd", "summary", "figcaption", "caption", "legend", "address"])
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NOT_A_TABLE = "table, ul, ol, pre, blockquote, " + ", ".join(HEADINGS)
_PERMALINK = frozenset(("", "#", "¶", "§", "🔗", "link"))
_LINKS = ("https", "http", "mailto", "tel")
_AND, _LESS = "\ue003", "\ue004"
"""In words, where Markdown has them with a stroke at most, and the parser's writer would write them as in HTML."""
_OURS = re.compile("[\ue001-\ue004]")
_ENTITY = re.compile(f"{_AND}(?=#?[0-9A-Za-z]+;)")
_MARK = re.compile("\ue001([0-9]+)\ue002")
_ANCHOR = re.compile(r"[^\s{}]+")


class WebPage(msgspec.Struct, frozen=True):
    title: str
    markdown: str


def read(html: bytes, charset: str | None, base: str | None, name: str) -> WebPage:
    """`charset` is what its server said, `base` its address, `name` its title if it does not say one itself.

    ValueError if it is too much for an article.
    """
    root = _parsed(html, charset)
    _measure(root)
    main = _main(root)
    writer = _Writer(base, main)
    writer.tidy()
    return WebPage(_title(root, main) or name, writer.marked(main.to_markdown()))


def _parsed(html: bytes, charset: str | None) -> Any:
    # Imported here: a server that reads no page needs no parser for them.
    from justhtml import JustHTML

    page = JustHTML(html, encoding=charset, sanitize=False)
    # What browsers take when nothing is said; what can be UTF-8 with more than English letters is hardly ever that.
    if page.encoding == "windows-1252" and not html.isascii() and _is_utf8(html):
        page = JustHTML(html, encoding="utf-8", sanitize=False)
    return page.root


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _measure(root: Any) -> None:
    """And takes out the letters that mark our own places."""
    waiting, count = [(root, 0)], 0
    while waiting:
        node, depth = waiting.pop()
        count += 1
        if count > MOST or depth > DEEPEST:
            raise ValueError("it has too many parts for an article")
        if node.name == "#text":
            node.data = _OURS.sub("", node.data or "")
        waiting += [(child, depth + 1) for child in node.children or ()]


def _main(root: Any) -> Any:
    """The element that the page is about, as well as can be told."""
    for selector in ("main", "[role=main]", "article"):
        found = root.query(selector)
        if len(found) == 1 and found[0].to_text():
            return found[0]
    return root.query_one("body") or root


def _title(root: Any, main: Any) -> str:
    first = [words for heading in main.query("h1") if (words := _words(heading))]
    said = root.query_one("head > title")
    if len(first) == 1 or (first and said is None):
        return first[0]
    return _words(said) if said is not None else ""


def _words(node: Any) -> str:
    text = _MARK.sub("", node.to_text(separator="", strip=False)).replace(_AND, "&").replace(_LESS, "<")
    return " ".join(text.split()).strip("¶# ")


def _below(node: Any) -> Iterator[Any]:
    """All nodes below one, as they stand; what a visitor does to a node's children counts."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting += reversed(current.children or ())


class _Writer:
    """Leaves of the tree below `main` what can be Markdown, so that the parser's own writer makes the rest of it."""

    def __init__(self, base: str | None, main: Any) -> None:
        self._base = base
        self._main = main
        self._raw: list[str] = []
        self._code: set[int] = set()
        self._anchor: str | None = None
        """Of the element that begins here: no word has come since."""

    def tidy(self) -> None:
        for node in _below(self._main):
            if node.name == "#text":
                if node.data.strip():
                    self._anchor = None
                if id(node) not in self._code:
                    node.data = node.data.replace("&", _AND).replace("<", _LESS)
            elif not node.name.startswith("#"):
                self._element(node)

    def marked(self, markdown: str) -> str:
        """With what the parser's writer must not have touched."""
        words = _ENTITY.sub(r"\&", markdown).replace(_AND, "&").replace(_LESS, r"\<")
        return _MARK.sub(lambda mark: self._raw[int(mark[1])], words).strip()

    def _element(self, node: Any) -> None:
        self._anchor = _anchor_of(node) or self._anchor
        node.children = [child for child in node.children if self._stays(child, node)]
        if node.name in HEADINGS:
            self._heading(node)
        elif node.name == "table":
            self._table(node)
        elif node.name == "img":
            self._image(node)
        elif node.name == "a":
            self._link(node)
        elif node.name in ("pre", "code"):
            self._code.update(id(part) for part in _below(node))
        elif node.name in ("ul", "ol"):
            _list(node)
        elif node.name in _PARAGRAPHS:
            node.name = "p"
        elif node.name == "details":
            node.name = "div"

    def _stays(self, child: Any, parent: Any) -> bool:
        if child.name.startswith("#"):
            return True
        if _is_hidden(child):
            return False
        if child.name == "header" and parent.name != "body":
            # What is around the heading of an article: its author, its date.
            child.children = [heading for heading in _below(child) if heading.name in HEADINGS]
            return bool(child.children)
        if child.name == "form" and child.query_one("h1, main, article") is not None:
            child.name = "div"  # some servers make one form of the whole page
            return True
        if child.name == "button" and parent.name in HEADINGS:
            child.name = "span"  # it unfolds what the heading is about
            return True
        return child.name not in _AROUND and child.attrs.get("role") not in _AROUND_BY_ROLE

    def _heading(self, node: Any) -> None:
        inside = next((name for child in _below(node) if (name := _anchor_of(child))), None)
        anchor = _anchor_of(node) or inside or self._anchor
        words = _words(_without_permalinks(node))
        node.children = [_text(words)]
        if not words:
            node.name = "div"
        elif anchor is not None:
            node.children.append(self._as_it_is(f" {{#{anchor}}}"))
        self._anchor = None

    def _image(self, node: Any) -> None:
        node.name = "span"
        node.children = [_text(words)] if (words := _OURS.sub("", node.attrs.get("alt") or "").strip()) else []

    def _link(self, node: Any) -> None:
        said = (node.attrs.get("href") or "").strip()
        try:
            href = urljoin(self._base or "", said)
            usable = urlsplit(href).scheme in _LINKS
        except ValueError:
            href, usable = "", False
        if said and usable:
            node.attrs = {"href": quote(href, safe="%!$&'*+,;=:@/?#[]-._~")}
        else:
            node.name = "span"

    def _table(self, node: Any) -> None:
        """Rows and columns, if it is such a table, and not one that puts the page's parts beside each other."""
        rows = [[cell for cell in row.children if cell.name in ("td", "th")] for row in node.query("tr")]
        cells = [[_cell(cell) for cell in row] for row in rows if row]
        width = max(map(len, cells), default=0)
        if width < 2 or node.query_one(_NOT_A_TABLE) is not None:
            for part in list(_below(node)):
                if part.name in ("table", "tbody", "thead", "tfoot", "tr", "td", "th"):
                    part.name = "div"
            return
        lines = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in cells]
        lines.insert(1, "|" + " --- |" * width)
        captions = [_text(_words(caption)) for caption in node.query("caption")]
        node.name, node.attrs = "div", {}
        node.children = [*captions, _paragraph(self._as_it_is("\n".join(lines)))]

    def _as_it_is(self, text: str) -> Any:
        self._raw.append(text)
        return _text(f"\ue001{len(self._raw) - 1}\ue002")


def _is_hidden(node: Any) -> bool:
    said = node.attrs
    if "hidden" in said and said["hidden"] != "until-found":
        return True
    return said.get("aria-hidden") == "true" or bool(_HIDDEN.search(said.get("style") or ""))


def _anchor_of(node: Any) -> str | None:
    """By what the page can be opened there."""
    if node.name.startswith("#"):
        return None
    name = node.attrs.get("id") or (node.attrs.get("name") if node.name == "a" else None)
    return name if name and _ANCHOR.fullmatch(name) else None


def _without_permalinks(heading: Any) -> Any:
    for node in _below(heading):
        if node.name.startswith("#"):
            continue
        node.children = [
            child for child in node.children if child.name != "a" or _words(child).lower() not in _PERMALINK
        ]
        if node.name == "br":
            node.name, node.children = "span", [_text(" ")]
        elif node.name == "img":
            node.name, node.children = "span", [_text(_OURS.sub("", node.attrs.get("alt") or ""))]
    return heading


def _list(node: Any) -> None:
    """An item is a line. A list of what has headings is a way to lay them out."""
    laid_out = node.query_one(", ".join(HEADINGS)) is not None
    if laid_out:
        node.name = "div"
    for item in node.children:
        if laid_out and item.name == "li":
            item.name = "div"
        elif item.name == "li":
            for part in list(_below(item)):
                if part.name in ("p", "div", "section", "article"):
                    part.name = "span"
                    part.children.append(_text(" "))


def _cell(node: Any) -> str:
    return re.sub(r"([|\\*_`<\[\]])", r"\\\1", _words(node))


def _text(words: str) -> Any:
    from justhtml import Text

    return Text(words)


def _paragraph(child: Any) -> Any:
    from justhtml import Element

    made = Element("p", {}, "html")
    made.children = [child]
    return made
