"""Security headers, on every response: a page may run and load what comes from here, and nothing else."""

import re

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

from havana.accounts.origin import own_origin

_PLAIN_HOST = re.compile(r"https?://[a-z0-9.\-_\[\]:]+")

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


def content_security_policy(origin: str) -> str:
    """The policy of every page. `origin` is our own; it may be the words of a stranger's `Host` header."""
    # 'self' covers WebSockets too, except in older Safaris.
    live = f" ws{origin.removeprefix('http')}" if _PLAIN_HOST.fullmatch(origin) else ""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"media-src 'self'; connect-src 'self'{live}; manifest-src 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )


class SecurityHeaders:
    """A `before_send` hook, so that error pages and redirects have them too."""

    def __init__(self, public_url: str | None) -> None:
        self._public_url = public_url

    async def __call__(self, message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        asked = dict(scope["headers"])
        host = asked.get(b"host", b"").decode("latin-1")
        headers = MutableScopeHeaders.from_message(message=message)
        for name, value in _ALWAYS.items():
            headers.setdefault(name, value)
        headers.setdefault(
            "Content-Security-Policy",
            content_security_policy(own_origin(self._public_url, scope["scheme"], host)),
        )
        if scope["path"].startswith("/api/"):
            headers.setdefault("Cache-Control", "no-store")
