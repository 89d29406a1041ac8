"""`havana mail test`, and what the doctor finds, against a real mail server."""

import asyncio
from pathlib import Path

import pytest
from tests.mail.office import Office, opened

from havana.cli import run

FROM = {"HAVANA_MAIL_FROM": "Havana <chat@x.example>", "HAVANA_PUBLIC_URL": "https://x.example"}


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def settle(monkeypatch: pytest.MonkeyPatch, office: Office | None, without: str = "") -> None:
    for name, value in FROM.items():
        if name != without:
            monkeypatch.setenv(name, value)
    if office is not None:
        monkeypatch.setenv("HAVANA_SMTP_URL", office.url)


async def havana(*arguments: str) -> int:
    """In a thread: the mail server answers from this one's loop."""
    return await asyncio.to_thread(run, arguments)


async def test_a_letter_is_sent_and_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    async with opened() as office:
        settle(monkeypatch, office)
        assert await havana("mail", "test", "ana@example.com") == 0
        said = capsys.readouterr().out

    assert said == f"127.0.0.1:{office.port} has taken a letter to ana@example.com.\n"
    [taken] = office.letters
    assert (taken.to, taken.letter["From"]) == (["ana@example.com"], "Havana <chat@x.example>")
    assert "https://x.example" in taken.text


async def test_what_the_server_does_not_take_is_said_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    async with opened() as office:
        settle(monkeypatch, office)
        office.refuse["ana@example.com"] = "550 no such user"
        assert await havana("mail", "test", "ana@example.com") == 1

    assert capsys.readouterr().err == "havana: Not sent: the mail server said 550 no such user.\n"


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("HAVANA_MAIL_FROM", "havana: HAVANA_SMTP_URL needs HAVANA_MAIL_FROM, to say who writes.\n"),
        ("HAVANA_PUBLIC_URL", "havana: HAVANA_SMTP_URL needs HAVANA_PUBLIC_URL, for the links in letters.\n"),
    ],
)
async def test_without_what_every_letter_needs_nothing_is_sent(
    missing: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    async with opened() as office:
        settle(monkeypatch, office, without=missing)
        assert await havana("mail", "test", "ana@example.com") == 2

    assert capsys.readouterr().err == said
    assert office.letters == []


async def test_without_a_mail_server_that_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    settle(monkeypatch, None)
    assert await havana("mail", "test", "ana@example.com") == 1
    assert "See HAVANA_SMTP_URL" in capsys.readouterr().err


async def test_an_address_that_is_none_is_a_usage_error(capsys: pytest.CaptureFixture[str]):
    assert await havana("mail", "test", "ana") == 2
    assert "It looks like name@example.com" in capsys.readouterr().err


async def test_the_doctor_signs_in_and_sends_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    async with opened() as office:
        settle(monkeypatch, office)
        await havana("doctor")
        well = capsys.readouterr().out
        settle(monkeypatch, office)
        monkeypatch.delenv("HAVANA_MAIL_FROM")
        assert await havana("doctor") == 1
        without = capsys.readouterr().out
    assert await havana("doctor") == 1
    away = capsys.readouterr().out

    assert f"ok       mail: 127.0.0.1:{office.port} lets us in; try it with: havana mail test ADDRESS\n" in well
    assert "problem  mail: HAVANA_MAIL_FROM not set\n" in without
    assert f"problem  mail: 127.0.0.1:{office.port} cannot be reached" in away
    assert office.letters == []
