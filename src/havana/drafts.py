"""What the answers that are being written on this node say so far, for readers who come late."""

import msgspec


class Draft(msgspec.Struct, frozen=True):
    answer: str
    text: str


class Drafts:
    """By conversation. The responder writes here before each delta leaves; nothing here outlives its answer."""

    def __init__(self) -> None:
        self._drafts: dict[str, Draft] = {}

    def put(self, conversation: str, draft: Draft) -> None:
        self._drafts[conversation] = draft

    def drop(self, conversation: str, answer: str) -> None:
        known = self._drafts.get(conversation)
        if known is not None and known.answer == answer:
            del self._drafts[conversation]

    def of(self, conversation: str, answer: str | None) -> Draft | None:
        known = self._drafts.get(conversation)
        return known if known is not None and known.answer == answer else None
