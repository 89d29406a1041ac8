"""Which web origin is our own. Requests that a browser sends from any other page are not for us."""

from urllib.parse import urlsplit

_SCHEMES = {"ws": "http", "wss": "https"}
_PORTS = {"http": 80, "https": 443}


def own_origin(public_url: str | None, scheme: str, host: str) -> str:
    """`HAVANA_PUBLIC_URL` if it is set, else the scheme and `Host` of the request."""
    return _plain(public_url or f"{_SCHEMES.get(scheme, scheme)}://{host}")


def is_own(origin: str, public_url: str | None, scheme: str, host: str) -> bool:
    """Whether this `Origin` header names us."""
    return _plain(origin) == own_origin(public_url, scheme, host)


def _plain(origin: str) -> str:
    """Lower case and without the scheme's own port, which browsers leave out and proxies write."""
    try:
        parts = urlsplit(origin.lower().rstrip("/"))
        port = parts.port
    except ValueError:
        return ""
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}" + ("" if port in (None, _PORTS.get(parts.scheme)) else f":{port}")
