"""What an answer of the public address means: of the proxy before us, of another program, or of us. Pure."""

from urllib.parse import urlsplit

import msgspec

from havana.doctor.findings import Finding

BAD_TOKEN = 4500
"""How we close the connection of somebody whose token is not ours: so far came the frames, and back."""
OWN_PAGES = "own pages"
"""Of our words to an Origin that is not ours (`live/socket.py`)."""
LOCAL = {"localhost", "127.0.0.1", "::1"}
UPGRADE = (
    "Let the proxy pass the upgrade on. nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; "
    'proxy_set_header Connection "upgrade";'
)
UPSTREAM = "Compare the address that the proxy sends to with HAVANA_HOST and HAVANA_PORT."


class Answer(msgspec.Struct, frozen=True):
    """What came back over HTTP; `error` if nothing did."""

    status: int = 0
    body: str = ""
    location: str | None = None
    error: str | None = None


class Handshake(msgspec.Struct, frozen=True):
    """What came of opening `/live`. `closed` is the code with which our hello was answered, None if it was not."""

    answer: Answer
    subprotocol: str | None = None
    closed: int | None = None


def public_url(url: str, answer: Answer) -> Finding:
    """`answer` is that of `/healthz`."""
    subject = "public URL"
    if answer.error is not None:
        return Finding("problem", subject, f"{url}: {answer.error}", "Look at the name, the firewall, the certificate.")
    if 300 <= answer.status < 400:
        return _redirected(subject, url, answer)
    if answer.status in (502, 503, 504):
        return Finding("problem", subject, f"{url}: the proxy does not reach the server ({answer.status})", UPSTREAM)
    if answer.status != 200 or not _is_ours(answer.body):
        return Finding("problem", subject, f"{url} is answered by something else ({answer.status})", UPSTREAM)
    if url.startswith("http://") and urlsplit(url).hostname not in LOCAL:
        return Finding(
            "warning", subject, f"{url} leads here, but unencrypted", "Put a proxy with a certificate before."
        )
    return Finding("ok", subject, f"{url} leads to a Havana")


def readiness(answer: Answer) -> Finding:
    """`answer` is that of `/readyz`."""
    if answer.status == 200:
        return Finding("ok", "readiness", "messages can be stored")
    said = _error_of(answer.body) or answer.error or f"HTTP {answer.status}"
    return Finding("problem", "readiness", f"the server is not ready: {said}", "Its log says more.")


def web_sockets(url: str, shaken: Handshake, public: str | None) -> Finding:
    """`public` is HAVANA_PUBLIC_URL."""
    subject, answer = "WebSockets", shaken.answer
    if answer.error is not None:
        return Finding("problem", subject, f"{url}/live: {answer.error}", "Let the proxy keep such connections open.")
    if answer.status == 101:
        return _opened(subject, shaken)
    if 300 <= answer.status < 400:
        return _redirected(subject, url, answer)
    text, advice = _refused(url, answer, public)
    return Finding("problem", subject, f"{text} ({answer.status})", advice)


def _opened(subject: str, shaken: Handshake) -> Finding:
    if shaken.subprotocol is None:
        return Finding(
            "problem",
            subject,
            "the subprotocol is lost on the way back, and browsers refuse that",
            "Let the proxy pass Sec-WebSocket-Protocol in both directions.",
        )
    if shaken.closed != BAD_TOKEN:
        return Finding(
            "problem",
            subject,
            "a connection opens, but nothing passes through it",
            "Turn off buffering and inspection of WebSockets in the proxy.",
        )
    return Finding("ok", subject, "pass in both directions")


def _refused(url: str, answer: Answer, public: str | None) -> tuple[str, str]:
    match answer.status:
        case 400 if "subprotocol" in answer.body:
            return "the subprotocol is lost on the way", "Let the proxy pass the header Sec-WebSocket-Protocol."
        case 400 | 426 | 200:
            return "the request to open one arrives as an ordinary one", UPGRADE
        case 403 if OWN_PAGES in answer.body and public is not None:
            return f"only pages of {public} are let in", f"Open the chat there, or set HAVANA_PUBLIC_URL={url}"
        case 403 if OWN_PAGES in answer.body:
            return (
                "the server does not know that this is its address",
                f"Set HAVANA_PUBLIC_URL={url}, or let the proxy pass Host and X-Forwarded-Proto.",
            )
        case 401 | 403:
            return (
                "something before the server refuses them",
                "Let the proxy, firewall or CDN allow WebSockets to /live.",
            )
        case 404:
            return "/live leads elsewhere", "Let the proxy pass every path to the server, /live too."
        case 502 | 503 | 504:
            return "the proxy does not reach the server, or not for this", UPSTREAM
        case _:
            return "an answer that none expects", "Look into the proxy's log for /live."


def _redirected(subject: str, url: str, answer: Answer) -> Finding:
    return Finding(
        "problem",
        subject,
        f"{url} redirects to {answer.location} ({answer.status})",
        "Set HAVANA_PUBLIC_URL to the address at which it ends, or stop the redirection.",
    )


class _Health(msgspec.Struct):
    service: str


class _Error(msgspec.Struct):
    message: str


class _Refusal(msgspec.Struct):
    error: _Error


def _is_ours(body: str) -> bool:
    try:
        return msgspec.json.decode(body, type=_Health).service == "havana"
    except msgspec.DecodeError:
        return False


def _error_of(body: str) -> str | None:
    """The words of our own refusals."""
    try:
        return msgspec.json.decode(body, type=_Refusal).error.message
    except msgspec.DecodeError:
        return None
