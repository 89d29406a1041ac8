"""The way to the mail server. One connection a letter: there are few, and none must wait for another.

A password is only ever sent encrypted, but to this machine itself. What the server says is passed on without addresses.
"""

import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import aiosmtplib
import msgspec

from havana.mail.message import NotSent

TIMEOUT_S = 30
"""For each step. The whole may take a few of them: servers let those whom they do not know wait."""
LOCAL = {"localhost", "127.0.0.1", "::1"}
_ADDRESS = re.compile(r"[^\s<>]+@[^\s<>,;:]+")
_LONGEST_REASON = 300


class Server(msgspec.Struct, frozen=True):
    """`encrypted`: from the first byte on (smtps)."""

    host: str
    port: int
    encrypted: bool
    user: str | None = None
    password: str | None = None

    @classmethod
    def at(cls, url: str) -> "Server":
        """`url` is a HAVANA_SMTP_URL."""
        parts = urlsplit(url)
        encrypted = parts.scheme == "smtps"
        user, password = (unquote(said) if said else None for said in (parts.username, parts.password))
        port = parts.port or (465 if encrypted else 587)
        return cls(parts.hostname or "", port, encrypted, user, password)

    def __repr__(self) -> str:
        """Without the password: reprs end up in logs."""
        return f"Server({self.host}:{self.port})"

    async def send(self, letter: EmailMessage) -> None:
        """Hands it over, to whom its headers name. `NotSent` says why not."""
        async with self._connected() as connection:
            try:
                await connection.send_message(letter)
            except aiosmtplib.SMTPRecipientsRefused as refused:
                first = refused.recipients[0]
                raise NotSent(_said(first.code, first.message), final=first.code >= 500) from None
            except aiosmtplib.SMTPDataError as error:
                raise NotSent(_said(error.code, error.message), final=error.code >= 500) from None
            except aiosmtplib.SMTPNotSupported:
                raise NotSent("the mail server takes no such address", final=True) from None

    async def greet(self) -> None:
        """Connects and signs in, and sends nothing. `NotSent` says what is wrong."""
        async with self._connected():
            pass

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[aiosmtplib.SMTP]:
        must_encrypt = self.password is not None and self.host not in LOCAL
        connection = aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            timeout=TIMEOUT_S,
            use_tls=self.encrypted,
            # Without a password: encrypted where the server offers it.
            start_tls=False if self.encrypted else (True if must_encrypt else None),
            username=self.user,
            password=self.password,
        )
        try:
            async with connection:
                yield connection
        except aiosmtplib.SMTPAuthenticationError as error:
            raise NotSent(f"the mail server does not let this user in ({error.code})") from None
        except aiosmtplib.SMTPResponseException as error:
            raise NotSent(_said(error.code, error.message)) from None
        except aiosmtplib.SMTPTimeoutError:
            raise NotSent(f"{self.host}:{self.port} does not answer") from None
        except aiosmtplib.SMTPNotSupported as error:
            raise NotSent(_without_addresses(f"the mail server cannot do this: {error.message}")) from None
        except (aiosmtplib.SMTPException, ssl.SSLError, OSError) as error:
            raise NotSent(_without_addresses(f"{self.host}:{self.port} cannot be reached: {error}")) from None


def _said(code: int, message: str) -> str:
    return _without_addresses(f"the mail server said {code} {message}")


def _without_addresses(text: str) -> str:
    return " ".join(_ADDRESS.sub("…", text).split())[:_LONGEST_REASON]
