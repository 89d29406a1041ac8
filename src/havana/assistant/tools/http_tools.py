"""Calls a site's HTTP endpoints: only what is declared goes out, little comes back, and nothing is followed."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import aclosing
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from havana.assistant.tools.outcome import LARGEST_ANSWER, OnBehalf, Outcome, Secrets, Unprepared, credentials, kept
from havana.chat.site_tools import HttpTool

if TYPE_CHECKING:
    import httpx2

CONNECT_S = 5.0
_TEXT = ("text/", "application/json", "application/problem+json", "application/xml")


class HttpTools:
    """One client for all of them, opened by the first call. `secrets` has what the settings name."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._opening = asyncio.Lock()
        self._client: httpx2.AsyncClient | None = None

    async def call(self, tool: HttpTool, arguments: dict[str, Any], on_behalf: OnBehalf) -> Outcome:
        """Never raises for what the other side does; whoever calls has checked the arguments."""
        import httpx2

        client = await self._opened()
        # Nobody knows that it was not done from the moment on that something may have left.
        never_left = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol)
        try:
            headers, secret = credentials(tool.secret, self._secrets)
            async with asyncio.timeout(tool.timeout_s):
                async with client.stream(
                    tool.method,
                    tool.url,
                    headers={**headers, **on_behalf.headers},
                    timeout=httpx2.Timeout(tool.timeout_s, connect=min(CONNECT_S, tool.timeout_s)),
                    **_sent(tool, arguments),
                ) as response:
                    return await _read(response, tool, secret)
        except Unprepared as error:
            return Outcome("failed", str(error))
        except never_left:
            return Outcome("failed", "Its server could not be reached.")
        except (TimeoutError, httpx2.TimeoutException):
            return Outcome.unclear(f"Its server did not answer within {tool.timeout_s:g} s.", changes=tool.changes)
        except (httpx2.HTTPError, httpx2.StreamError):
            return Outcome.unclear("The connection to its server broke.", changes=tool.changes)

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()

    async def _opened(self) -> "httpx2.AsyncClient":
        async with self._opening:
            if self._client is None:
                # On a thread: the certificates of the system take a while to read.
                self._client = await asyncio.to_thread(open_client)
            return self._client


def open_client(transport: "httpx2.AsyncBaseTransport | None" = None) -> "httpx2.AsyncClient":
    """Verifies certificates, follows no redirect, and keeps no cookie: one visitor's must not go out with another's."""
    import httpx2

    return httpx2.AsyncClient(
        transport=transport,
        follow_redirects=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        # A small answer can be unpacked into one that fits nowhere.
        headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "Havana"},
    )


def _sent(tool: HttpTool, arguments: dict[str, Any]) -> Mapping[str, Any]:
    if tool.method != "GET":
        return {"json": arguments}
    # An address with a query of its own keeps it.
    params = parse_qsl(urlsplit(tool.url).query, keep_blank_values=True)
    for name, value in arguments.items():
        params += [(name, _plain(each)) for each in (value if isinstance(value, list) else [value])]
    return {"params": params} if params else {}


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


async def _read(response: "httpx2.Response", tool: HttpTool, secret: str) -> Outcome:
    status = response.status_code
    if 300 <= status < 400:
        return _redirected(status, changes=tool.changes)
    if status >= 500:
        return Outcome.unclear(f"Its server had an error of its own (HTTP {status}).", changes=tool.changes)
    said = await _text(response)
    if status >= 400:
        return Outcome("failed", kept(f"Its server refused it (HTTP {status}). {said or ''}".strip(), secret))
    if said is None:
        # It has been done; only what was said of it is lost.
        failed = Outcome("failed", "Its server answered with something that is too large, or no text.")
        return Outcome("done", "(The answer is too large, or no text.)") if tool.changes else failed
    return Outcome("done", kept(said, secret))


def _redirected(status: int, *, changes: bool) -> Outcome:
    """307 and 308 say that the very same request is to be made elsewhere. After any other one nobody can tell: many a
    form is answered with 302 or 303 once it has been carried out.
    """
    said = f"Its server answered with a redirect (HTTP {status}), which is not followed."
    return Outcome("failed", said) if status in (307, 308) else Outcome.unclear(said, changes=changes)


async def _text(response: "httpx2.Response") -> str | None:
    """None if it is too large, packed, or nothing to read. Counted while it comes."""
    kind = response.headers.get("content-type", "text/plain").lower()
    if response.headers.get("content-encoding", "identity") != "identity" or not kind.startswith(_TEXT):
        return None
    body = bytearray()
    async with aclosing(response.aiter_raw()) as pieces:
        async for piece in pieces:
            body += piece
            if len(body) > LARGEST_ANSWER:
                return None
    return body.decode("utf-8", "replace")
