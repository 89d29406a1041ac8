"""A real mail server, in this process: it keeps what it takes, and refuses what it is told to."""

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import msgspec
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Taken(msgspec.Struct):
    """A letter as it arrived: from and to whom the server was told, and what it reads."""

    sender: str
    to: list[str]
    letter: EmailMessage
    encrypted: bool

    @property
    def text(self) -> str:
        text: str = self.letter.get_content()
        return text.replace("\r\n", "\n")


class Office:
    """`refuse` maps an address to what is said to it; `at_the_door` is said to every letter in place of 250."""

    def __init__(self, users: dict[str, str] | None = None) -> None:
        self.port = 0
        self.letters: list[Taken] = []
        self.refuse: dict[str, str] = {}
        self.at_the_door: str | None = None
        self.has_come = asyncio.Event()
        self.held: asyncio.Event | None = None
        self._users = users

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def next_letter(self, count: int = 1, *, within_s: float = 20) -> Taken:
        """The newest, once there are so many."""
        async with asyncio.timeout(within_s):
            while len(self.letters) < count:
                self.has_come.clear()
                await self.has_come.wait()
        return self.letters[-1]

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        if self.at_the_door is not None:
            return self.at_the_door
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, _class=EmailMessage, policy=policy.default)
        self.letters.append(
            Taken(envelope.mail_from or "", envelope.rcpt_tos, letter, encrypted=session.ssl is not None)
        )
        self.has_come.set()
        if self.held is not None:
            await self.held.wait()
        return "250 OK"

    def knows(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and self._users is not None
        right = right and self._users.get(data.login.decode()) == data.password.decode()
        return AuthResult(success=right, handled=False)


@asynccontextmanager
async def opened(
    users: dict[str, str] | None = None, *, tls: ssl.SSLContext | None = None, from_the_start: bool = False
) -> AsyncIterator[Office]:
    """A server at `office.url`; `tls` offers STARTTLS, or encrypts `from_the_start`."""
    office = Office(users)
    connections: list[SMTP] = []

    def connection() -> SMTP:
        with warnings.catch_warnings():
            # That a password is said in the open: whether it is, tests look at.
            warnings.simplefilter("ignore")
            made = SMTP(
                office,
                hostname="mail.test",
                enable_SMTPUTF8=True,
                tls_context=None if from_the_start else tls,
                authenticator=office.knows if users is not None else None,
                auth_required=users is not None,
                auth_require_tls=False,
            )
        connections.append(made)
        return made

    loop = asyncio.get_running_loop()
    server = await loop.create_server(connection, "127.0.0.1", 0, ssl=tls if from_the_start else None)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        server.close()
        for one in connections:
            if one.transport is not None:
                one.transport.abort()
        await server.wait_closed()
        await asyncio.sleep(0)
