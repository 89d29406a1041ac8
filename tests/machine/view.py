"""A client's view of one conversation, folded from what the wire says and nothing else."""

from typing import Any

from .promises import ONCE, ORDER, SAME, SHOWN, TAIL, TAKEOVER, keep

Wire = dict[str, Any]
REPEATING = ("handover_noted", "summarised", "tool_requested", "tool_started", "tool_finished")
CONTROL = {
    "human_requested": "pending",
    "returned_to_queue": "pending",
    "claimed": "human",
    "transferred": "human",
    "request_withdrawn": "ai",
    "handed_back": "ai",
    "reopened": "ai",
    "closed": "closed",
}


class View:
    def __init__(self, conversation: str) -> None:
        self.conversation = conversation
        self.log: str | None = None
        self.last = 0
        self.events: dict[int, Wire] = {}
        self.state: Wire = {"control": "ai", "agent": None, "since": 0, "open_answer": None}
        self.draft = ""
        self.asking_history = False
        self.awaited = False
        """Asked for from nothing: what is pushed before the answer belongs to what was followed before."""
        self._repaired = 0

    @property
    def position(self) -> Wire:
        return {"conversation": self.conversation, "log": self.log, "seq": self.last if self.log else None}

    @property
    def undecided(self) -> list[str]:
        """The calls of tools that wait for somebody of the team."""
        told = self.events.values()
        decided = {event["call"] for event in told if event["kind"] in ("tool_allowed", "tool_refused")}
        return [event["call"] for event in told if event["kind"] == "tool_requested" and event["call"] not in decided]

    def followed(self, followed: Wire) -> None:
        """A FOLLOWED came: a tail is added, a snapshot takes the place of what we had."""
        self.awaited = False
        same = self.log in (None, followed["log"])
        keep(not same or followed["top"] >= self.last, ORDER, f"top {followed['top']} is behind {self.last}")
        if followed["mode"] == "tail":
            for event in followed["events"]:
                if event["seq"] <= self.last:
                    self._same(event)
                else:
                    self._append(event)
            keep(self.last == followed["top"], TAIL, f"the tail ends at {self.last} of {followed['top']}")
            keep(self.state == followed["state"], TAIL, f"{self.state} is not {followed['state']}")
        else:
            self._replace(followed)
        self.log = followed["log"]
        draft = followed["draft"]
        if draft is not None:
            self._speaks(draft["answer"])
        self.draft = draft["text"] if draft else ""

    def pushed(self, event: Wire) -> bool:
        """An event came; whether it was new. The server promises that it is the next one."""
        if event["seq"] <= self.last:
            keep(event["seq"] <= self._repaired, ONCE, f"event {event['seq']} was pushed twice")
            self._same(event)
            return False
        self._append(event)
        return True

    def filled(self, page: Wire) -> None:
        """What we had asked of the history, because a position told of more than we have."""
        self.asking_history = False
        for event in page["events"]:
            if event["seq"] > self.last:
                self._append(event)
                self._repaired = event["seq"]

    def equals(self, fresh: "View") -> None:
        """What was put together of snapshots, tails and pushes is what somebody gets who asks for the first time."""
        # A conversation that was opened while we watched came as events only, which do not name the log.
        keep(self.log in (None, fresh.log), TAIL, f"log {self.log}, fresh {fresh.log}")
        keep(self.last == fresh.last, TAIL, f"{self.last} events, fresh {fresh.last}")
        keep(self.state == fresh.state, TAIL, f"{self.state}, fresh {fresh.state}")
        keep(self.draft == fresh.draft, TAIL, f"draft {self.draft!r}, fresh {fresh.draft!r}")
        for seq, event in fresh.events.items():
            known = self.events.get(seq, event)
            keep(same(known, event), TAIL, f"{known}, fresh {event}")
            keep(event.get("redacted", False) == fresh._is_emptied(event), TAIL, f"{event} in {fresh.events}")

    def _is_emptied(self, event: Wire) -> bool:
        """Whether a later event says so. A hand-over note, or a call, may repeat the words of whatever was redacted; so
        may what comes of a call that was begun before.
        """
        about = [seq for seq, other in self.events.items() if "call" in event and other.get("call") == event["call"]]
        since = min(about) if event["kind"] == "tool_finished" else event["seq"]
        return any(
            later["kind"] == "redacted" and (later["event"] == event["id"] or event["kind"] in REPEATING)
            for seq, later in self.events.items()
            if seq > since
        )

    def delta(self, push: Wire) -> None:
        self._speaks(push["answer"])
        keep(push["offset"] == len(self.draft), SHOWN, f"a delta at {push['offset']} after {self.draft!r}")
        self.draft += push["text"]

    def drafted(self, push: Wire) -> None:
        self._speaks(push["answer"])
        self.draft = push["text"]

    def _speaks(self, answer: str) -> None:
        """Words of an answer came; they may only be of the one that is open here."""
        keep(self.state["control"] == "ai", TAKEOVER, f"words of {answer} while {self.state['control']}")
        keep(self.state["open_answer"] == answer, TAKEOVER, f"words of {answer}, open is {self.state['open_answer']}")

    def _replace(self, followed: Wire) -> None:
        events = {event["seq"]: event for event in followed["events"]}
        top = followed["top"]
        keep(list(events) == list(range(top - len(events) + 1, top + 1)), ORDER, f"snapshot {list(events)} up to {top}")
        if self.log == followed["log"]:
            for seq in events.keys() & self.events.keys():
                self._same(events[seq])
        self.events, self.last, self.state = events, top, followed["state"]

    def _same(self, event: Wire) -> None:
        known = self.events.get(event["seq"], event)
        keep(known["id"] == event["id"], ORDER, f"event {event['seq']} was {known['id']}, is {event['id']}")
        keep(same(known, event), SAME, f"event {event['seq']} was {known}, is {event}")

    def _append(self, event: Wire) -> None:
        seq, kind = event["seq"], event["kind"]
        keep(seq == self.last + 1, ORDER, f"event {seq} came after {self.last}")
        self.last = seq
        self.events[seq] = event
        if kind == "answer_started":
            self.state = self.state | {"open_answer": event["answer"]}
            self.draft = ""
        elif kind == "answer_finished":
            self._finished(event)
        elif kind in CONTROL:
            agent = event.get("agent") or event.get("to")
            self.state = {"control": CONTROL[kind], "agent": agent, "since": seq, "open_answer": None}

    def _finished(self, event: Wire) -> None:
        text, shown = event["text"], self.draft.rstrip()
        keep(self.state["open_answer"] == event["answer"], TAKEOVER, f"the end of {event['answer']} in {self.state}")
        if not event.get("redacted"):
            one_begins_the_other = text.startswith(shown) or shown.startswith(text.rstrip())
            keep(one_begins_the_other, SHOWN, f"{shown!r} was shown, {text!r} is stored")
            if event["outcome"] in ("complete", "failed"):
                keep(text.startswith(shown), SHOWN, f"{shown!r} was shown, {text!r} is stored")
        self.state = self.state | {"open_answer": None}
        self.draft = ""


def same(one: Wire, other: Wire) -> bool:
    """Whether two readings of an event agree, but for what a redaction took out between them."""
    if one.get("redacted") or other.get("redacted"):
        return all(one[name] == other[name] for name in ("seq", "id", "kind", "at", "author"))
    return one == other
