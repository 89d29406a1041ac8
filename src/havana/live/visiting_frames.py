"""What a visitor's page tells of itself, and what of it an agent is told."""

from typing import Annotated

import msgspec

from havana.chat.visiting import Context, Detail, Page
from havana.live.kinds import LiveCommand, Push

_Line = Annotated[str, msgspec.Meta(max_length=4000)]


class Describe(LiveCommand, frozen=True):
    """Tells the team where the visitor is: after each welcome, and with each page.

    `language` and `zone` are as browsers say them (`en-GB`, `Europe/Berlin`); `referrer` is what led to the website.
    Nothing is stored before the visitor writes.
    """

    who = ("visitor",)
    page: Page | None = None
    referrer: _Line = ""
    language: _Line = ""
    zone: _Line = ""


class ContextPush(Push, frozen=True):
    """What is known of the visitor of a conversation that an agent follows, and whether they have a page open."""

    conversation: str
    visitor: str
    here: bool
    context: Context | None
    details: tuple[Detail, ...]
