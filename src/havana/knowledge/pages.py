"""Reads a single page of the web, from public addresses only, within limits of time and size.

    address ──checked──▶ name resolved ──every address checked──▶ connected to one of those ──▶ streamed, counted

The name is resolved once for a connection, and what was checked is what is connected to, so that a name that leads
elsewhere a moment later leads nowhere. Each redirect goes the same way from the start. Settings of the environment
(proxies, passwords) are not used, and nothing of the page is run or fetched besides it.
"""

import asyncio
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urlsplit

import msgspec

from havana import __version__
from havana.knowledge.addresses import is_public

if TYPE_CHECKING:
    import httpx2

LARGEST = 3_000_000
"""Bytes after decompression: a page is mostly marks."""
SECONDS = 20.0
REDIRECTS = 5
LONGEST = 2000
"""Letters of an address."""
HTML = ("text/html", "application/xhtml+xml")
TEXT = ("text/markdown", "text/x-markdown", "text/plain")
_ENCODINGS = ("", "identity", "gzip", "x-gzip", "deflate")


class Unreachable(ValueError):
    """The page cannot be had; the message says why, in the middle of a sentence."""


class Page(msgspec.Struct, frozen=True):
    """`url` is where it was found in the end; `charset` what its server said, `etag` and `modified` too."""

    url: str
    is_html: bool
    body: bytes
    charset: str | None = None
    etag: str | None = None
    modified: str | None = None


async def resolve(host: str, port: int) -> list[str]:
    """All addresses of a name. OSError if it has none."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Rules(msgspec.Struct, frozen=True):
    """What may be read. Only tests, which have servers of their own, have other ones."""

    allowed: Callable[[str], bool] = is_public
    resolve: Callable[[str, int], Awaitable[list[str]]] = resolve
    ports: tuple[int, ...] = (80, 443)
    seconds: float = SECONDS
    largest: int = LARGEST
    tls: ssl.SSLContext | None = None


def fetch_now(url: str, etag: str | None = None, modified: str | None = None) -> Page | None:
    """`fetch`, for commands."""
    return asyncio.run(fetch(url, etag, modified))


async def fetch(
    url: str, etag: str | None = None, modified: str | None = None, rules: Rules | None = None
) -> Page | None:
    """The page; None if it is still what it was when its server said `etag` and `modified`. `Unreachable` says why not.

    It takes `rules.seconds` at most, and what the system needs to give up on a name.
    """
    # Imported here: most servers read no page.
    import httpx2

    from havana.knowledge.connecting import transport

    rules = rules or Rules()
    asked = {"If-None-Match": etag, "If-Modified-Since": modified}
    headers = {
        "User-Agent": f"Havana/{__version__}",
        "Accept": "text/html, text/markdown, text/plain;q=0.9",
        "Accept-Encoding": "gzip, deflate",
    } | {name: value for name, value in asked.items() if value and value.isascii()}  # others cannot be said back
    try:
        async with asyncio.timeout(rules.seconds):
            async with httpx2.AsyncClient(
                transport=transport(rules), headers=headers, timeout=rules.seconds, trust_env=False
            ) as client:
                return await _follow(client, url, rules)
    except TimeoutError:
        raise Unreachable(f"it took longer than {rules.seconds:g} seconds") from None
    except httpx2.TimeoutException:
        raise Unreachable(f"it took longer than {rules.seconds:g} seconds") from None
    except httpx2.DecodingError:
        raise Unreachable("it is not compressed as it says") from None
    except httpx2.HTTPError as error:
        raise Unreachable(_why(error)) from None


def normal(url: str) -> str:
    """An address as pages are known by: without what leads to a place on the page. `Unreachable` if it is none."""
    return str(_checked(url, None))


def without_password(url: str) -> str:
    """For people to see, however wrong it is."""
    return re.sub(r"//.*@", "//***@", url)


async def _follow(client: "httpx2.AsyncClient", url: str, rules: Rules) -> Page | None:
    at = _checked(url, rules.ports)
    for _ in range(REDIRECTS + 1):
        async with client.stream("GET", at) as response:
            if not response.has_redirect_location:
                return await _read(response, rules.largest)
            try:
                following = _checked(_led_to(at, response.headers["location"]), rules.ports)
            except Unreachable as error:
                raise Unreachable(f"it redirects to where nothing is read: {error}") from None
        if at.scheme == "https" and following.scheme == "http":
            raise Unreachable("it redirects from https to http")
        at = following
    raise Unreachable(f"it redirects more than {REDIRECTS} times")


def _led_to(at: "httpx2.URL", location: str) -> str:
    """Where a redirect leads: as a string, so that it is checked like any address."""
    import httpx2

    if len(location) > LONGEST:
        raise Unreachable("its address is too long")
    try:
        parts = urlsplit(location)
        led_to = str(at.join(location))
    except (httpx2.InvalidURL, ValueError):
        raise Unreachable("its address cannot be read") from None
    if not parts.netloc and (parts.scheme in ("http", "https") or location.startswith("//")):
        # What is meant by it, each client guesses in its own way.
        raise Unreachable("its address names no server")
    return led_to


def _checked(url: str, ports: Iterable[int] | None) -> "httpx2.URL":
    import httpx2

    if len(url) > LONGEST:
        raise Unreachable("its address is too long")
    try:
        parsed = httpx2.URL(urldefrag(url)[0])
    except (httpx2.InvalidURL, ValueError):
        raise Unreachable("its address cannot be read") from None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise Unreachable("its address must begin with https:// or http://")
    if parsed.userinfo:
        raise Unreachable("its address must not hold a name or a password")
    if ports is not None and (parsed.port or {"http": 80, "https": 443}[parsed.scheme]) not in ports:
        raise Unreachable("pages are read from ports 80 and 443 only")
    return parsed


async def _read(response: "httpx2.Response", largest: int) -> Page | None:
    if response.status_code == 304:
        return None
    if response.status_code != 200:
        raise Unreachable(f"it answers {response.status_code} {response.reason_phrase}".strip())
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (*HTML, *TEXT):
        raise Unreachable(f"it is of the type {kind or 'unknown'}; HTML, Markdown and text can be read")
    if response.headers.get("content-encoding", "").strip().lower() not in _ENCODINGS:
        raise Unreachable("it is compressed in a way that was not asked for")
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > largest:
            raise Unreachable(f"larger than {largest / 1_000_000:g} MB")
    etag, modified = (response.headers.get(name) for name in ("etag", "last-modified"))
    return Page(str(response.url), kind in HTML, bytes(body), response.charset_encoding, etag, modified)


def _why(error: Exception) -> str:
    """In its own words, or those of what is behind it."""
    behind: BaseException | None = error
    while behind is not None:
        if isinstance(behind, Unreachable):
            return str(behind)
        if isinstance(behind, ssl.SSLCertVerificationError):
            return f"its certificate is not valid: {behind.verify_message}"
        behind = behind.__cause__ or behind.__context__
    return f"there is no connection: {str(error) or type(error).__name__}"
