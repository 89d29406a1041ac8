"""Cuts an article into passages: paragraph-sized pieces that can be found and quoted on their own.

An article is Markdown or plain text. Besides the usual it may say how visitors ask for it:

    ---
    title: Housing
    url: https://example.com/housing
    also: Where do students live?
    ---
    ## Living on campus {#dorms}
    also: Do you have dorms?

`also:` lines in front matter ask for the whole article, those below a heading for that section. They are
searched, never shown. What stands below a heading can be linked to: by the name in braces, else by the one that
GitHub and most site generators make of a heading (`living-on-campus`).
"""

import re
from collections.abc import Callable, Iterator
from itertools import count

import msgspec

ENOUGH = 600
"""Characters: short paragraphs of a section share a passage up to this size, and longer ones are split near
it."""
LONGEST_LIST = 2000
"""Lists and tables stay whole up to this size, because half a list is a wrong answer."""

VERSION = 2
"""Of the way in which articles are cut: what was cut in another way is cut anew when it is read again."""
BELOW = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "
"""Between a heading and the one below it."""

_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*$")
_NAMED = re.compile(r"\s*\{#([^\s{}]+)\}\s*#*$")
_ALSO = re.compile(r"also:\s*(.*)$", re.IGNORECASE)
_ITEM = re.compile(r"\s*([-*+]|\d+[.)])\s+")
_FENCE = re.compile(r"\s*(```|~~~)")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=[^a-z\s])")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"(?<!\\)</?[a-zA-Z][^>]*>")
_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_NO_SLUG = re.compile(r"[^\w\- ]")
_MARKUP = re.compile(r"[*`~|]+|(?<!\w)_+|_+(?!\w)|^\s*>+", re.MULTILINE)


class Chunk(msgspec.Struct, frozen=True):
    """One passage: `text` is quoted (Markdown), `plain` and each of `questions` are searched.

    `heading` is the path of headings above it, without the title; `anchor` is the fragment that leads there.
    """

    heading: str
    text: str
    plain: str
    questions: tuple[str, ...] = ()
    anchor: str | None = None


class Document(msgspec.Struct, frozen=True):
    """An article as it was written, in reading order."""

    title: str
    url: str | None
    chunks: tuple[Chunk, ...]


class _Step(msgspec.Struct, frozen=True):
    """A heading on the way to a section."""

    level: int
    words: str
    anchor: str | None


class _Section:
    def __init__(self, level: int, heading: str, anchor: str | None = None) -> None:
        self.level = level
        self.heading = heading
        self.anchor = anchor
        self.questions: list[str] = []
        self.lines: list[str] = []


def cut(source: str, name: str) -> Document:
    """The passages of an article; `name` is its title if it does not say one itself."""
    fields, body = _front_matter(source.lstrip("\ufeff").replace("\r\n", "\n"))
    title = next(iter(fields.get("title", [])), "")
    sections = _sections(_COMMENT.sub("", body).split("\n"), _slugs())
    if not title:
        title = next((section.heading for section in sections if section.level == 1), name)
    chunks = [chunk for section in sections for chunk in _passages(section, title)]
    asked = tuple(fields.get("also", ()))
    if chunks and asked:
        first = chunks[0]
        chunks[0] = msgspec.structs.replace(first, questions=(*asked, *first.questions))
    return Document(title, next(iter(fields.get("url", [])), None), tuple(chunks))


def cut_page(markdown: str, title: str, url: str | None) -> Document:
    """The passages of what was a page of HTML: nothing in it is for us, and no heading has a name but its own."""
    sections = _sections(markdown.split("\n"), None)
    return Document(title, url, tuple(chunk for section in sections for chunk in _passages(section, title)))


def plain(markdown: str) -> str:
    """The words of a piece of Markdown, without its marks."""
    text = _ESCAPE.sub("", _LINK.sub(r"\1", _TAG.sub(" ", markdown)))
    lines = (_ITEM.sub("", line) for line in _MARKUP.sub("", text).split("\n"))
    return " ".join(" ".join(lines).split())


def sentences(text: str) -> list[str]:
    """Complete sentences of a paragraph, each with its mark."""
    return [sentence for sentence in _SENTENCE_END.split(text) if sentence]


def _front_matter(source: str) -> tuple[dict[str, list[str]], str]:
    lines = source.split("\n")
    if lines[0].strip() != "---" or "---" not in (line.strip() for line in lines[1:]):
        return {}, source
    end = next(i for i, line in enumerate(lines[1:], 1) if line.strip() == "---")
    fields: dict[str, list[str]] = {}
    key = ""
    for line in lines[1:end]:
        named = re.match(r"([\w-]+):\s*(.*)$", line)
        item = re.match(r"\s*-\s+(.*)$", line)
        if named:
            key = named[1].lower()
        value = (named[2] if named else item[1] if item else "").strip().strip("\"'")
        if key and value:
            fields.setdefault(key, []).append(value)
    return fields, "\n".join(lines[end + 1 :])


def _sections(lines: list[str], slug: Callable[[str], str] | None) -> list[_Section]:
    """The article by headings; each section's heading is its path below the title.

    `slug` makes the anchor of a heading that does not name one. Without it the lines are a page's, and `also:` is text.
    """
    sections = [_Section(0, "")]
    path: list[_Step] = []
    fenced = False
    for line in lines:
        fenced ^= bool(_FENCE.match(line))
        heading = None if fenced else _HEADING.match(line)
        also = None if fenced or slug is None else _ALSO.match(line)
        if heading:
            level = len(heading[1])
            path = [step for step in path if step.level < level]
            path.append(_step(level, heading[2], slug))
            sections.append(_below(path))
        elif also:
            sections[-1].questions += [also[1].strip()] if also[1].strip() else []
        else:
            sections[-1].lines.append(line.rstrip())
    return sections


def _step(level: int, heading: str, slug: Callable[[str], str] | None) -> _Step:
    named = _NAMED.search(heading)
    words = plain(heading[: named.start()] if named else heading)
    made = slug(words) if slug else None
    return _Step(level, words, named[1] if named else made or None)


def _below(path: list[_Step]) -> _Section:
    """The section to which a path of headings leads. It can be found by the nearest of them that can."""
    steps = [step for step in path if step.level > 1] or path[-1:]
    anchor = next((step.anchor for step in reversed(steps) if step.anchor), None)
    return _Section(path[-1].level, BELOW.join(step.words for step in steps), anchor)


def _slugs() -> Callable[[str], str]:
    """Names headings as GitHub does, the second of the same words with a number."""
    taken: set[str] = set()

    def slug(words: str) -> str:
        first = _NO_SLUG.sub("", words.lower()).replace(" ", "-")
        name = next(name for n in count() if (name := f"{first}-{n}" if n else first) not in taken)
        taken.add(name)
        return name

    return slug


def _passages(section: _Section, title: str) -> Iterator[Chunk]:
    top = section.heading == title
    heading, anchor = ("", None) if top else (section.heading, section.anchor)
    packed: list[str] = []
    for block in _blocks(section.lines):
        for piece in _split(block):
            # A list belongs to the sentence that announces it, however long the two become.
            announced = bool(packed) and packed[-1].endswith(":")
            if packed and (announced or len(packed[-1]) + len(piece) <= ENOUGH):
                packed[-1] += "\n\n" + piece
            else:
                packed.append(piece)
    for number, text in enumerate(packed):
        questions = tuple(section.questions) if number == 0 else ()
        yield Chunk(heading, text, plain(text), questions, anchor)


def _blocks(lines: list[str]) -> Iterator[str]:
    """Paragraphs, lists, tables and code, each whole."""
    block: list[str] = []
    fenced = False
    for i, line in enumerate(lines):
        fenced ^= bool(_FENCE.match(line))
        if line.strip() or fenced:
            block.append(line)
        elif block and _ITEM.match(block[0]) and _goes_on(lines[i + 1 :]):
            block.append(line)  # an empty line between two items of one list
        elif block:
            yield "\n".join(block)
            block = []
    if block:
        yield "\n".join(block).rstrip()


def _goes_on(lines: list[str]) -> bool:
    following = next((line for line in lines if line.strip()), "")
    return bool(_ITEM.match(following)) or following.startswith(("  ", "\t"))


def _split(block: str) -> Iterator[str]:
    """A block that is too long, cut where a line or a sentence ends."""
    whole = bool(_ITEM.match(block) or _FENCE.match(block)) or block.startswith("|")
    if len(block) <= (LONGEST_LIST if whole else ENOUGH):
        yield block
        return
    joint = "\n" if whole else " "
    piece = ""
    for part in block.split("\n") if whole else _short_enough(sentences(block)):
        if piece and len(piece) + len(part) > ENOUGH:
            yield piece
            piece = part
        else:
            piece = piece + joint + part if piece else part
    if piece:
        yield piece


def _short_enough(parts: list[str]) -> Iterator[str]:
    """Sentences; one without an end in sight (a wall of text) is cut between words, or through them if need
    be.
    """
    for part in parts:
        rest = part
        while len(rest) > 2 * ENOUGH:
            at = rest.rfind(" ", 1, ENOUGH)
            at = at if at > 0 else ENOUGH
            yield rest[:at]
            rest = rest[at:].lstrip()
        yield rest
