"""Whether a message is angry at us: insults, swearing, complaints that are shouted, the end of somebody's patience.

A complaint about something bought ("the drill arrived broken") is a question like any other; it is anger when it is
aimed at the service or shouted. Works on the clauses of `folding.py`; English first, the commonest turns in Spanish,
German and French.
"""

import re
from collections.abc import Iterable

_VERY = (
    r"(?:(?:so|such|just|really|very|absolutely|totally|completely|utterly|fucking|bloody|damn|freaking|beyond|all"
    r"|simply|plain"
    r"|an?|the|getting|becoming|being|most|quite|pretty|too|truly|literally|as) )*"
)
_BAD = (
    r"(?:useless|worthless|ridiculous|pathetic|stupid|dumb|terrible|awful|horrible|horrendous|appalling|atrocious"
    r"|garbage|trash"
    r"|rubbish|crap|shit|bullshit|nonsense|jokes?|disgrace|disgraceful|disgusting|shameful|outrageous|unacceptable"
    r"|incompetent"
    r"|hopeless|lousy|infuriating|maddening|frustrating|annoying|absurd|insane|insulting|unprofessional|clueless"
    r"|brainless"
    r"|idiots?|morons?|imbeciles?|liars?|thieves|scammers?|waste of (?:my )?(?:time|space|money)|worst|unbelievable"
    r"|laughable"
    r"|no (?:help|use)|not helpful|unhelpful|good for nothing)"
)
_US = (
    r"(?:you|you guys|you people|your (?:company|service|support|bot|chat|chatbot|website|app|team|staff|system"
    r"|answers?|people)"
    r"|(?:this|the|that|stupid) (?:company|service|support|bot|robot|chat|chatbot|ai|assistant|conversation|website"
    r"|site|app"
    r"|system|place|school|shop|customer (?:service|support))|customer (?:service|support))"
)
_OURS = (
    r"(?:services?|support|company|bot|robot|chat ?bot|chat|ai|assistant|website|site|app|system|experience"
    r"|answers?|people|staff"
    r"|place|customer \w+|help)"
)
_THIS = r"(?:(?:this|it|that)(?: is|s)|(?:this|that) whole thing is|this has been)"
_HARD_WORDS = re.compile(
    r"\b(?:wtf|stfu|gtfo|omfg|ffs|fuck\w*|fck\w*|fuk\w*|motherf\w*|bull ?shit|shit(?:ty|s|show)?|horseshit"
    r"|ass ?holes?|arsehole"
    r"|bitch(?:es)?|bastards?|bloody hell|goddamn(?:it)?|damn it|dammit|dumb ?ass(?:es)?|jackass|dickhead|dipshit"
    r"|wankers?|crappy"
    r"|pissed|piss off|screw (?:you|this|off)|go to hell|what the (?:hell|fuck)|shut up|(?:total |complete |such )bs"
    r"|(?:you|bunch of|these|such|complete|total|fucking|are|an) (?:idiots?|morons?|imbeciles?)"
    r"|retard(?:s|ed)?|scumbags?|piece of (?:crap|junk|garbage|trash)|sod off|suck my|kiss my)\b"
)
_INSULT = re.compile(
    "|".join(
        (
            rf"\b{_US} (?:are|is|r|re|was|were|have been|has been) {_VERY}{_BAD}\b",
            rf"\byou(?: are)? {_VERY}{_BAD}(?: {_OURS})?$",
            (
                rf"(?:^|\b(?:and|but|because|so|ok|wow|omg|well|no|honestly|seriously|man) )(?:{_THIS}|how|what"
                rf"|such) {_VERY}{_BAD}"
                rf"(?: {_OURS})?(?:$| (?:i|you|why|and|how|what|now|ever|already|get|just|nobody|no one|we)\b)"
            ),
            (
                rf"^(?:{_VERY})?(?:useless|pathetic|ridiculous|unbelievable|unacceptable|disgraceful|rubbish|garbage"
                rf"|bullshit|stupid"
                rf"|incompetent|worthless|outrageous)(?: {_OURS}| man| again| as always)?$"
            ),
            (
                rf"\b(?:useless|stupid|dumb|pathetic|idiotic|worthless|terrible|awful|horrible|crappy|lousy|ridiculous"
                rf"|shitty)"
                rf" (?:fucking |damn )?{_OURS}$"
            ),
            rf"\bworst (?:\w+ ){{0,3}}ever\b|\bworst {_OURS}\b",
            rf"\b(?:hate|despise) (?:you|this (?:{_OURS})|your \w+|talking to you|dealing with)\b|^i hate this$",
            rf"\b{_US} (?:suck|sucks|blows)\b|^(?:this|it|that) (?:really )?sucks$",
            (
                r"\bare you (?:even )?(?:stupid|dumb|deaf|blind|an idiot|retarded|serious|kidding|fucking|insane|crazy"
                r"|mental)\b"
            ),
            (
                r"\b(?:kidding|messing with|playing with|fooling) me\b|\bis this (?:some kind of "
                r"|some sort of )?an? (?:joke|prank)\b"
            ),
        )
    )
)
_PATIENCE = re.compile(
    "|".join(
        (
            r"\bwast(?:e|ed|ing) (?:of )?my (?:\w+ )?time\b|\b(?:complete|total|absolute|such a|a) waste of time\b",
            (
                r"\b(?:fed up|sick and tired|sick of (?:this|you|it|your|waiting|these)|had enough(?: of (?:this|you"
                r"|it|your)\b|$)|(?:had it|done) with (?:you|this|your)"
                r"|tired of (?:this|you|your|waiting|repeating|these)|running out of patience|(?:losing|lost) (?:my )?"
                r"(?:patience|temper|mind)|last straw|at my wits? end)\b"
            ),
            (
                rf"\b(?:i am|makes me|making me|made me|we are|i feel) {_VERY}(?:angry|furious|mad|livid|outraged"
                rf"|frustrated"
                r"|irritated|infuriated|enraged|annoyed|disgusted|appalled|fuming|pissed)\b"
            ),
            (
                r"\byou (?:still )?(?:dont|do not|cant|cannot|never|arent|are not|are never|didnt|wont"
                r"|keep not) (?:even )?"
                r"(?:understand(?:ing)?|listen(?:ing)?|get it|getting it|read|answer(?:ing)?|help(?:ing)?|know anything"
                r"|care)\b"
                r"(?: (?:me|anything|anyone|a thing|what i|to me|my question|the question|at all|a word).*)?$"
            ),
            r"\b(?:you keep|stop) (?:repeating|saying the same|asking the same|sending me|giving me the same)\b",
            r"\b(?:this|the|our) (?:conversation|chat) is (?:not|going|pointless|useless|a waste|leading)\b",
            (
                r"\bhow (?:many times|often) (?:do|must|did|should|have) i (?:have |need |got )?(?:to )?"
                r"(?:tell|told|ask|asked|say|said|repeat|explain|explained|call|called|write)\b"
                r"|^(?:i said |and )?for the (?:last|third|fourth|fifth|tenth|hundredth|millionth|\d+(?:th|rd)) time\b"
                r"|\bi(?: have|ve)? (?:already|just) told you\b"
            ),
            (
                r"\bnobody (?:is helping|helps|cares|listens|answers)\b|\bno one (?:is helping|helps|cares|listens"
                r"|answers)\b"
            ),
            (
                r"\b(?:never (?:using|shopping|buying|coming|ordering) (?:\w+ ){0,4}again|(?:see you in"
                r"|take you to) court|sue you"
                r"|report you(?: to)?|shame on you|rip ?off merchants?)\b|^(?:just |please )?(?:go away|get lost)$"
            ),
        )
    )
)
_COMPLAINT = re.compile(
    r"\b(?:still|never|nobody|no one|(?:hours|weeks|days|months|ages) (?:ago|now|waiting)|been waiting|waited"
    r"|ignored|ignoring|unacceptable"
    r"|terrible|awful|horrible|worst|hate|enough|lied|lying|stole|scam|cheated|joke|useless|ridiculous|disappointed"
    r"|money back"
    r"|answer me|hello are you)\b"
)
# Some write everything in capitals; with marks as well it is shouted.
_TROUBLE = re.compile(
    r"\b(?:not working|doesnt work|isnt working|broken|why|again|wrong|refund|my money|problem|failed|late|sick"
    r"|tired|cancel|nothing"
    r"|answer|stop|stolen|bad)\b"
)
_OTHER_TONGUES = re.compile(
    r"\b(?:mierda|joder|cono|carajo|puta|gilipollas|imbecil(?:es)?|pendejos?|inutil(?:es)?|estupid[oa]s?"
    r"|que verguenza|vergonzoso"
    r"|ridiculo|una basura|pesimo (?:servicio|trato)|est(?:oy|amos) hart[oa]s?|hart[oa] de|no sirve(?:s|n)? para nada"
    r"|peor servicio|indignante|es una broma)\b"
    r"|\b(?:scheisse?\w*|scheiss\w*|verdammt\w*|verarsch\w*|arschloch|idioten?|deppen?|saftladen|frechheit"
    r"|unverschamt\w*"
    r"|lacherlich|nutzlos\w*|unfahig\w*|inkompetent\w*|zum kotzen|mir reichts?|mir reicht es|schnauze voll"
    r"|schlechtester service"
    r"|zeitverschwendung|unmoglich hier|so ein mist)\b"
    r"|\b(?:merde|putain|connards?|bande de|foutage de gueule|foute(?:z|nt)? de|n importe quoi"
    r"|c est (?:vraiment )?(?:nul|ridicule"
    r"|honteux|scandaleux|inadmissible)|vous etes (?:vraiment )?(?:nuls?|incompetents?|inutiles?)|inadmissible"
    r"|ras le bol"
    r"|marre de|en ai marre|incompetents?|scandaleux|honteux|pire service|perte de temps)\b"
)
_MARKS = re.compile(r"!{3,}|[!?]{4,}")
_LETTERS = 10
_CAPITALS = 0.8


def is_angry(message: str, clauses: list[str]) -> bool:
    """`clauses` are the message's, folded."""
    if _any((_HARD_WORDS, _INSULT, _PATIENCE, _OTHER_TONGUES), clauses):
        return True
    marks, capitals = bool(_MARKS.search(message)), _in_capitals(message)
    return ((marks or capitals) and _any((_COMPLAINT,), clauses)) or (marks and capitals and _any((_TROUBLE,), clauses))


def _any(patterns: Iterable[re.Pattern[str]], clauses: Iterable[str]) -> bool:
    return any(pattern.search(clause) for clause in clauses for pattern in patterns)


def _in_capitals(message: str) -> bool:
    letters = [c for c in message if c.isalpha()]
    return len(letters) >= _LETTERS and sum(c.isupper() for c in letters) >= _CAPITALS * len(letters)
