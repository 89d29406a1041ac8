"""Our own origin."""

import pytest

from havana.accounts.origin import is_own


@pytest.mark.parametrize(
    ("origin", "public_url", "scheme", "host"),
    [
        ("http://localhost:8000", None, "http", "localhost:8000"),
        ("http://localhost:8000", None, "ws", "localhost:8000"),
        ("https://chat.example.com", None, "https", "chat.example.com:443"),
        ("HTTPS://Chat.Example.com", "https://chat.example.com", "http", "10.0.0.5:8000"),
        ("http://[::1]:8000", None, "http", "[::1]:8000"),
    ],
)
def test_ours(origin: str, public_url: str | None, scheme: str, host: str) -> None:
    assert is_own(origin, public_url, scheme, host)


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "http://localhost:8001",
        "https://localhost:8000",
        "http://localhost.evil.com:8000",
        "http://evil.com",
        "http://localhost:99999",
        "http://[",
    ],
)
def test_not_ours(origin: str) -> None:
    assert not is_own(origin, None, "http", "localhost:8000")
