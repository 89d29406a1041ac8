"""When a site has people: its opening hours, in its own time zone. Pure."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from zoneinfo import ZoneInfo

from havana.chat.errors import Problem

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SPAN = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-\u2013]\s*(?:([01]?\d|2[0-3]):([0-5]\d)|24:00)")

Hours = Mapping[str, tuple[str, ...]]
"""By day (`mon` … `sun`), spans like `09:00-12:30`, up to `24:00`. A day that is not named is closed."""


def problems(hours: Hours, timezone: str) -> Iterator[Problem]:
    """For whoever wrote the settings; of a day no more than one."""
    try:
        ZoneInfo(timezone)
    except (OSError, ValueError, LookupError):
        yield Problem("timezone", f"must be a name like Europe/Berlin, not {timezone!r}")
    for day, spans in hours.items():
        if day not in DAYS:
            yield Problem("hours", f"must be by day, one of {', '.join(DAYS)}, not {day!r}")
        elif (wrong := _problem(spans)) is not None:
            yield Problem(f"hours.{day}", wrong)


def _problem(spans: Sequence[str]) -> str | None:
    read: list[tuple[dt.timedelta, dt.timedelta]] = []
    for span in spans:
        try:
            begins, ends = _times(span)
        except ValueError:
            return f"must have spans like 09:00-17:00, not {span!r}"
        if begins >= ends:
            return f"must end after it begins, not {span!r}"
        read.append((begins, ends))
    read.sort()
    if any(ends > begins for (_, ends), (begins, _) in pairwise(read)):
        return "must not have spans that overlap"
    return None


def opens(hours: Hours, timezone: str, now: dt.datetime) -> dt.datetime | None:
    """When the site opens next; None if it is open now, or has no hours."""
    here = now.astimezone(ZoneInfo(timezone))
    for begins, ends in _spans(hours, here):
        if here < ends:
            return None if begins <= here else begins
    return None


def spoken(opening: dt.datetime, now: dt.datetime) -> str:
    """The next opening as one says it, on the site's clock: `tomorrow at 09:00 (EST)`."""
    days = (opening.date() - now.astimezone(opening.tzinfo).date()).days
    day = "today" if days == 0 else "tomorrow" if days == 1 else f"on {NAMES[opening.weekday()]}"
    return f"{day} at {opening:%H:%M} ({opening.tzname()})"


def _spans(hours: Hours, here: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """From today on, for a week and the same day again, in order."""
    for days in range(8):
        date = here.date() + dt.timedelta(days=days)
        for begins, ends in sorted(map(_times, hours.get(DAYS[date.weekday()], ()))):
            midnight = dt.datetime.combine(date, dt.time(), here.tzinfo)
            # On the wall clock: the hour that a change of the clocks takes or gives is the night's.
            yield midnight + begins, midnight + ends


def _times(span: str) -> tuple[dt.timedelta, dt.timedelta]:
    found = _SPAN.fullmatch(span.strip())
    if found is None:
        raise ValueError(span)
    hour, minute, until_hour, until_minute = found.groups()
    return (
        dt.timedelta(hours=int(hour), minutes=int(minute)),
        dt.timedelta(hours=int(until_hour or 24), minutes=int(until_minute or 0)),
    )
