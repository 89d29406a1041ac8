"""The form of a letter: what names and addresses may do to it, and what makes it the same one."""

import datetime as dt

import pytest

from havana.mail.letters import trial
from havana.mail.message import Letter, NotSent, message

AT = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
LETTER = Letter("Hello", "How are you?\n")


def test_a_letter_has_what_every_letter_has():
    made = message(LETTER, id="m-1", sender="The School <chat@school.test>", to="ana@example.com", at=AT)

    assert made.as_bytes() == (
        b"From: The School <chat@school.test>\r\n"
        b"To: ana@example.com\r\n"
        b"Subject: Hello\r\n"
        b"Date: Sun, 01 Mar 2026 12:00:00 +0000\r\n"
        b"Message-ID: <m-1@school.test>\r\n"
        b"Auto-Submitted: auto-generated\r\n"
        b'Content-Type: text/plain; charset="utf-8"\r\n'
        b"Content-Transfer-Encoding: 7bit\r\n"
        b"MIME-Version: 1.0\r\n"
        b"\r\n"
        b"How are you?\r\n"
    )


def test_the_same_id_makes_the_same_letter():
    twice = [message(LETTER, id="m-1", sender="chat@school.test", to="ana@example.com", at=AT) for _ in range(2)]

    assert twice[0].as_bytes() == twice[1].as_bytes()


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x85", "\x0b", "\x00"])
def test_nobody_writes_a_header_by_their_name(end: str):
    letter = Letter(f"Ana{end}Bcc: all@example.com", "Hello\n")
    made = message(letter, id="m-1", sender="chat@school.test", to="ana@example.com", at=AT)

    assert made["Bcc"] is None
    assert made["Subject"] == "Ana Bcc: all@example.com"
    assert b"\nBcc" not in made.as_bytes()


@pytest.mark.parametrize(
    "to", ["ana@example.com\r\nBcc: all@example.com", "ana", "a@b@c", "", "ana@example.com, ben@example.com", "@"]
)
def test_an_address_that_is_none_is_not_written_to(to: str):
    with pytest.raises(NotSent) as refused:
        message(LETTER, id="m-1", sender="chat@school.test", to=to, at=AT)

    assert refused.value.final
    assert "@" not in refused.value.reason


def test_whatever_language_it_is_in_nothing_but_ascii_is_sent():
    letter = Letter("مرحبا يا آنا", "Jiří čeká už 5 minut. " * 100)
    made = message(letter, id="m-1", sender="Škola <chat@school.test>", to="ana@example.com", at=AT)
    sent = made.as_bytes()

    assert sent.isascii()
    assert max(map(len, sent.split(b"\r\n"))) < 998
    assert (made["Subject"], made.get_content().strip()) == (letter.subject, letter.text.strip())


def test_a_link_stays_in_one_piece():
    link = "https://chat.example.com/console/sign-in#password=" + "x" * 32
    made = message(Letter("Hello", f"Here:\n\n{link}\n"), id="m-1", sender="c@s.test", to="a@example.com", at=AT)

    assert link.encode() in made.as_bytes()


def test_a_subject_has_an_end():
    made = message(Letter("x" * 5000, ""), id="m-1", sender="c@s.test", to="a@example.com", at=AT)

    assert len(made["Subject"]) == 200


def test_the_trial_says_where_it_comes_from():
    assert trial("https://chat.example.com").text == (
        "This is a test: Havana at https://chat.example.com can send you mail.\n\nYou need not do anything.\n"
    )
