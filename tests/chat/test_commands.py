"""What people type, before it is stored."""

import pytest

from havana.chat.commands import COMMANDS, TEXT_LIMIT, clean_email, clean_labels, clean_text
from havana.chat.errors import BadRequest, TooLarge


def test_text_is_trimmed_and_its_newlines_are_one_kind():
    assert clean_text("  Hello\r\nthere\r ") == "Hello\nthere"


@pytest.mark.parametrize("text", ["", "   ", "\n\t\n", "\x00\x07", "\u2028", "\u200b\u2060\ufeff", "\u200e"])
def test_text_of_nothing_is_refused(text):
    with pytest.raises(BadRequest, match="empty"):
        clean_text(text)


def test_control_characters_and_lone_surrogates_are_removed():
    assert clean_text("a\x00b\x1bc\x7f\x9bd\ud800e") == "abcde"


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "[x](javascript:alert(1))", "مرحبا \u200f", "👩‍👩‍👧‍👦"])
def test_what_only_looks_dangerous_is_kept_as_it_was_written(text):
    assert clean_text(text) == text.strip()


def test_length_is_counted_in_code_points():
    assert clean_text("🌴" * TEXT_LIMIT) == "🌴" * TEXT_LIMIT
    with pytest.raises(TooLarge, match="8001"):
        clean_text("🌴" * (TEXT_LIMIT + 1))


def test_an_address_is_an_address():
    assert clean_email(" coral@example.com ") == "coral@example.com"
    assert clean_email("o'brien+school@example.com") == "o'brien+school@example.com"


@pytest.mark.parametrize(
    "email",
    ["coral at example", "a@b.c?bcc=d@e.f", "a@b.c&subject=hi", "a%0d@b.c", "\u202ea@b.c", "a@b.c,d@e.f", "a\x1b@b.c"],
)
def test_what_is_no_single_plain_address_is_refused(email):
    with pytest.raises(BadRequest, match="e-mail"):
        clean_email(email)


def test_the_wires_names_of_the_commands():
    assert set(COMMANDS) == {
        "post", "request_human", "withdraw_request", "offer_call", "leave_contact", "rate", "close",
        "note", "claim", "transfer", "route", "return_to_queue", "hand_back", "reopen", "label", "allow", "refuse",
        "redact",
    }  # fmt: skip


def test_labels_are_lines_and_each_is_there_once_whatever_its_capitals():
    assert clean_labels(("  Late\norder ", "refund", "REFUND", "late  order", "a\x00b\ud800")) == (
        "Late order",
        "refund",
        "a b",
    )
    assert clean_labels(()) == ()


@pytest.mark.parametrize("label", [" ", "\n", "\u200b", "\x00"])
def test_a_label_of_nothing_is_refused(label):
    with pytest.raises(BadRequest, match="label"):
        clean_labels(("refund", label))
