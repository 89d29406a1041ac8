"""What clients send that should not: hypothesis strategies made from the wire types."""

import json
from typing import Any

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from havana.chat.commands import COMMANDS
from havana.live.frames import LIVE_COMMANDS

Fields = dict[str, Any]

NOWHERE = "01900000-0000-7000-8000-000000000000"
KINDS: dict[str, type[Any]] = {**COMMANDS, **LIVE_COMMANDS}

# Whole numbers as far as JSON goes: past floats, past 64 bits, past what anybody counts.
_NUMBERS = st.sampled_from([0, 1, -1, 2**31, 2**53, 2**53 + 1, 2**63, -(2**63) - 1, 2**64, 10**400, 0.5, 1e308, -0.0])
_TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["", " ", "\x00", "\ud83d", "\u202e", "a\nb\r\nc", "x" * 8001, "0" * 200, "' OR 1=1 --", "../..", "%00"]
    ),
)
_LEAVES = st.one_of(st.none(), st.booleans(), _NUMBERS, _TEXTS)
ODD: st.SearchStrategy[Any] = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4), max_leaves=8
)
"""Any JSON, and what Python's encoder takes for it."""
KEYS = st.from_regex(r"[0-9A-Za-z_-]{8,12}", fullmatch=True)


def examples(count: int) -> settings:
    """So many, the same in every run, and each as slow as the machine is."""
    return settings(
        max_examples=count, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )


def plausible(conversations: list[str], agent: str) -> dict[str, st.SearchStrategy[Any]]:
    """Values that pass for each field of any command, by its name. `conversations` are of these and other people."""
    conversation = st.sampled_from([*conversations, NOWHERE])
    place = st.integers(0, 40)
    return {
        "conversation": conversation,
        "key": KEYS,
        "text": st.text(min_size=1, max_size=60),
        "name": st.just("Ana"),
        "email": st.sampled_from(["ana@example.com", "ana"]),
        "score": st.integers(1, 5),
        "to": st.sampled_from([agent, NOWHERE]),
        "team": st.sampled_from([None, "canary-team", NOWHERE]),
        "note": st.text(max_size=60),
        "labels": st.lists(st.sampled_from(["urgent", "x" * 40]), max_size=3),
        "event": st.sampled_from([NOWHERE]),
        "log": st.none() | st.text(max_size=8),
        "seq": place,
        "before": place,
        "after": place,
        "until": place,
        "limit": st.integers(1, 100),
        "cursor": st.sampled_from(["20260101T000000.000000Z~", "nowhere"]),
        "call": st.sampled_from([NOWHERE]),
        "writing": st.sampled_from(["reply", "note", None]),
        "page": st.sampled_from([None, {"path": "/prices", "title": "Prices"}, {"path": "javascript:1"}]),
        "referrer": st.sampled_from(["", "https://example.com/?q=1", "https://[", "x" * 4000]),
        "language": st.sampled_from(["en-GB", "", "\x00"]),
        "zone": st.sampled_from(["Europe/Berlin", "<b>"]),
        "how": st.sampled_from(["shorter", "friendlier"]),
        "filter": st.sampled_from(
            [None, {}, {"control": ["human"]}, {"control": ["odd"]}, {"visitor": agent}, {"teams": ["canary-team"]}]
        ),
        "v": st.just(1),
        "token": st.just("nonsense"),
        "client": st.just("odd/1"),
        "following": st.lists(st.builds(dict, conversation=conversation, seq=place), max_size=3),
    }


def fields_of(kind: type[Any], known: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Fields]:
    """A command's fields. Half the time all pass; else some are odd, missing or not its own."""
    names = [field.encode_name for field in msgspec.structs.fields(kind)]
    given = {name: known[name] for name in dict.fromkeys([*names, "conversation"])}
    mostly = {name: st.one_of(value, value, value, ODD) for name, value in given.items()}
    strangers = st.dictionaries(st.sampled_from([*known, "do", "id", "unknown"]), ODD, max_size=2)
    missing = st.sets(st.sampled_from(sorted(given)), max_size=2)
    needed = {f.encode_name: known[f.encode_name] for f in msgspec.structs.fields(kind) if f.required}
    more = {name: known[name] for name in names if name not in needed}
    sound = st.fixed_dictionaries(needed | {"conversation": known["conversation"]}, optional=more)
    return sound | st.builds(
        lambda own, gone, more: {**{n: v for n, v in own.items() if n not in gone}, **more},
        st.fixed_dictionaries(mostly),
        st.just(set()) | missing,
        st.just({}) | strangers,
    )


def commands(known: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Fields]:
    """Commands with `do` and no `id`; one that exists, or not."""
    # What reads comes more often: there are few such commands, and they say the most.
    named = st.sampled_from([*sorted(KINDS), *4 * ["follow", "history"]]).flatmap(
        lambda do: fields_of(KINDS[do], known).map(lambda fields: {"do": do, **fields})
    )
    return st.one_of(named, named, named, named, st.builds(lambda do, more: {**more, "do": do}, ODD, st.just({})))


def written(value: Any) -> str:
    """As JSON, with everything outside ASCII escaped: so half an emoji can be sent, too."""
    return json.dumps(value)


def damaged(text: str) -> st.SearchStrategy[str]:
    """The same with a piece cut out, doubled, or replaced."""
    places = st.integers(0, len(text))
    return st.builds(
        lambda a, b, piece: text[: min(a, b)] + piece + text[max(a, b) :],
        places,
        places,
        st.sampled_from(["", "[", "}", '"', "\\u", "\\ud83d", "1e999", "NaN", "\n", ",", "[" * 3000, "{" * 3000]),
    )
