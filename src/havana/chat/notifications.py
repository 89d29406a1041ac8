"""How an agent is told that somebody waits: what they chose, by themselves and on every machine."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec

from havana.chat.errors import BadRequest

Sound = Literal["chime", "bell", "drops", "knock"]
Time = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Volume = Annotated[int, msgspec.Meta(ge=1, le=100)]


class QuietHours(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    """Every day from one time to another, on the clocks of a time zone; over midnight if it ends before it begins."""

    from_: Time
    until: Time
    timezone: Annotated[str, msgspec.Meta(max_length=100)]


class Notifications(msgspec.Struct, frozen=True):
    """`volume` in percent of the loudest. In the quiet hours there is neither a sound nor a notification."""

    sound_on: bool = True
    sound: Sound = "chime"
    volume: Volume = 60
    desktop: bool = False
    quiet: QuietHours | None = None


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
