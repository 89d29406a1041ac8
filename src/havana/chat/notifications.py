"""How an agent is told that somebody waits: what they chose, by themselves and on every machine."""

import datetime as dt
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec

from havana.chat.errors import BadRequest

Sound = Literal["chime", "bell", "drops", "knock"]
Time = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Volume = Annotated[int, msgspec.Meta(ge=1, le=100)]


MailAfter = Annotated[int, msgspec.Meta(ge=1, le=1440)]


class QuietHours(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    """Every day from one time to another, on the clocks of a time zone; over midnight if it ends before it begins."""

    from_: Time
    until: Time
    timezone: Annotated[str, msgspec.Meta(max_length=100)]


class Notifications(msgspec.Struct, frozen=True):
    """`volume` in percent of the loudest. In the quiet hours there is neither a sound nor a notification.

    `mail`: one letter for each visitor who has waited for `mail_after_m` minutes while nobody is on duty; what would be
    in the quiet hours comes after them.
    """

    sound_on: bool = True
    sound: Sound = "chime"
    volume: Volume = 60
    desktop: bool = False
    quiet: QuietHours | None = None
    mail: bool = False
    mail_after_m: MailAfter = 5


def check(chosen: Notifications) -> Notifications:
    """The same; `BadRequest` if the hours cannot be told."""
    if chosen.quiet is None:
        return chosen
    try:
        ZoneInfo(chosen.quiet.timezone)
    except (OSError, ValueError, LookupError):
        raise BadRequest("The time zone of the quiet hours is not known. It looks like Europe/Berlin.") from None
    if chosen.quiet.from_ == chosen.quiet.until:
        raise BadRequest("Quiet hours begin and end at different times.")
    return chosen


def mail_at(chosen: Notifications, since: dt.datetime, now: dt.datetime) -> dt.datetime:
    """From when on somebody who wants it is to be written to about a wait that began at `since`; not before `now`."""
    at = max(since + dt.timedelta(minutes=chosen.mail_after_m), now)
    return at if chosen.quiet is None else _after(chosen.quiet, at)


def _after(quiet: QuietHours, at: dt.datetime) -> dt.datetime:
    """The same moment, or the end of the quiet hours that it lies in. A zone that is not known here silences nobody."""
    try:
        here = at.astimezone(ZoneInfo(quiet.timezone))
    except (OSError, ValueError, LookupError):
        return at
    time, overnight = here.strftime("%H:%M"), quiet.from_ > quiet.until
    in_the_evening = overnight and time >= quiet.from_
    if not (in_the_evening or (time < quiet.until and (overnight or time >= quiet.from_))):
        return at
    hour, minute = map(int, quiet.until.split(":"))
    day = here + dt.timedelta(days=1) if in_the_evening else here
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0).astimezone(dt.UTC)
