"""What may stand in a frame to a visitor: every event in it, wherever it stands, and every field of it."""

import json
from typing import Any

from .model import STAFF
from .promises import PRIVATE, keep

ENVELOPE = {"seq", "id", "kind", "at", "author"}
SEEN = {
    "message_posted": {"text", "offers", "redacted"},
    "answer_started": {"answer"},
    "answer_finished": {"answer", "outcome", "text", "sources", "redacted"},
    "human_requested": {"by"},
    "request_withdrawn": set(),
    "claimed": {"agent"},
    "transferred": {"from", "to"},
    "returned_to_queue": set(),
    "handed_back": set(),
    "closed": set(),
    "reopened": set(),
    "call_offered": {"url"},
    "contact_left": {"name", "email", "redacted"},
    "rated": {"score", "text", "redacted"},
    "redacted": {"event"},
}
"""Written down once more, so that a field that is added for the staff is not added here by the same stroke."""
STAFF_FIELDS = {
    "reason",
    "summary",
    "labels",
    "team",
    "assigned",
    "answer_until",
    "site",
    "public",
    "context",
    "details",
    "device",
    "zone",
    "referrer",
}


def check(name: str, text: str, strangers: list[str]) -> None:
    """`strangers` are words that stand in what other visitors write."""
    for word in (STAFF, *strangers):
        keep(word not in text, PRIVATE, f"{name} got {text}")
    for line in text.split("\n"):
        _check_all(name, json.loads(line))


def _check_all(name: str, value: Any) -> None:
    if isinstance(value, list):
        for item in value:
            _check_all(name, item)
    elif isinstance(value, dict):
        keep(not STAFF_FIELDS & value.keys(), PRIVATE, f"{name} got {value}")
        if value.keys() >= ENVELOPE:
            own = {"key"} if value["author"]["role"] == "visitor" else set()
            seen = SEEN.get(value["kind"])
            keep(seen is not None and value.keys() <= ENVELOPE | own | seen, PRIVATE, f"{name} got {value}")
        for item in value.values():
            _check_all(name, item)
