"""To a real mail server over a real connection: what arrives, and what is said when nothing does."""

import datetime as dt
import socket
import ssl
from email.message import EmailMessage
from pathlib import Path

import pytest
import trustme
from tests.mail.office import opened

from havana.mail.letters import trial
from havana.mail.message import NotSent, message
from havana.mail.smtp import Server

AT = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
SECRET = "s3cr/t @:%"
QUOTED = "s3cr%2Ft%20%40%3A%25"


def letter(to: str = "ana@example.com") -> EmailMessage:
    return message(trial("https://x.example"), id="m-1", sender="Havana <chat@x.example>", to=to, at=AT)


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Of a server for whose certificate this machine knows the authority."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return context


async def refused(server: Server, to: str = "ana@example.com") -> NotSent:
    with pytest.raises(NotSent) as failure:
        await server.send(letter(to))
    assert SECRET not in failure.value.reason
    assert "ana@example.com" not in failure.value.reason
    return failure.value


async def test_a_letter_arrives():
    async with opened() as office:
        await Server.at(office.url).send(letter())

    [taken] = office.letters
    assert (taken.sender, taken.to) == ("chat@x.example", ["ana@example.com"])
    assert taken.letter["Message-ID"] == "<m-1@x.example>"
    assert taken.text == trial("https://x.example").text


async def test_it_goes_encrypted_where_that_is_offered(trusted: ssl.SSLContext):
    async with opened(tls=trusted) as office:
        await Server.at(office.url).send(letter())

    assert [taken.encrypted for taken in office.letters] == [True]


async def test_smtps_is_encrypted_from_the_start_and_signs_in(trusted: ssl.SSLContext):
    async with opened({"me@x": SECRET}, tls=trusted, from_the_start=True) as office:
        await Server.at(f"smtps://me%40x:{QUOTED}@127.0.0.1:{office.port}").send(letter())

    assert len(office.letters) == 1


async def test_a_certificate_that_nobody_vouches_for_is_not_sent_to(trusted: ssl.SSLContext):
    stranger = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(stranger)
    async with opened({"me": SECRET}, tls=stranger) as office:
        failure = await refused(Server.at(f"smtp://me:{QUOTED}@127.0.0.1:{office.port}"))

    assert "certificate" in failure.reason
    assert not failure.final
    assert office.letters == []


async def test_a_password_is_never_said_in_the_open(monkeypatch: pytest.MonkeyPatch):
    # As if the server stood elsewhere: to this machine itself it may be said.
    monkeypatch.setattr("havana.mail.smtp.LOCAL", frozenset())
    async with opened({"me": SECRET}) as office:
        failure = await refused(Server.at(f"smtp://me:{QUOTED}@127.0.0.1:{office.port}"))

    assert "STARTTLS" in failure.reason
    assert office.letters == []


async def test_a_wrong_password_is_said_without_it_and_is_not_the_end():
    async with opened({"me": "another"}) as office:
        failure = await refused(Server.at(f"smtp://me:{QUOTED}@127.0.0.1:{office.port}"))

    assert (failure.reason, failure.final) == ("the mail server does not let this user in (535)", False)


async def test_whom_the_server_does_not_know_gets_nothing_however_often_it_is_tried():
    async with opened() as office:
        office.refuse["ana@example.com"] = "550 5.1.1 <ana@example.com>: no such user"
        failure = await refused(Server.at(office.url))

    assert (failure.reason, failure.final) == ("the mail server said 550 5.1.1 <…>: no such user", True)


async def test_who_is_to_come_back_later_does():
    async with opened() as office:
        office.refuse["ana@example.com"] = "451 4.7.1 greylisted"
        failure = await refused(Server.at(office.url))

    assert (failure.reason, failure.final) == ("the mail server said 451 4.7.1 greylisted", False)


async def test_a_letter_that_is_not_wanted_is_not_offered_again():
    async with opened() as office:
        office.at_the_door = "554 5.7.1 looks like spam"
        failure = await refused(Server.at(office.url))

    assert (failure.reason, failure.final) == ("the mail server said 554 5.7.1 looks like spam", True)


async def test_addresses_in_any_language_arrive():
    async with opened() as office:
        await Server.at(office.url).send(letter("jiří@škola.test"))

    assert office.letters[0].to == ["jiří@škola.test"]


async def test_nobody_there_is_said_with_where():
    async with opened() as office:
        pass
    failure = await refused(Server.at(office.url))

    assert failure.reason.startswith(f"127.0.0.1:{office.port} cannot be reached")
    assert not failure.final


async def test_what_is_no_mail_server_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("havana.mail.smtp.TIMEOUT_S", 0.2)

    # The kernel takes connections for it, and nobody ever says a word.
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        failure = await refused(Server.at(f"smtp://127.0.0.1:{port}"))

    assert failure.reason == f"127.0.0.1:{port} does not answer"


@pytest.mark.parametrize(
    ("url", "port", "encrypted"),
    [("smtp://mail.test", 587, False), ("smtps://mail.test", 465, True), ("smtp://mail.test:25", 25, False)],
)
def test_each_way_has_its_usual_port(url: str, port: int, encrypted: bool):
    assert Server.at(url) == Server("mail.test", port, encrypted)


def test_a_server_is_shown_without_its_password():
    assert repr(Server.at(f"smtp://me:{QUOTED}@mail.test")) == "Server(mail.test:587)"
