"""What is heard in a message. `wishes.txt` has the messages; kinder words stand here."""

from pathlib import Path

import pytest

from havana.assistant.understanding.wishes import is_angry, wish_of

LINES = Path(__file__).with_name("wishes.txt").read_text(encoding="utf-8").splitlines()
MESSAGES = [tuple(part.strip() for part in line.split("|", 1)) for line in LINES if not line.startswith("#")]
NEITHER = {"person", "maybe_person", "angry", "call", "nature"}


def heard(kind: str) -> list[str]:
    return [message for named, message in MESSAGES if named == kind]


@pytest.mark.parametrize("message", heard("person"))
def test_a_wish_for_a_person_is_heard(message: str) -> None:
    assert wish_of(message) == "person"


@pytest.mark.parametrize("message", heard("maybe_person"))
def test_a_noun_or_two_are_no_more_than_a_hint(message: str) -> None:
    assert wish_of(message) == "maybe_person"


@pytest.mark.parametrize("message", heard("angry"))
def test_anger_at_us_is_heard(message: str) -> None:
    assert wish_of(message) == "angry"
    assert is_angry(message)


@pytest.mark.parametrize("message", heard("nature"))
def test_to_ask_who_is_there_is_no_wish_for_a_person(message: str) -> None:
    assert wish_of(message) == "nature"


@pytest.mark.parametrize("message", [*heard("none"), "", "?!", "…"])
def test_questions_and_polite_complaints_are_no_wishes(message: str) -> None:
    assert wish_of(message) not in NEITHER
    assert not is_angry(message)


@pytest.mark.parametrize(
    ("message", "wish"),
    [
        ("You are useless, I want to talk to a human", "person"),
        ("WTF, book me a call then", "call"),
        ("This is ridiculous. How much is welding?", "angry"),
    ],
)
def test_an_angry_message_may_want_something_as_well(message: str, wish: str) -> None:
    assert wish_of(message) == wish
    assert is_angry(message)


@pytest.mark.parametrize(
    ("message", "wish"),
    [
        ("Can I book a call?", "call"),
        ("schedule an appointment with an advisor", "call"),
        ("Hello there!", "greeting"),
        ("hi, how are you?", "greeting"),
        ("thank you, that helps", "thanks"),
        ("ok great", "thanks"),
        ("bye!", "goodbye"),
        ("that's all", "goodbye"),
        ("I need a driver's license", None),
        ("thanks, and how much is welding?", None),
    ],
)
def test_calls_and_kind_words_are_told_apart(message: str, wish: str | None) -> None:
    assert wish_of(message) == wish


def test_a_long_message_is_read_at_once() -> None:
    """Messages are up to 8,000 characters, and no pattern may take them to pieces in more than one way."""
    for piece in ("please ", "a real ", "want to talk to the ", "not ", "!!! ", "hello there "):
        assert wish_of((piece * 8000)[:8000] + "welding") in (None, "angry", "greeting", "person", "maybe_person")
