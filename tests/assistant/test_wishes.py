import pytest

from havana.assistant.wishes import wish_of


@pytest.mark.parametrize(
    "message",
    [
        "talk to a human",
        "Can I talk to a real person please?",
        "real person please",
        "I NEED A HUMAN!!!",
        "agent",
        "humaaan pls",
        "tlak to a persn",
        "can i speak to sombody",
        "connect me with an advisor",
        "put me through to your team",
        "I would rather talk to somebody from your team",
        "is there a person I can talk to?",
        "call me back",
        "please call me tomorrow at 5",
        "can someone call me?",
        "I don't want to talk to a bot",
        "stop this robot",
        "Are you a bot? I want to talk to a human.",
        "quiero hablar con una persona",
        "Ich möchte mit einem Menschen sprechen",
        "je veux parler à quelqu'un",
    ],
)
def test_a_wish_for_a_person_is_heard(message: str) -> None:
    assert wish_of(message) == "person"


@pytest.mark.parametrize(
    "message",
    [
        "are you a human?",
        "Are you a bot?",
        "am I talking to a real person?",
        "is this a robot",
        "are you a computer, or are you a real person",
        "I want to know if you are a real person",
        "¿eres un robot?",
        "Bist du ein Mensch?",
    ],
)
def test_to_ask_who_is_there_is_no_wish_for_a_person(message: str) -> None:
    assert wish_of(message) == "nature"


@pytest.mark.parametrize(
    "message",
    [
        "I don't need a human",
        "no human please",
        "I want to become an electrician",
        "how many people are in a class?",
        "you can call me Carrie",
        "what do you call me?",
        "can I bring one more person to graduation?",
        "do you offer support for people with disabilities",
        "how do I book a campus tour?",
        "I need a driver's license",
        "thanks, and how much is welding?",
        "",
    ],
)
def test_questions_are_no_wishes(message: str) -> None:
    assert wish_of(message) is None


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
    ],
)
def test_calls_and_kind_words_are_told_apart(message: str, wish: str) -> None:
    assert wish_of(message) == wish
