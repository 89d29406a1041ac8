"""Articles that are written in the console. They are kept as Markdown, like all others, and can be taken apart again.

---
title: Parking
url: https://example.com/parking
also: Where can I leave my car?
---
Behind the workshop, free of charge.
"""

import datetime as dt
from collections.abc import Sequence

import msgspec

from havana.knowledge import ingest
from havana.storage import articles, questions, written
from havana.storage.database import Connection
from havana.storage.versions import Outdated
from havana.storage.written import PATH, Written

_FENCE = "---"


class Draft(msgspec.Struct, frozen=True):
    """An article as somebody wrote it: all but `text` (Markdown) are lines."""

    title: str
    text: str
    questions: Sequence[str] = ()
    url: str | None = None


def compose(draft: Draft) -> str:
    """The source of an article."""
    url = [f"url: {draft.url}"] if draft.url else []
    also = [f"also: {question}" for question in draft.questions]
    return "\n".join([_FENCE, f"title: {draft.title}", *url, *also, _FENCE, draft.text])


def take_apart(source: str) -> Draft:
    """What `compose` made the source of."""
    _, *lines = source.split("\n")
    end = lines.index(_FENCE)
    fields = [line.split(": ", 1) for line in lines[:end]]
    return Draft(
        title=next(value for name, value in fields if name == "title"),
        text="\n".join(lines[end + 1 :]),
        questions=[value for name, value in fields if name == "also"],
        url=next((value for name, value in fields if name == "url"), None),
    )


def save(
    conn: Connection,
    site: str,
    id: str,
    draft: Draft,
    answers: Sequence[str],
    agent: str,
    now: dt.datetime,
    version: str | None,
) -> Written:
    """Stores the article under this id, and settles the questions that it answers. ValueError says what is wrong.

    `version` is the one that was changed into this; None if there was none. `Outdated` if somebody else came first,
    unless it says the same already: whoever sends again, because no answer came, has done no more than once.
    """
    written.hold(conn, site)
    known, source = written.find(conn, id), compose(draft)
    if known is None or known.source != source:
        _check(known, version)
        ingest.put(conn, site, PATH + id, source)
        written.sign(conn, site, id, agent)
    questions.settle(conn, answers, "written", agent, now)
    saved = written.find(conn, id)
    assert saved is not None  # noqa: S101 - stored in this very transaction
    return saved


def remove(conn: Connection, article: Written, version: str) -> None:
    """`Outdated` if it is not this version any more."""
    written.hold(conn, article.site)
    _check(written.find(conn, article.id), version)
    articles.remove(conn, article.site, [PATH + article.id])


def _check(known: Written | None, version: str | None) -> None:
    if version != (known.version if known else None):
        raise Outdated(known)
