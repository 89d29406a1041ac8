"""Messages as plain words: no accents, no stretched letters, short forms written out, slips put right."""

import re
import unicodedata
from functools import lru_cache

from havana.knowledge.spelling import distance
from havana.knowledge.wordpiece import is_word

_SHORT_FORMS = {
    "agt": "agent",
    "csr": "representative",
    "gimme": "give me",
    "hooman": "human",
    "im": "i am",
    "lemme": "let me",
    "pls": "please",
    "plz": "please",
    "ppl": "people",
    "r": "are",
    "some1": "someone",
    "tak": "talk",
    "thru": "through",
    "tlk": "talk",
    "u": "you",
    "ur": "your",
    "w": "with",
    "wanna": "want to",
    "youre": "you are",
}
# The words by which a wish is known, and those around them. What is a slip away from one, and no word itself,
# means it.
_MATTERING = """
    human person people someone somebody anyone anybody agent advisor representative operator manager supervisor
    customer service support reception staff team member employee colleague helpdesk talk speak chat connect transfer
    real live actual please robot call callback appointment schedule book talking speaking chatting contact reach
    forward switch escalate through want need would like could give have with there here available help assistance
    rather prefer useless ridiculous terrible horrible awful stupid pathetic idiot joke garbage disgusting unacceptable
    frustrating frustrated angry furious worst waste wasting losing patience understand listening incompetent shut time
    when what will does before where that this they about never your
"""
# English words are known from the sentence model's vocabulary. These mean themselves as well: those that have lost an
# apostrophe, and words of other languages.
_OTHERS = """
    heres hows shes theres theyre thats wasnt werent whats wheres whens whos wont agente agentes echter echte humain
    humaine humains humana humanas humano humanos mangel persona personas personen personne personnes reale reales rede
    reden servicio servus stupide support supporto
"""
_KNOWN = tuple(_MATTERING.split())
_THEMSELVES = frozenset((*_KNOWN, *_OTHERS.split()))
_APOSTROPHES = re.compile(r"['`\u2019]")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_ELIDED = re.compile(r"\b(c|d|j|l|n|s|qu|quelqu)['\u2019](?=[aehiouy])")
_TO = re.compile(r"\b2 (?=(?:talk|speak|chat|an?|the|your|human|agent|some) ?)")
_WORDS = re.compile(r"[a-z0-9]+")
_BREAKS = re.compile(r"[.!?,;:()\n\u2026\u00a1\u00bf]+|\s[-\u2013\u2014]+\s")


def fold(message: str) -> str:
    """Its words in small letters, with one space between them."""
    decomposed = unicodedata.normalize("NFKD", message.casefold())
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    letters = _TO.sub("to ", _ELIDED.sub(r"\1 ", letters))
    letters = _STRETCHED.sub(r"\1", _APOSTROPHES.sub("", letters))
    return " ".join(_put_right(word) for word in _WORDS.findall(letters))


def clauses(message: str) -> list[str]:
    """The same, cut where the message has marks: a "not" in one clause says nothing about the next."""
    return [folded for part in _BREAKS.split(message) if (folded := fold(part))]


@lru_cache(4096)
def _put_right(word: str) -> str:
    if word in _SHORT_FORMS:
        return _SHORT_FORMS[word]
    if len(word) < 4 or word in _THEMSELVES:
        return word
    near = next((known for known in _KNOWN if _near(word, known)), None)
    return word if near is None or is_word(word) else near


def _near(word: str, known: str) -> bool:
    swapped = word[:2] == known[1::-1]
    slips = 1 if len(known) < 8 else 2
    return (word[0] == known[0] or swapped) and distance(word, known, slips) <= slips
