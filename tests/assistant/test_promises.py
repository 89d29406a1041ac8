"""What an answer promises of people."""

import pytest

from havana.assistant.understanding.promises import promise_in


@pytest.mark.parametrize(
    "text",
    [
        "I'll connect you with an agent now.",
        "I will transfer you to a member of our team.",
        "Let me get someone from the team for you.",
        "I'm connecting you to a human representative.",
        "One moment please while I transfer you to support.",
        "You're being transferred to a person.",
        "You will be connected shortly.",
        "I have escalated this to our support team.",
        "I've forwarded your request to a specialist, hold on.",
        "A member of our team will be with you shortly.",
        "Someone will reach out to you soon.",
        "Your request has been forwarded.",
        "Transferring you to an agent…",
        "I understand. Let me hand you over to a colleague. Is that all right?",
        "Le voy a transferir a un agente.",
        "Ich verbinde Sie mit einem Mitarbeiter.",
        "Je vous transfère à un conseiller.",
    ],
)
def test_a_promise_of_a_person_is_heard(text: str):
    assert promise_in(text) == "handover"


@pytest.mark.parametrize(
    "text",
    [
        "Would you like me to connect you with an agent?",
        "I can transfer you to a person if you like.",
        "Shall I get someone from the team?",
        "If you want, I can put you in touch with an advisor.",
        "Let me know if you would like to talk to a person.",
        "¿Quieres hablar con una persona?",
        "Möchten Sie mit einem Mitarbeiter sprechen?",
        "Souhaitez-vous parler à un conseiller ?",
    ],
)
def test_a_question_is_an_offer(text: str):
    assert promise_in(text) == "offer"


@pytest.mark.parametrize(
    "text",
    [
        "Welding costs $8,400.",
        "I cannot transfer you to a person.",
        "I'm an AI assistant, not a person.",
        "I can help you with programs, costs and dates.",
        "You can press *Talk to a person*, and the team will help you.",
        "After you apply, an advisor will contact you within two days.",
        "An advisor will call you within two days of your application. [1]",
        "The team won't get back to you before Monday.",
        "I will look that up for you.",
        "Let me find the opening hours.",
        "You can transfer credits to another school.",
        "Please connect the cable to the router.",
        "Is there anything else?",
        "",
    ],
)
def test_other_words_promise_nothing(text: str):
    assert promise_in(text) is None
