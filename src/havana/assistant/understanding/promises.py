"""What an answer's words promise of people: what a visitor reads and what happens must never disagree. Pure.

A model that writes "I will connect you with an agent" has to call the function for it. One that does not is taken at
its word: a promise becomes the hand-over, a question ("Shall I connect you?") becomes the offer with its buttons.
"""

import re
from typing import Literal

from havana.assistant.interface import CITATION
from havana.assistant.understanding.folding import fold

Promise = Literal["handover", "offer"]

_PEOPLE = (
    r"(?:humans?|persons?|people|agents?|advis[oe]rs?|representatives?|reps?|operators?|specialists?|supervisors?"
    r"|managers?|colleagues?|someone|somebody|team|staff|support|experts?|counsel+ors?)"
)
_TO_PEOPLE = rf"(?:\w+ ){{0,6}}?(?:to|with|for|from) (?:\w+ ){{0,5}}?{_PEOPLE}"
_CONNECT = (
    r"(?:connect(?:ing)?|transfer(?:ring)?|forward(?:ing)?|escalat(?:e|ing)|redirect(?:ing)?|hand(?:ing)?"
    r"|pass(?:ing)?|put(?:ting)?|refer(?:ring)?|link(?:ing)?)"
)
_CALL_IN = (
    r"(?:get(?:ting)?|bring(?:ing)?|call(?:ing)?|fetch(?:ing)?|find(?:ing)?|notify(?:ing)?|inform(?:ing)?"
    rf"|alert(?:ing)?) (?:\w+ ){{0,4}}?{_PEOPLE}"
)
_DOES = rf"(?:{_CONNECT} {_TO_PEOPLE}|{_CONNECT} you (?:over|through|now)|{_CALL_IN})"
_WILL = (
    r"(?:i will|ill|i am|im|let me|i have|ive|i shall|we will|well|we are|allow me to|i can now"
    r"|(?:please wait|hold on|moment|moment please) while i)"
)
_DONE = r"(?:connected|transferred|forwarded|escalated|handed|passed|redirected|put through|referred)"
_IS_DONE = (
    r"(?:you are|youre|you have been|youve been|you will be|youll be"
    r"|(?:this|your (?:\w+ ){1,2})(?: ?)(?:has been|is being|was|will be))"
)
_COMES = (
    r"(?:be with you|join|contact you|call you|reach out|get back|get in touch|follow up|assist you|take over"
    r"|write to you|help you)"
)
_PROMISES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_WILL} (?:\w+ ){{0,3}}?{_DOES}\b",
        rf"^(?:transferring|connecting|forwarding|escalating|handing|putting) (?:\w+ ){{0,3}}?{_TO_PEOPLE}\b",
        rf"\b(?:i|we) ?(?:have|ve) (?:\w+ ){{0,2}}?{_DONE} {_TO_PEOPLE}\b",
        rf"\b{_IS_DONE} (?:\w+ ){{0,2}}?{_DONE}\b",
        rf"\b{_PEOPLE} (?:\w+ ){{0,4}}?(?:will|is going to|are going to|shall) (?:\w+ ){{0,3}}?{_COMES}\b",
        (
            r"\b(?:te|le|lo|la) (?:paso|pasare|transfiero|transferire|conecto|conectare|comunico|comunicare"
            r"|(?:voy a|vamos a) (?:pasar|transfer\w*|conectar|comunicar)|estoy (?:transfiriendo|conectando))\b"
        ),
        (
            r"\bich (?:verbinde|leite|ubergebe|werde|stelle|hole)\b.*"
            r"\b(?:mitarbeiter(?:in)?|kolleg(?:e|en|in)|mensch(?:en)?|team|berater(?:in)?|person|support)\b"
        ),
        (
            r"\bje (?:vous |te )?(?:transfere?|passe|connecte|mets en (?:relation|contact)"
            r"|vais (?:vous |te )?(?:transferer|passer|connecter|mettre en (?:relation|contact)))\b"
        ),
    )
)
_ASKS = tuple(
    re.compile(pattern)
    for pattern in (
        (
            r"\b(?:would you like|do you want|(?:shall|should|may|can|could) (?:i|we)|(?:i|we) (?:can|could|would)"
            r"|if you (?:want|like|prefer|wish|need)"
            rf"|let me know if|happy to|want me)\b.*\b(?:{_CONNECT}|{_CALL_IN}"
            rf"|(?:talk|speak|chat) (?:to|with) (?:\w+ ){{0,4}}?{_PEOPLE})\b"
        ),
        (
            r"\b(?:quieres|desea|quiere|prefieres|prefiere|te gustaria|le gustaria)\b.*"
            r"\b(?:persona|humano|asesora?)\b"
        ),
        (
            r"\b(?:mochten sie|mochtest du|soll ich|wollen sie)\b.*"
            r"\b(?:mitarbeiter(?:in)?|mensch(?:en)?|berater(?:in)?|team)\b"
        ),
        (
            r"\b(?:voulez vous|souhaitez vous|veux tu|souhaites tu|preferez vous)\b.*"
            r"\b(?:humain|personne|conseill(?:er|ere))\b"
        ),
    )
)
_UNTRUE = re.compile(r"\b(?:cannot|cant|unable|wont|dont|not|never|if|unless|before|after|when|once|press|click)\b")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")


def promise_in(text: str) -> Promise | None:
    """The strongest that any sentence promises. A paragraph that cites tells what an article says, and is let be."""
    own = [paragraph for paragraph in text.split("\n\n") if not CITATION.search(paragraph)]
    found = {_of_sentence(sentence) for paragraph in own for sentence in _SENTENCE.findall(paragraph)}
    return "handover" if "handover" in found else "offer" if "offer" in found else None


def _of_sentence(sentence: str) -> Promise | None:
    words = fold(sentence)
    if any(pattern.search(words) for pattern in _ASKS):
        return "offer"
    if sentence.rstrip().endswith("?"):
        return None
    for pattern in _PROMISES:
        promised = pattern.search(words)
        # "I cannot transfer you", "If you press the button, somebody will join": no promise, or not yet.
        if promised and not _UNTRUE.search(words[: promised.end()]):
            return "handover"
    return None
