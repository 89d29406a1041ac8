"""The questions that no article answered, as the team reads them: what was asked, and what asks for the same."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import msgspec

from havana.chat.events import Event
from havana.chat.site import Site
from havana.knowledge.grouping import Grouping
from havana.storage import questions
from havana.storage.database import Connection, Database
from havana.storage.questions import Question

NEWEST = 300
"""Open questions of a site that are read; older ones show up when these are settled."""
LONGEST = 500
"""Characters of a question; more of it says no more about what it asks."""


class Asked(msgspec.Struct, frozen=True):
    """A question that was asked in a conversation. `answer` is the id of the answer that no article bears out."""

    id: str
    conversation: str
    answer: str
    text: str
    at: dt.datetime


class Group(msgspec.Struct, frozen=True):
    """What asks for the same; the first question stands for all of them. `newest` is when it was asked last."""

    site: str
    questions: list[Asked]
    newest: dt.datetime


class Unanswered:
    """`asked` says what the events before an answer ask; "" if there is nothing left to read."""

    def __init__(self, database: Database, grouping: Grouping, asked: Callable[[Sequence[Event]], str]) -> None:
        self._database = database
        self._grouping = grouping
        self._asked = asked

    async def groups(self, sites: Sequence[Site]) -> list[Group]:
        """The largest first, and of those as large the one that was asked last."""
        groups = [group for site in sites for group in await self._of_site(site.id)]
        return sorted(groups, key=lambda group: (len(group.questions), group.newest), reverse=True)

    async def in_conversation(self, conversation: str) -> list[Asked]:
        """The open ones, in their order."""
        return list((await self._read(lambda conn: questions.of_conversation(conn, conversation))).values())

    async def _of_site(self, site: str) -> list[Group]:
        found = await self._read(lambda conn: questions.newest(conn, site, NEWEST))
        together = await self._grouping.together(site, {of: asked.text for of, asked in found.items()})
        groups = [[found[of] for of in group] for group in together]
        return [Group(site, group, max(asked.at for asked in group)) for group in groups]

    async def _read(self, chosen: Callable[[Connection], list[Question]]) -> Mapping[str, Asked]:
        def work(conn: Connection) -> tuple[list[Question], Mapping[str, list[Event]]]:
            found = chosen(conn)
            return found, questions.leading(conn, found)

        found, before = await self._database.read(work)
        texts = {one.id: self._asked(before.get(one.id, [])) for one in found}
        return {
            one.id: Asked(one.id, one.conversation, one.answer, _cut(texts[one.id]), one.asked_at)
            for one in found
            if texts[one.id]
        }


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
