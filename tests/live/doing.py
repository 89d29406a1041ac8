"""What happens in a conversation, for `World.does`."""

from tests.chat.story import ANA, VISITOR

FOLLOW = {"conversation": "c1"}


def posts(text, number=2):
    return lambda chat: chat.post(VISITOR, text, f"key-{number:04}")


def starts(answer="answer-1"):
    return lambda chat: chat.start_answer(answer)


def finishes(text, answer="answer-1"):
    return lambda chat: chat.finish_answer(answer, text)


def claims(chat):
    return chat.claim(ANA)


def notes(chat):
    return chat.note(ANA, "a secret")
