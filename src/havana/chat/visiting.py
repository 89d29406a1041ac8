"""What the team may know of a visitor besides their words: what their page tells, and what agents wrote down.

Nothing of it is in a log, and no visitor is ever told of it. What pages tell is kept for `KEPT_DAYS`.
"""

import datetime as dt
import re
import unicodedata
from typing import Annotated
from urllib.parse import urlsplit

import msgspec

from havana.chat.commands import clean_email, clean_text
from havana.chat.errors import BadRequest, TooLarge

KEPT_DAYS = 30
PATH, TITLE, FIELD = 300, 200, 40
"""The longest, in characters; of a page more is cut off, of a field refused."""
VALUES = {"name": 100, "email": 320, "notes": 2000}
"""How long the three may be that every visitor has; a team's own are lines."""
OWN_FIELDS, OWN_VALUE = 20, 300

_WORD = re.compile(r"[0-9A-Za-z_+/-]{1,64}")
_Long = Annotated[str, msgspec.Meta(max_length=4000)]


class Page(msgspec.Struct, frozen=True):
    """Where the visitor is on the website."""

    path: _Long
    title: _Long = ""


class Description(msgspec.Struct, frozen=True):
    """What a visitor's page tells of itself, cleaned. None, or empty, is what is not known."""

    page: Page | None = None
    referrer: str = ""
    language: str = ""
    zone: str = ""
    device: str = ""


class Context(msgspec.Struct, frozen=True):
    """A visitor as they were last seen. `since`: on this page; `zone` is a name such as Europe/Berlin."""

    page: Page | None
    referrer: str
    language: str
    zone: str
    device: str
    since: dt.datetime
    seen_at: dt.datetime


class Detail(msgspec.Struct, frozen=True):
    """Something that an agent wrote of a visitor: `field` is name, email, notes, or the team's own word.

    `version` tells it from what stood there before; `by` is the name of the agent who wrote it, if that is known.
    """

    field: str
    value: str
    version: str
    updated_at: dt.datetime
    by: str | None


class Card(msgspec.Struct, frozen=True):
    """All of that about one visitor. Details in the order in which the team began them."""

    visitor: str
    context: Context | None
    details: tuple[Detail, ...]


def description(page: Page | None, referrer: str, language: str, zone: str, device: str) -> Description:
    """Without what follows a `?` or a `#`: secrets of the website and searches of the visitor stand there."""
    return Description(
        page=None if page is None else Page(_address(page.path) or "/", _line(page.title)[:TITLE]),
        referrer=_address(referrer),
        language=language if _WORD.fullmatch(language) else "",
        zone=zone if _WORD.fullmatch(zone) else "",
        device=device,
    )


def clean_field(field: str) -> str:
    """The name of a detail, on one line."""
    field = _line(field)
    if not field or len(field) > FIELD:
        raise BadRequest(f"The name of a detail has 1 to {FIELD} characters.")
    return field


def clean_value(field: str, value: str) -> str:
    """What is stored of it; empty is for none."""
    if not value.strip():
        return ""
    if field == "email":
        return clean_email(value)
    limit = VALUES.get(field, OWN_VALUE)
    value = clean_text(value, len(value)) if field == "notes" else _line(value)
    if len(value) > limit:
        raise TooLarge(f"That has {len(value)} characters; {limit} are allowed.")
    return value


def _address(text: str) -> str:
    text = _line(text)
    try:
        parts = urlsplit(text)
        host = f"{parts.scheme}://{parts.hostname}" if parts.scheme in ("http", "https") and parts.hostname else ""
        port = f":{parts.port}" if host and parts.port else ""
    except ValueError:
        return ""
    if not host and (parts.scheme or parts.netloc):
        return ""
    return f"{host}{port}{parts.path}"[:PATH]


def _line(text: str) -> str:
    text = text.encode("utf-8", "ignore").decode("utf-8")
    return " ".join("".join(" " if unicodedata.category(each) == "Cc" else each for each in text).split())
