"""What a visitor's message asks for besides an answer: a person, a call, or only a kind word.

Patterns over folded words: no accents, no stretched letters, and near misses of the words that matter put
right. English first; the wish for a person also in Spanish, German and French.
"""

import re
import unicodedata
from typing import Literal

from havana.knowledge.spelling import distance

Wish = Literal["person", "call", "nature", "greeting", "thanks", "goodbye"]
"""`nature` is the question whether the assistant is a human: it deserves an honest answer, and is no wish
for one."""

_MATTERING = """
    human person people someone somebody agent advisor representative operator talk speak chat connect transfer real
    live actual please robot call callback appointment schedule book
"""
# Words one slip away from those above, that mean themselves.
_OTHERS = """
    ball calls called cell chart cheat fall hall line lives lived like love look books cook took personal persons
    reel read deal heal tall tale walk wall speaks talks agents humane humans live lire give alive all chats hat
    that what robots call ca meal seal teal veal well tell persona personas personne personnes humano humana humain
    humaine agente agentes reden real reale echter rede
"""
_KNOWN = tuple(_MATTERING.split())
_THEMSELVES = frozenset(_OTHERS.split())

_SOFT = (
    r"(?:(?:an?|the|your|some|any|another|one|of|my|to|with|real|live|actual|human|normal|different|proper"
    r"|us|other"
    r"|non|robotic|bank|support|service) )*"
)
_STRONG = (
    r"(?:human being|humans?|persons?|agents?|advis[oe]rs?|representatives?|reps?|operators?|managers?"
    r"|supervisor|worker)"
)
_ANYONE = rf"(?:{_STRONG}|people|someone|somebody|staff|team|employee|support|anyone|anybody|customer service)"
_SPEAK = r"(?:talk|talking|speak|speaking|chat|connect|transfer|switch|escalate|forward|redirect|put|hand|pass|reach)"
_MACHINE = r"(?:bots?|robots?|machine|chatbot|ai|algorithm)"

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
_REFUSED = re.compile(
    r"\b(?:dont|do not|didnt|never|not) (?:want|need|like|wish|have)(?: to)? (?:(?:talk|speak|chat) (?:to"
    r"|with) )?"
    rf"{_SOFT}{_ANYONE}\b(?! else)|\bno need (?:for|to)\b|\b(?:no|without an?) {_STRONG}\b"
)
_AWAY_FROM_MACHINE = re.compile(
    r"\b(?:dont|do not|not|hate|no|stop|tired of|sick of|enough of)\b (?:\w+ ){0,3}?"
    rf"(?:want|like|trust|talk|talking|speak|deal|dealing|comfortable|more)\b (?:\w+ ){{0,6}}?(?:{_MACHINE}"
    rf"|talk to you)\b"
    rf"|\b(?:hate|tired of|sick of|enough of|stop|no) (?:(?:this|the|these|your|stupid|more) )*{_MACHINE}\b"
    rf"|\b(?:(?:this|the) {_MACHINE} is|you are) (?:so |a )?(?:stupid|useless|dumb)\b"
)
_PERSON = re.compile(
    rf"\b{_SPEAK} (?:(?:me|this|it|us|over|through|in|directly|on) )*(?:to|with) {_SOFT}{_ANYONE}\b"
    rf"|\b(?:get|reach|contact|give|find|bring|fetch) (?:me )?(?:hold of )?{_SOFT}{_STRONG}\b"
    rf"|\b(?:need|want|prefer|like|wish|have|get) {_SOFT}(?:human|operator|representative|agent)\b"
    r"|\bi (?:need|want) (?:a|some) person\b|\b(?:real|live|actual) (?:person|human|agent|people)\b"
    rf"|\b(?:can|could|may) (?:an?|any|some) {_STRONG} \w+|\b(?:get|have|want|can|could|bring) (?:someone"
    rf"|somebody) else\b|\bis there (?:a|any) {_STRONG}\b"
    r"|\b(?:someone|somebody|anyone|people|person) i can (?:talk|speak|chat)\b|\bhuman (?:help|support"
    r"|assistance)\b"
    r"|\bcall ?back\b|\bgive (?:me|us) a (?:call|ring)\b|\bput me through\b|\bget (?:someone"
    r"|somebody) to help\b"
)
_CALL_ME = re.compile(
    r"\b(?:call|phone|ring) (?:me|us)(?: (?:back|please|now|today|tomorrow|later|asap|about|at|on|when|in"
    r"|this (?:week|morning|afternoon|evening)|\d+)\b.*|$)"
    r"|\b(?:someone|somebody|advisor|agent) (?:please )?(?:contact|call|phone|ring) me\b|\bcontact me\b"
)
_NAMES = re.compile(r"\b(?:names?|what|they|people|friends|her|him) (?:\w+ )*(?:call|phone) me\b")
_OTHER_TONGUES = re.compile(
    r"\b(?:hablar|habla|comunicarme|comunicar|contactar|chatear|pasame|paseme)\b.*"
    r"\b(?:persona|humano|agente|alguien|asesora?)\b"
    r"|\bpersona (?:real|de verdad|humana)\b|\bagente humano\b"
    r"|\b(?:llamame|llameme|llamenme|me pueden? llamar)\b"
    r"|\b(?:mensch(?:en)?|person|mitarbeiter(?:in)?|berater(?:in)?|jemande[mn]?)\b.*"
    r"\b(?:sprechen|reden|verbinden|schreiben)\b"
    r"|\b(?:sprechen|reden|verbinden)\b.*\b(?:mensch(?:en)?|mitarbeiter(?:in)?|berater(?:in)?|jemandem)\b"
    r"|\bechte[rnm]? (?:menschen|mensch|person)\b|\b(?:ruckruf|ruf(?:en sie)? mich)\b"
    r"|\b(?:parler|discuter|contacter|joindre)\b.*\b(?:humain|personne|conseill(?:er|ere)|agent|quelqu un)\b"
    r"|\b(?:vraie personne|etre humain|rappele[rz] moi|me rappeler)\b"
)
_ONLY = re.compile(
    rf"(?:(?:i|need|want|please|pls|now|just|ok|hey|hello|hi|give|me) "
    rf"|{_SOFT}){{0,6}}{_STRONG}(?: (?:please|pls|now|asap))*"
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


def wish_of(message: str) -> Wish | None:
    """What the message wants apart from an answer from the articles, if anything."""
    text = fold(message)
    if _asks_for_person(text):
        return "person"
    if _CALL.search(text) and not _TOUR.search(text):
        return "call"
    if _NATURE.search(text):
        return "nature"
    if _GREETING.fullmatch(text):
        return "greeting"
    if not _QUESTION.search(text):
        for wish, pattern in _KIND_WORDS:
            if pattern.fullmatch(text):
                return wish
    return None


def fold(message: str) -> str:
    """Lower case words without accents, apostrophes and stretched letters, with near misses put right."""
    decomposed = unicodedata.normalize("NFKD", message.casefold())
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    letters = re.sub(r"['`\u2019]", "", re.sub(r"\bqu['\u2019]", "qu ", letters).replace("quelqu'un", "quelqu un"))
    words = re.findall(r"[a-z0-9]+", re.sub(r"([a-z])\1{2,}", r"\1", letters))
    return " ".join(_put_right(word) for word in words)


def _put_right(word: str) -> str:
    if len(word) < 4 or word in _KNOWN or word in _THEMSELVES:
        return word
    return next((known for known in _KNOWN if len(known) > 3 and _near(word, known)), word)


def _near(word: str, known: str) -> bool:
    slips = 1 if len(known) < 9 else 2
    return word[0] == known[0] and distance(word, known, slips) <= slips


def _asks_for_person(text: str) -> bool:
    nature = _NATURE.search(text)
    if nature:
        # "Are you a real person" holds the words of a wish; what stands around the question decides.
        rest = _REST_OF_NATURE.match(text, nature.end())
        return any(_asks_for_person(part) for part in (text[: nature.start()], text[(rest or nature).end() :].strip()))
    if _AWAY_FROM_MACHINE.search(text):
        return True
    if _REFUSED.search(text):
        return False
    called = _CALL_ME.search(text) and not _NAMES.search(text)
    return bool(called or any(p.search(text) for p in (_PERSON, _OTHER_TONGUES)) or _ONLY.fullmatch(text))
