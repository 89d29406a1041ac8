"""Whether letters can be sent."""

import msgspec
from litestar import get

from havana.api.guards import Provided


class Mail(msgspec.Struct, frozen=True):
    """`configured`: there is a mail server, so the console may offer what needs one."""

    configured: bool


@get("/api/mail", tags=["Signing in"])
async def mail(services: Provided) -> Mail:
    """Whether this server can write to people. Asked before anybody is signed in."""
    return Mail(services.sends_mail)
