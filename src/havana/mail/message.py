"""A letter as mail servers take it: plain text, and headers that nobody can write into. Pure."""

import datetime as dt
from collections.abc import Awaitable, Callable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

import msgspec

from havana.urls import MAILBOX

# What a server does not promise to pass on as it is, none is sent.
_POLICY = SMTP.clone(cte_type="7bit")
_LONGEST_SUBJECT = 200

Send = Callable[[EmailMessage], Awaitable[None]]
"""Hands a letter to the mail server, or raises `NotSent`."""


class NotSent(Exception):
    """Why the server did not take a letter; without addresses and secrets, for it is kept and logged.

    `final`: it never will, so nobody need try again.
    """

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.final = final


class Letter(msgspec.Struct, frozen=True):
    """`text` has plain line feeds at its line ends."""

    subject: str
    text: str


def message(letter: Letter, *, id: str, sender: str, to: str, at: dt.datetime) -> EmailMessage:
    """`sender` may have a name before its address. The same id makes the same letter, however often it is made.

    Raises `NotSent` for an address that no letter can carry.
    """
    name, address = parseaddr(sender)
    made = EmailMessage(_POLICY)
    made["From"] = _address(address, _line(name))
    made["To"] = _address(to)
    made["Subject"] = _line(letter.subject)[:_LONGEST_SUBJECT]
    made["Date"] = format_datetime(at)
    made["Message-ID"] = f"<{id}@{address.rpartition('@')[2]}>"
    # Nobody's out-of-office shall answer.
    made["Auto-Submitted"] = "auto-generated"
    # Else every line that is longer than 78 letters would be broken, and links are.
    made.set_content(letter.text, cte="7bit" if letter.text.isascii() else None)
    return made


def _address(address: str, name: str = "") -> Address:
    if not MAILBOX.fullmatch(address) or not address.isprintable():
        raise NotSent("the address cannot be written to", final=True)
    local, _, domain = address.rpartition("@")
    return Address(name, local, domain)


def _line(text: str) -> str:
    """In one line, without what is not seen: headers are lines, and names are whatever somebody calls themselves."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
