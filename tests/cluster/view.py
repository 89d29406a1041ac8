"""What a page holds of one conversation: `web/protocol/src/conversation.ts` once more, with everything written down."""

from .records import Emptied, Followed, History, Pushed, Shown, Wire, Words

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
    """Each method tells what to ask the server for, if anything: `history` or `follow` with its fields."""

    def __init__(self, conversation: str, history: History) -> None:
        self.conversation = conversation
        self.log: str | None = None
        self.last = 0
        self.state: Wire = {"control": "ai", "agent": None, "since": 0, "open_answer": None}
        self._history = history
        self._held: dict[int, Wire] = {}
        self._draft = 0
        """How many code points of the open answer are shown."""

    @property
    def position(self) -> Wire:
        return {"conversation": self.conversation, "log": self.log, "seq": self.last if self.log else None}

    @property
    def holder(self) -> str | None:
        return self.state["agent"] and self.state["agent"]["id"]

    def followed(self, followed: Wire) -> Wire | None:
        """A snapshot replaces what we had; a tail goes on from it."""
        events, draft = followed["events"], followed["draft"]
        if followed["mode"] == "snapshot":
            self._history.records.append(Emptied(self.conversation))
            self.last = (events[0]["seq"] if events else followed["top"] + 1) - 1
            if self.log not in (None, followed["log"]):
                self._held.clear()
        self.log = followed["log"]
        for event in events:
            self._apply(event)
        if self.last == followed["top"]:
            self.state = followed["state"]
        self._draft = len(draft["text"]) if draft else 0
        record = Followed(self.conversation, followed["top"], followed["state"], draft and draft["answer"])
        self._history.records.append(record)
        return self._release()

    def received(self, event: Wire) -> Wire | None:
        """The next event is applied, an old one dropped, a later one held until the gap before it is filled."""
        self._history.records.append(Pushed(self.conversation, event))
        self._held[event["seq"]] = event
        return self._release()

    def filled(self, events: list[Wire]) -> Wire | None:
        self._held |= {event["seq"]: event for event in events}
        return self._release()

    def positioned(self, seq: int) -> Wire | None:
        return {"do": "history", "after": self.last, "limit": 100} if seq > self.last else None

    def worded(self, push: Wire) -> Wire | None:
        """A delta or a draft; a delta that does not join is asked for."""
        self._history.records.append(Words(self.conversation, push["answer"]))
        if push["push"] == "draft":
            self._draft = len(push["text"])
        elif push["offset"] > self._draft:
            return {"do": "follow", "log": self.log, "seq": self.last} if self.log else None
        else:
            self._draft = push["offset"] + len(push["text"])
        return None

    def _release(self) -> Wire | None:
        while (event := self._held.pop(self.last + 1, None)) is not None:
            self._apply(event)
        self._held = {seq: event for seq, event in self._held.items() if seq > self.last}
        return {"do": "history", "after": self.last, "limit": 100} if self._held else None

    def _apply(self, event: Wire) -> None:
        seq, kind = event["seq"], event["kind"]
        if seq != self.last + 1:
            return
        self._history.records.append(Shown(self.conversation, event))
        self.last = seq
        if kind == "answer_started":
            self.state = self.state | {"open_answer": event["answer"]}
            self._draft = 0
        elif kind == "answer_finished":
            self.state = self.state | {"open_answer": None}
        elif kind in CONTROL:
            agent = event.get("agent") or event.get("to")
            self.state = {"control": CONTROL[kind], "agent": agent, "since": seq, "open_answer": None}
