"""Which language somebody writes in, as far as a short message tells."""

import pytest

from havana.assistant.understanding.language import language_of

SAID = [
    ("What does it cost to bring my dog?", "en"),
    ("hi, can I change the date of my booking", "en"),
    ("¿Cuánto cuesta el programa?", "es"),
    ("Hola, no puedo entrar en mi cuenta", "es"),
    ("Bonjour, je voudrais changer la date de ma réservation", "fr"),
    ("C'est combien pour deux personnes ?", "fr"),
    ("Guten Tag, ich möchte mit jemandem sprechen", "de"),
    ("Wo finde ich die Rechnung?", "de"),
    ("Olá, não consigo entrar na minha conta", "pt"),
    ("Quanto custa para uma pessoa?", "pt"),
    ("كم تكلفة البرنامج؟", "ar"),
    ("12345", ""),
    ("Havana Tech", ""),
    ("こんにちは", ""),
]


@pytest.mark.parametrize(("text", "language"), SAID)
def test_a_message_tells_its_language_or_nothing(text, language):
    assert language_of([text]) == language


def test_all_messages_together_tell_it():
    assert language_of(["ok", "WLD-200", "Und was kostet das?"]) == "de"


def test_nobody_has_said_anything():
    assert language_of([]) == ""
