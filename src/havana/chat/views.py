"""What of an event a visitor may see: field by field, or nothing. Whatever is not named here stays with the staff."""

from typing import Any

from havana.chat import events as e
from havana.chat.fold import Fold

VISITOR_FIELDS: dict[type[e.Fact], tuple[str, ...]] = {
    e.MessagePosted: ("text", "offers", "redacted"),
    e.AnswerStarted: ("answer",),
    e.AnswerFinished: ("answer", "outcome", "text", "sources", "redacted"),
    e.HumanRequested: ("by",),
    e.RequestWithdrawn: (),
    e.Claimed: ("agent",),
    e.Transferred: ("from", "to"),
    e.ReturnedToQueue: (),
    e.HandedBack: (),
    e.Closed: (),
    e.Reopened: (),
    e.CallOffered: ("url",),
    e.ContactLeft: ("name", "email", "redacted"),
    e.Rated: ("score", "text", "redacted"),
    e.Redacted: ("event",),
    # Where it is public in the log: without its place the visitor's page would look for it in vain.
    e.Unknown: (),
}


def is_public(fact: e.Fact) -> bool:
    """Whether a visitor may know that this happened. A redaction inherits its target's audience."""
    if isinstance(fact, e.Redacted):
        return fact.public
    return type(fact) in VISITOR_FIELDS


def for_agent(event: e.Event) -> dict[str, Any]:
    """The EVENT of the wire as the staff see it."""
    wire = _envelope(event, event.seq) | e.wire_fields(event.fact)
    wire.pop("public", None)
    if event.key is not None:
        wire["key"] = event.key
    return wire


def for_visitor(event: e.Event) -> dict[str, Any] | None:
    """The EVENT of the wire as the visitor sees it, numbered by `public_seq`; None if it is not for them."""
    if event.public_seq is None:
        return None
    fields = e.wire_fields(event.fact)
    seen = {name: fields[name] for name in VISITOR_FIELDS[type(event.fact)] if name in fields}
    wire = _envelope(event, event.public_seq) | {"kind": fields["kind"]} | seen
    # Keys are the sender's: the visitor needs back only their own, to replace the local echo.
    if event.key is not None and event.author.role == "visitor":
        wire["key"] = event.key
    return wire


def state_of(fold: Fold, *, public: bool) -> dict[str, Any]:
    """The STATE of the wire."""
    return {
        "control": fold.control,
        "agent": None if fold.agent is None else {"id": fold.agent.id, "name": fold.agent.name},
        "since": fold.public_since if public else fold.since,
        "open_answer": fold.open_answer,
    }


def summary_of(fold: Fold, *, public: bool, unread: int, name: str | None = None) -> dict[str, Any]:
    """The SUMMARY of the wire. `name` is what the team calls the visitor, where that is for the reader."""
    return {
        "conversation": fold.id,
        "visitor": {"id": fold.visitor.id, "name": name or fold.visitor.name},
        "state": state_of(fold, public=public),
        "preview": fold.preview,
        "at": fold.at,
        "seq": fold.public_seq if public else fold.seq,
        "unread": unread,
        "waiting_since": fold.waiting_since,
        "approval_until": None if public else fold.approval_until,
    } | ({} if public else _of_staff(fold))


def _of_staff(fold: Fold) -> dict[str, Any]:
    until = fold.answer_until if fold.control == "human" else None
    return {"labels": fold.labels, "team": _team(fold), "site": fold.site, "answer_until": until}


def _team(fold: Fold) -> dict[str, str] | None:
    """Only who waits can wait for a team: a release that does not know teams leaves one there when somebody claims."""
    team = fold.team
    return None if team is None or fold.control != "pending" else {"id": team.id, "name": team.name}


def _envelope(event: e.Event, seq: int) -> dict[str, Any]:
    author = event.author
    return {
        "seq": seq,
        "id": event.id,
        "at": event.at,
        "author": {"role": author.role, "id": author.id, "name": author.name},
    }
