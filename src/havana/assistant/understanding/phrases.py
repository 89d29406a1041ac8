"""How people ask for a person, as a small grammar over folded words (`folding.py`).

    wish   = talk "to" who | hand over "me" "to" who | need someone | "call me" | "no bots"
    who    = soft words (a, the, your, real …) and a noun for whoever answers

English first; Spanish, German and French by their commonest turns. What is asked for in passing ("do I need to speak
to an advisor before I enrol?", "I was talking to an agent") or refused is no wish. Escalating takes a visitor away from
the assistant, so a doubtful phrase is none.
"""

import re

# Whoever answers. A plural stands for one of them.
CORE = (
    r"(?:human beings?|humans?|persons?|(?:(?:call|contact) cent(?:er|re) )?agents?|representatives?|reps?|operators?"
    r"|managers?|supervisors?|receptionists?|(?:staff|team|crew) members?|members? of (?:the |your )?(?:staff|team)"
    r"|(?:bank |human )?workers?|employees?)"
)
_SPECIALIST = (
    r"(?:advis[oe]rs?|colleagues?|consultants?|specialists?|experts?|clerks?|tellers?|technicians?|counsell?ors?"
    r"|associates?|attendants?|concierge|boss|owner|sales(?:man|person|people)|case ?workers?)"
)
PLACE = (
    r"(?:reception|front desk|help ?desk|customer (?:service|support|care|relations)|support|staff|headquarters"
    r"|management|human resources)"
)
_UNIT = r"(?:(?:[a-z]+ ){0,2}(?:team|department|dept|desk|office))"
SOMEONE = r"(?:someone|somebody|anyone|anybody|whoever)"
MACHINE = r"(?:bots?|robots?|chat ?bots?|machines?|ai|algorithms?|(?:virtual|automated|ai) (?:agents?|assistants?))"
SOFT = (
    r"(?:(?:an?|the|your|some|any|another|one|of|my|to|with|real|live|living|actual|human|normal|different|proper"
    r"|competent|us|other|senior|non|bank|shop|store|hotel|support|service|sales|customer service|customer) )*"
)
_WHO = (
    rf"{SOFT}(?:{CORE}|{_SPECIALIST}|{SOMEONE}|{PLACE}|(?:a|the|your) {_UNIT}"
    r"|(?<=real )people|(?<=your )people|(?<=actual )people|(?<=human )people)"
)
# "A human resources form", "an agent fee": the noun is a part of another one.
_ALONE = (
    r"(?! (?:resources|rights|services|anatomy|bod(?:y|ies)|biology|errors?|fees?|commissions?|jobs?|degree"
    r"|licen[cs]es?"
    r"|programs?|training|course|class(?:es)?|ids?|numbers?|names?|positions?|contracts?|portal|page|list"
    r"|discounts?|codes?"
    r"|tickets?|salary)\b)"
)

_TALK = (
    r"(?:talk|speak|chat|converse|communicate|get in (?:touch|contact)|be in touch"
    r"|(?:discuss|sort|handle|resolve|settle) (?:this|that|it|these|my \w+)(?: out)?|be (?:put through|connected"
    r"|transferred)"
    r"|get (?:connected|transferred)|(?<!was )(?<!were )(?<!been )(?<!after )(?<!while )(?<!when )(?<!stop )(?<!avoid )"
    r"(?<!of )(?<!than )(?<!without )(?<!before )(?<!am )(?<!by )(?:talking|speaking|chatting))"
)
# What is left of a "to" or a "with" that was typed in haste is no other word that could stand here.
_WITH = r"(?:with|wih|wth|iwth|wit|to|ot|o|(?!the\b)t[a-z]{1,2})"
_HAND_OVER = (
    r"(?:transfer|connect|switch|forward|redirect|put|hand|pass|escalate|route|patch|send|direct|move|turn"
    r"|get|refer|link)"
)
_TO_ME = (
    r"(?:me|us|this|it|my (?:chat|call|case|issue|question)|(?:this|the) (?:chat|call|conversation|issue|case|matter))"
)
_OVER = r"(?:(?:over|through|on|directly|straight|right|across|up|back|please|now|in (?:touch|contact)) )*"
_HELP = (
    r"(?:help|assist|call|phone|ring|contact|join|take over|take this|answer|speak|talk|look|check|handle|step in"
    r"|get back"
    r"|come|explain|respond|reply|reach|message|chat|deal|solve|fix|sort)"
)

_PERSON = re.compile(
    "|".join(
        (
            (
                rf"\b{_TALK} (?:(?:directly|over the phone|on the phone|in person|please|again|about (?:this|it)) )*"
                rf"{_WITH} {_WHO}\b{_ALONE}"
            ),
            (
                rf"\b(?:want|like|rather|prefer)(?: to)? (?:deal|dealing|interact|interacting) with {SOFT}(?:{CORE}"
                rf"|people)\b{_ALONE}"
                rf"|\b(?:want|like|rather|prefer)(?: to)? {_TALK} (?:to|with) people\b"
            ),
            rf"\b{_TALK} (?:to|with) (?:(?:the|an?|your) \w+ {CORE}|(?:the|your) (?:shop|store|hotel)$)\b{_ALONE}",
            (
                rf"\b(?:talk|speak|chat) (?:an? )?(?:real |live )?(?:humans?|agents?|representatives?"
                rf"|operators?)\b{_ALONE}"
            ),
            rf"\b{_HAND_OVER} {_TO_ME} {_OVER}(?:to|with|onto) {_WHO}\b{_ALONE}",
            (
                rf"\b(?:transfer|connect|escalate|switch|forward|handover|hand over) (?:to|with) {SOFT}"
                rf"(?:humans?|agents?|representatives?|operators?|advis[oe]rs?|managers?|supervisors?)\b{_ALONE}"
            ),
            (
                r"\b(?:put|patch) (?:me|us) through\b|\b(?:transfer|connect|escalate|hand) me(?: over| please| now)*$"
                r"|\bescalate (?:this|it)\b"
            ),
            (
                rf"\b(?:get|give|find|bring|fetch|send|show|pass) (?:me|us) (?:hold of )?{SOFT}"
                rf"(?:{CORE}|{_SPECIALIST}|someone|somebody)\b{_ALONE}"
            ),
            rf"\b(?:get|reach|contact|got) (?:a ?hold of |through to |to )?{SOFT}{CORE}\b{_ALONE}",
            (
                rf"(?<!do i )(?<!does it )(?<!will i )(?<!would i )(?<!to be )"
                rf"\b(?:need|want|prefer|demand|require|request|insist on|wish for|looking for|(?:would|id"
                rf"|d)(?: \w+)? like"
                rf"|(?:can|could|may|let) (?:i|we|me|us) (?:please )?have|how about) (?:to (?:see|have|get|reach"
                rf"|contact|find) )?"
                rf"{SOFT}{CORE}\b{_ALONE}(?! (?:to (?!talk|speak|help|answer|chat|assist|deal|handle|look|call|sort)"
                rf"|who|that)\b)"
            ),
            (
                rf"(?<!like a )(?<!by )(?<!like )(?<!as a )\b(?:real|live|actual|living) "
                rf"(?:persons?|humans?|human beings?|agents?|people|representatives?|reps?|operators?)\b{_ALONE}"
            ),
            rf"\b(?:can|could|may|would|will) {SOFT}(?:{CORE}|{_SPECIALIST}) (?:please )?{_HELP}\b",
            (
                rf"\b(?:get|need|want|have|find|ask|like) {SOFT}(?:someone|somebody|{_SPECIALIST}) (?:to|who can) "
                r"(?:please )?(?:help|assist|call|answer|explain|talk|speak|chat)\b"
            ),
            (
                rf"\b(?:get|want|need|bring|find) {SOFT}(?:someone|somebody) else(?: (?:on|please|now|here|instead"
                rf"|to {_HELP})\b|$)"
            ),
            rf"\b(?:can|could|would) (?:someone|somebody) else (?:please )?{_HELP}\b",
            (
                rf"\b(?:{SOMEONE}|people|{CORE}) (?:here |there |else )?(?:that |who |whom )?(?:i|we) (?:can|could"
                rf"|may) "
                r"(?:please )?(?:talk|speak|chat)\b"
            ),
            (
                rf"\b(?:is|are) {SOFT}(?:{SOMEONE}|{CORE}) (?:there |here )?(?:available|free|around|able|there) (?:to"
                rf"|for a) "
                r"(?:talk|speak|chat|help|answer)\b"
            ),
            (
                rf"\b(?:help|helped|assistance|assisted|support|answers?|answered|served|response|reply) (?:from"
                rf"|by) {SOFT}"
                rf"(?:humans?|persons?|human beings?)\b{_ALONE}"
            ),
            (
                r"\b(?:prefer|want|need|get|like|have|ask for|request) (?:some |a )?human (?:help|support|assistance"
                r"|assistant|contact"
                r"|interaction|operator)\b"
            ),
            (
                r"\bwhere (?:is|are|can i find) (?:the|your|a|an|all the) (?:real |actual |live )*(?:humans?|agents?"
                r"|representatives?|operators?|managers?|supervisors?)\b"
            ),
        )
    )
)
_CALL_ME = re.compile(
    rf"(?:^|\b(?:please|just|can|could|would|kindly|and|then|or|to|you|now|have them"
    rf"|(?:{SOMEONE}|{CORE}|{_SPECIALIST})(?: (?:from|in|on|at|of) (?:(?:the|your|my) )?\w+(?: team| office"
    rf"| department| desk)?)?"
    rf"|hi|hello) )"
    r"(?:(?:please|kindly|just) )*(?:call|phone|ring|ring up|contact|text|reach out to) (?:me|us)"
    r"(?: (?:back|up|please|now|today|tomorrow|later|asap|about|at|on|when|in|via|this (?:week|morning|afternoon"
    r"|evening)|\d+)"
    r"\b.*|$)"
    r"|\b(?:give|drop) (?:me|us) a (?:call|ring|bell|buzz)\b"
    r"|\b(?:request|want|need|get|have|like|arrange|schedule|book|please|prefer|for) (?:an? |the "
    r"|your )?(?:phone )?call ?back\b"
    r"|^(?:an? )?call ?back(?: please| now| asap| request)?$"
)
_ASKS_ABOUT = re.compile(
    r"^(?:so |and |but |ok |also )?(?:when|why|how long|how soon|how often|did|does|do (?:they|you|employers"
    r"|people)|will"
    r"|would (?:they|employers|anyone)|who|what|if)\b"
    r"|\b(?:names?|what|they|people|friends|her|him|why|who|didnt|never|keeps?|kept) (?:\w+ )*(?:call|phone|text"
    r"|contact) me\b"
)
_AWAY_FROM_MACHINE = re.compile(
    r"\b(?:dont|do not|not|hate|stop|tired of|sick of|enough of|cant|refuse to|rather not|never)\b (?:\w+ ){0,3}?"
    r"(?:want|wish|like|trust|talk|talking|speak|speaking|chat|chatting|deal|dealing|comfortable|interact|discuss)\b"
    rf" (?:\w+ ){{0,6}}?(?:(?:to|with|by|from|trust|want|like) )+(?:(?:an?|any|some|this|the|your|stupid|these) )*"
    rf"(?:{MACHINE}|you)$"
    r"|\b(?:dont|do not|hate|stop|tired of|sick of|enough of)(?: want| like| need)? (?:(?:this|the|these|your|an?"
    r"|any|stupid"
    r"|talking to|more|dumb) )*(?:bots?|robots?|chat ?bots?|virtual agents?)\b"
    rf"|^(?:please )?no (?:more )?(?:bots?|robots?|chat ?bots?|ai|machines?)(?: please)?$"
    rf"|\bnot (?:an? |the |with an? |to an? |some )?(?:bot|robot|chat ?bot|virtual agent)$(?<!i am not a robot)"
    rf"|\bwast(?:e|ing) (?:\w+ ){{0,3}}(?:with|on) (?:an? |this |the )?{MACHINE}\b"
    r"|\bstop (?:this|the) (?:bot|robot|chat ?bot)\b"
)
_REFUSED = re.compile(
    r"\b(?:dont|do not|didnt|did not|never|not|neednt|need not|wont)(?: really| even| currently| yet)?"
    r"(?: (?:want|need|like|wish|have|require|plan|intend|going|looking|trying|prefer))?(?: you| anyone| someone"
    r"| for)?(?: to)?"
    rf"(?: (?:{_TALK}|(?:transfer|connect|switch|forward|redirect|put|hand|pass|escalate)(?: me| us| this"
    rf"| it)?) {_OVER}"
    rf"(?:to|with))? {SOFT}(?:{CORE}|{_SPECIALIST}|{SOMEONE}|{PLACE})\b(?! else)"
    rf"|\bno need (?:for|to|of)\b|^(?:please )?no (?:real |live )*{CORE}\b|\bwithout (?:\w+ ){{0,3}}{CORE}\b"
    rf"|(?:\b(?:do|does|did|will|would) (?:i|we|you|they|he|she) (?:\w+ )?(?:have|need|want) to|\b(?:should"
    rf"|must) i) {_TALK}"
    rf" (?:to|with) {SOFT}(?:{CORE}|{_SPECIALIST}|{SOMEONE}|{PLACE})\b"
    r"|\b(?:told|asked|advised|allowed|able|forced) (?:me |us |him |her )?to (?:talk|speak|chat)\b"
)
_OTHER_TONGUES = re.compile(
    r"\b(?:hablar|habla|comunicarme|comunicar|contactar|chatear|pasame|paseme|pasar|pongame|conectar|atienda"
    r"|atender)\b.*"
    r"\b(?:personas?|humanos?|agentes?|alguien|asesora?|operadora?|representante|encargad[oa]|empleado)\b"
    r"|\b(?:quiero|necesito|prefiero|dame|deme|quisiera)(?: a)? (?:un|una)? ?(?:persona|humano|agente|operadora?"
    r"|representante)\b"
    r"|\bpersona (?:real|de verdad|humana)\b|\bagente humano\b|\bser humano\b"
    r"|\b(?:llamame|llameme|llamenme|me pueden? llamar|quiero que me llamen)\b"
    r"|\b(?:mensch(?:en)?|person|mitarbeiter(?:in)?|berater(?:in)?|jemande[mn]?|kundendienst|kundenservice"
    r"|personal)\b.*"
    r"\b(?:sprechen|reden|verbinden|schreiben|chatten)\b"
    r"|\b(?:sprechen|reden|verbinden)\b.*\b(?:mensch(?:en)?|mitarbeiter(?:in)?|berater(?:in)?|jemandem|kundendienst)\b"
    r"|\bechte[rnm]? (?:menschen|mensch|person|mitarbeiter)\b|\b(?:ruckruf|ruf(?:en sie)? mich)\b"
    r"|\b(?:will|brauche|mochte|gib mir|geben sie mir) (?:bitte )?(?:einen?|eine) (?:menschen|mitarbeiter(?:in)?"
    r"|berater)\b"
    r"|\b(?:parler|discuter|contacter|joindre|communiquer|passez moi|transferez moi|mettez moi)\b.*"
    r"\b(?:humaine?|personne|conseill(?:er|ere)|agent|quelqu un|responsable|operat(?:eur|rice))\b"
    r"|\b(?:je veux|je voudrais|il me faut|j ai besoin d) ?une? (?:humain|personne|agent|conseiller|conseillere)\b"
    r"|\b(?:vraie personne|etre humain|rappele[rz] moi|me rappeler)\b"
)
_ANSWERING = rf"(?:{CORE}|{_SPECIALIST}|reception|front desk)"
_OPENING = (
    r"(?:(?:hello|hi|hey|ok|okay|so|um|yes|no|oh|and|well|i|we|need|want|just|would|like|id|give|get|me|us|now"
    r"|please|the|an?"
    r"|speak|talk|chat|connect|option) )*"
)
_CLOSING = (
    r"(?: (?:please|now|asap|immediately|right now|right away|urgently|thanks|thank you|instead|needed|required))*"
)
_PLAIN = re.compile(rf"{_OPENING}{SOFT}{_ANSWERING}{_CLOSING}")
_BARE = re.compile(
    r"(?:(?:hello|hi|hey|ok|okay|so|um|yes|oh|and|well|is|are|there|can i get) )*(?:(?:an?|any|some|the|your"
    r"|customer service) )*"
    rf"(?:{_ANSWERING}|people|{SOMEONE}|{PLACE}|(?:tech|technical|live|phone|online) (?:chat|support|help)|helpline"
    rf"|hotline"
    r"|live chat)(?: (?:there|here|available|online|around|at all|yet|home|on|listening|please))*"
    r"|(?:i )?(?:need|want|contact|call|get|reach|where is|how about) (?:to )?(?:(?:contact|call|reach) )?(?:the "
    r"|your )?"
    rf"{PLACE}(?: please| now)?"
    rf"|(?:can|could|will|would) {SOMEONE} (?:please )?(?:help|assist|answer|hear)(?: me| us"
    rf"| this)?(?: out)?(?: please| here)*"
)
_INSISTENT = re.compile(rf"(?:{_ANSWERING} ?){{2,}}")
_ASKED_PLAINLY = re.compile(
    r"\b(?:please|now|asap|immediately|urgently|need|want|give|get me|speak|talk|chat|connect|real|live|actual"
    r"|human (?=[a-z])"
    r"|required|needed|instead|right away)\b"
)


def asks_for_person(clauses: list[str]) -> bool:
    """Whether one of the clauses, or all of them together, ask for a person or to be called in so many words."""
    together = " ".join(clauses)
    return any(_asks(clause) for clause in clauses) or (_is_plain(together) and not _REFUSED.search(together))


def may_want_person(text: str) -> bool:
    """Whether all there is is a noun or two ("agent?", "anybody there?"): a wish, or a question, or neither."""
    return bool(_BARE.fullmatch(text))


def _asks(clause: str) -> bool:
    if _AWAY_FROM_MACHINE.search(clause):
        return True
    if _REFUSED.search(clause):
        return False
    if _PERSON.search(clause) or _OTHER_TONGUES.search(clause):
        return True
    if _CALL_ME.search(clause) and not _ASKS_ABOUT.search(clause):
        return True
    return _is_plain(clause)


def _is_plain(text: str) -> bool:
    """The noun with a "now" or a "please", or alone again and again."""
    return bool(_INSISTENT.fullmatch(text) or (_PLAIN.fullmatch(text) and _ASKED_PLAINLY.search(text)))
