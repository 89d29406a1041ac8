"""What is wrong with a site's settings: all of it, each with the field that it is about. Pure.

A site's tools have their own checks (`site_tools.py`).
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec

from havana.chat import hours
from havana.chat.errors import Problem
from havana.chat.site import Site

KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
DAY_S = 24 * 3600
LINE, GREETING, TEXT, PERSONA = 200, 500, 1000, 20_000
"""The longest texts, in characters: a name, the greeting, a word of Havana's, who the assistant is."""
SUGGESTIONS = 12

_LENGTHS = {"name": LINE, "assistant": LINE, "persona": PERSONA, "greeting": GREETING}
_NEEDED = ("name", "assistant", "greeting")
_SECONDS = {
    "wait_target_s": (10, DAY_S),
    "answer_within_s": (30, DAY_S),
    "remind_after_s": (1, DAY_S),
    "agent_gone_after_s": (1, DAY_S),
    "idle_close_after_s": (60, 30 * DAY_S),
    "approval_s": (10, DAY_S),
}


def problems(site: Site) -> list[Problem]:
    """In the order of the settings."""
    return [*_key(site.key), *_texts(site), *_call(site), *_hours(site), *_numbers(site), *_words(site)]


def _key(key: str) -> Iterator[Problem]:
    if not KEY.fullmatch(key):
        yield Problem("key", f"must be lower-case letters, digits and dashes, up to 64, not {key!r}")


def _texts(site: Site) -> Iterator[Problem]:
    for field, longest in _LENGTHS.items():
        text: str = getattr(site, field)
        if field in _NEEDED and not text.strip():
            yield Problem(field, "must not be empty")
        if len(text) > longest:
            yield Problem(field, f"must have up to {longest} characters, not {len(text)}")
    if len(site.suggestions) > SUGGESTIONS:
        yield Problem("suggestions", f"must be up to {SUGGESTIONS}, not {len(site.suggestions)}")
    elif any(not one.strip() or len(one) > LINE for one in site.suggestions):
        yield Problem("suggestions", f"must each have up to {LINE} characters, and at least one")


def _call(site: Site) -> Iterator[Problem]:
    if site.call_url is not None and not _is_web(site.call_url):
        yield Problem("call_url", f"must begin with https://, not {site.call_url!r}")


def _hours(site: Site) -> Iterator[Problem]:
    yield from hours.problems(site.hours, site.timezone)


def _numbers(site: Site) -> Iterator[Problem]:
    for field, (least, most) in _SECONDS.items():
        if not least <= getattr(site, field) <= most:
            yield Problem(field, f"must be from {least} to {most} seconds, not {getattr(site, field)}")
    if site.answer_tokens is not None and site.answer_tokens < 16:
        yield Problem("answer_tokens", f"must be at least 16, not {site.answer_tokens}")
    if site.answers_per_hour < 1:
        yield Problem("answers_per_hour", f"must be at least 1, not {site.answers_per_hour}")
    if site.money_per_day is not None and not 0 <= site.money_per_day < 1e9:
        yield Problem("money_per_day", f"must be a sum of US dollars, not {site.money_per_day:g}")


def _words(site: Site) -> Iterator[Problem]:
    for name, text in msgspec.structs.asdict(site.words).items():
        if len(text) > TEXT:
            yield Problem(f"words.{name}", f"must have up to {TEXT} characters, not {len(text)}")


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and bool(parts.hostname)
