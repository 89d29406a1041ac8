"""What a visitor's message asks for besides an answer: a person, a call, a kind word; and whether it is angry.

The wish for a person is a grammar of its own (`phrases.py`), as is anger (`anger.py`); both read folded words
(`folding.py`). What is only hinted at ("agent?") is told apart from what is asked for, for the one deserves an
offer and the other is obeyed.
"""

import re
from functools import lru_cache
from typing import Literal

from havana.assistant.understanding import anger, phrases
from havana.assistant.understanding.folding import clauses, fold
from havana.assistant.understanding.phrases import CORE as _STRONG
from havana.assistant.understanding.phrases import MACHINE as _MACHINE

Wish = Literal["person", "maybe_person", "angry", "call", "nature", "greeting", "thanks", "goodbye"]
"""`person`: asked for in so many words. `maybe_person`: a noun or two that may mean one. `angry`: nothing of these, and
angry at us; there may be a question in it as well. `nature` is the question whether the assistant is a human: it
deserves an honest answer, and is no wish for one.
"""
LOOKED_AT = 500
"""Messages of which it is remembered what they want."""

_NATURE = re.compile(
    rf"\b(?:are|r) (?:you|u|we) (?:\w+ ){{0,4}}?(?:{_STRONG}|{_MACHINE}|computer|real|people)\b"
    rf"|\b(?:if|whether|say) (?:you|this) (?:are|were|is) (?:\w+ ){{0,3}}?(?:{_STRONG}|{_MACHINE}|computer"
    rf"|real)\b"
    rf"|\bam i (?:\w+ )?(?:talking|speaking|chatting|writing|texting) (?:\w+ ){{0,3}}?"
    rf"(?:{_STRONG}|{_MACHINE}|real|people)\b"
    rf"|\b(?:is|isnt) (?:this|it|that) (?:\w+ ){{0,2}}?(?:{_MACHINE}|computer|a human|a person|human)\b"
    rf"|\b(?:consider yourself|classified as|call you|i am not) (?:an? )?(?:artificial|{_MACHINE})\b"
    r"|\b(?:eres|es usted) (?:\w+ ){0,2}(?:humano|persona|robot|bot)\b"
    r"|\b(?:bist du|sind sie) (?:\w+ ){0,3}(?:mensch|person|roboter|bot)\b"
    r"|\b(?:es tu|etes vous) (?:\w+ ){0,2}(?:humain|personne|robot|bot)\b"
)
_REST_OF_NATURE = re.compile(
    r"(?: (?:real|live|life|person|human|humans|being|people|or|an?|ai|bot|computer|robot|machine|right|now"
    r"|please|the)\b)+"
)
_CALL = re.compile(
    r"\b(?:book|schedule|arrange|set up|make|plan|reserve) (?:(?:an?|the|my|me|your) )?(?:\w+ )?"
    r"(?:calls?|appointment|meeting|callback)\b(?! to (?!talk|discuss|speak))"
)
_TOUR = re.compile(r"\b(?:tour|visit)\b")
_GREETING = re.compile(
    r"(?:(?:hi|hello|hey|heyo|hiya|howdy|yo|good (?:morning|afternoon|evening|day)|greetings|hola|hallo"
    r"|bonjour|salut"
    r"|guten tag|tell me|how are you|how is it going|hows it going|how do you do|whats up|wassup|there|you"
    r"|all|everyone"
    r"|again|assistant|ai|today)(?: |$))+"
)
_KIND = (
    r"(?:ok|okay|great|perfect|cool|nice|good|awesome|super|that helps|that helped|got it|alright|all good"
    r"|appreciated)"
)
_THANKS = re.compile(
    rf"(?:(?:{_KIND}|no|nope|thats all) )*(?:many |special )?(?:thanks|thank you|thx|thank u|ty|cheers"
    rf"|gracias|danke|merci)"
    rf"(?: .{{0,30}})?|{_KIND}(?: {_KIND})*|i ?a?m? (?:really )?(?:appreciate|thankful|grateful)\b.{{0,30}}"
)
_GOODBYE = re.compile(
    r"(?:.{0,50} )?(?:bye|goodbye|bye bye|see you(?: later| soon)?|see ya|good ?night|farewell"
    r"|until next time"
    r"|have a (?:good|nice|great) (?:day|one|night|evening|weekend)|ciao|adios|tschuss|au revoir)(?: now)?"
    r"|(?:no )?(?:thats all|that is all|nothing else)(?: .{0,20})?"
)
_KIND_WORDS: tuple[tuple[Wish, re.Pattern[str]], ...] = (("goodbye", _GOODBYE), ("thanks", _THANKS))
_QUESTION = re.compile(r"\b(?:how much|how long|what|when|where|which|why|can i|do i|do you|is it|how do)\b")


# With each answer the messages before it are looked through again.
@lru_cache(LOOKED_AT)
def wish_of(message: str) -> Wish | None:
    """What the message wants apart from an answer from the articles, if anything."""
    text = fold(message)
    if _asks_for_person(message, text):
        return "person"
    if _CALL.search(text) and not _TOUR.search(text):
        return "call"
    if _NATURE.search(text):
        return "nature"
    if phrases.may_want_person(text):
        return "maybe_person"
    if is_angry(message):
        return "angry"
    if _GREETING.fullmatch(text):
        return "greeting"
    if not _QUESTION.search(text):
        for wish, pattern in _KIND_WORDS:
            if pattern.fullmatch(text):
                return wish
    return None


@lru_cache(LOOKED_AT)
def is_angry(message: str) -> bool:
    """Whether it is angry at us, whatever else it wants."""
    return anger.is_angry(message, clauses(message))


def _asks_for_person(message: str, text: str) -> bool:
    nature = _NATURE.search(text)
    if nature is None:
        return phrases.asks_for_person(clauses(message))
    # "Are you a real person" holds the words of a wish; what stands around the question decides.
    rest = _REST_OF_NATURE.match(text, nature.end())
    around = (text[: nature.start()], text[(rest or nature).end() :].strip())
    return any(_asks_for_person(part, part) for part in around)
