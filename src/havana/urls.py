"""How the addresses look that can be set. Each check tells the address as it is kept, or raises a `ValueError`."""

import re
from email.utils import getaddresses
from urllib.parse import urlsplit

MAILBOX = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")


def web_origin(url: str) -> str:
    """Scheme, host and port of an address that has nothing else; a `ValueError` if it has."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError
    if parts.query or parts.fragment or parts.username or parts.port == 0:
        raise ValueError
    return f"{parts.scheme}://{parts.netloc}".lower()


def base_url(url: str) -> str:
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise ValueError
    return url.rstrip("/")


def database_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise ValueError
    # A password with a slash that is not written as %2F would be taken for the place, and be shown with it.
    if "@" in parts.path or parts.port == 0:
        raise ValueError
    return url


def redis_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("redis", "rediss") or not parts.hostname:
        raise ValueError
    return url


def smtp_url(url: str) -> str:
    parts = urlsplit(url)
    # A slash in a password that is not written as %2F ends the host, and what is left of it is the path.
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.port == 0:
        raise ValueError
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError
    if (parts.username is None) != (parts.password is None):
        raise ValueError
    return url


def mailbox(text: str) -> str:
    """One address, with or without a name before it."""
    [(name, address)] = getaddresses([text])  # of several this is a ValueError, too
    if not MAILBOX.fullmatch(address) or not (name + text).isprintable():
        raise ValueError
    return text
