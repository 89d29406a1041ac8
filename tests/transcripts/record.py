"""Recorded conversations: what each reader's connection carries, and what the reader then sees.

A line of `NAME.jsonl` is one of

    {"reader": "visitor" | "agent", "frame": FRAME}         a push, as the server encodes it
    {"reader": …, "view": VIEW, "followed": FOLLOWED}       what they see now; who comes only now gets `followed`

and `VIEW` is `{"state": STATE, "items": […]}`. Folded by the domain and by the pages, a reader's frames make the same
view. Written anew by `python -m tests.transcripts.record` when what is sent has changed; the diff shows how.
"""

import json
from pathlib import Path
from typing import Any

import msgspec
from tests.chat.story import Ask, Story
from tests.transcripts.stories import STORIES
from tests.transcripts.view import view

from havana.chat import events as e
from havana.chat import redaction, views
from havana.live.encoding import encode
from havana.live.frames import DeltaPush, EventPush
from havana.live.kinds import Push

FOLDER = Path(__file__).parent
AUDIENCES = {"visitor": True, "agent": False}


class Recording(Story):
    """A story told while both sides follow it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[dict[str, Any]] = []

    def does(self, request: Ask) -> list[str]:
        known, answer = len(self.events), self.fold.open_answer
        kinds = super().does(request)
        if self.fold.open_answer != answer:
            self.draft = ""
        for event in self.events[known:]:
            for reader, public in AUDIENCES.items():
                wire = views.for_visitor(event) if public else views.for_agent(event)
                if wire is not None:
                    self._sends(reader, EventPush(self.fold.id, wire))
            if isinstance(event.fact, e.Redacted):
                self._empties(event.fact.event)
        return kinds

    def shows(self, words: str) -> None:
        """More of the open answer reaches its readers."""
        assert self.fold.open_answer is not None
        push = DeltaPush(self.fold.id, self.fold.open_answer, len(self.draft), words)
        for reader in AUDIENCES:
            self._sends(reader, push)
        self.draft += words

    def looks(self) -> None:
        for reader, public in AUDIENCES.items():
            state = views.state_of(self.fold, public=public)
            seen = view(state, self._numbered_for(public=public), self.draft)
            self.lines.append({"reader": reader, "view": seen, "followed": self._followed(public=public)})

    def _sends(self, reader: str, push: Push) -> None:
        self.lines.append({"reader": reader, "frame": json.loads(encode(push).text)})

    def _numbered_for(self, *, public: bool) -> list[e.Event]:
        if not public:
            return self.events
        return [
            msgspec.structs.replace(event, seq=event.public_seq)
            for event in self.events
            if event.public_seq is not None
        ]

    def _followed(self, *, public: bool) -> dict[str, Any]:
        seen = [views.for_visitor(event) if public else views.for_agent(event) for event in self.events]
        answer = self.fold.open_answer
        followed = {
            "conversation": self.fold.id,
            "log": self.fold.log,
            "mode": "snapshot",
            "state": views.state_of(self.fold, public=public),
            "events": [wire for wire in seen if wire is not None],
            "top": self.fold.public_seq if public else self.fold.seq,
            "before": None,
            "draft": {"answer": answer, "text": self.draft} if answer else None,
            "read": [],
        }
        sent: dict[str, Any] = json.loads(encode(followed).text)
        return sent

    def _empties(self, target: str) -> None:
        # As the store does in the same commit.
        self.events = [
            msgspec.structs.replace(event, fact=redaction.emptied(event.fact)) if event.id == target else event
            for event in self.events
        ]


def recordings() -> dict[str, str]:
    """The whole text of every recording, by its file's name."""
    told = {}
    for name, tell in STORIES.items():
        recording = Recording()
        tell(recording)
        recording.looks()
        told[f"{name}.jsonl"] = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in recording.lines)
    return told


def main() -> None:
    for name, text in recordings().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
