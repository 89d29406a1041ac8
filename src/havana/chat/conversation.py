"""The requests: what somebody wants done with a conversation, answered with the facts to append, or refused.

No facts means that nothing was to change (asked twice, claimed by the holder): the reply says `repeated`.
A change of control, the end of an open answer and the words that the visitor reads about it are one answer, so
they are one append.
"""

import msgspec

from havana.chat import events as e
from havana.chat import redaction
from havana.chat.answering import Answering, Facts
from havana.chat.errors import AlreadyClaimed, BadRequest, ConversationClosed, Stale, WrittenByNewer
from havana.chat.people import Agent, Author, TeamName, Visitor
from havana.chat.saying import WAYS_OUT

REDACTABLE = (e.MessagePosted, e.AnswerFinished, e.NotePosted, e.ContactLeft, e.Rated, *redaction.REPEATING)


def summary_key(handover: int, removed: int = 0) -> str:
    """The key of the summary of the hand-over at this seq: a job may run twice, and the team reads it once.

    A redaction (at the seq `removed`) empties it, and another one is made.
    """
    return f"summary:{handover}:{removed}" if removed else f"summary:{handover}"


class Conversation(Answering, frozen=True):
    """A conversation that can be asked anything; what the assistant asks of it is in `answering.py`."""

    # The visitor

    def post(self, visitor: Visitor, text: str, key: str) -> Facts:
        """A visitor's message. It replaces an answer of which nothing was shown, and reopens a closed chat."""
        before: Facts = []
        if self.fold.control == "closed":
            before = [e.Proposed(e.Reopened(), visitor.author)]
        elif self.fold.open_answer and not self.draft and not self.fold.changed_something:
            before = self._end_answer("superseded")
        return [*before, e.Proposed(e.MessagePosted(text), visitor.author, key)]

    def request_human(self, visitor: Visitor, *, on_duty: bool, key: str | None = None) -> Facts:
        """The button "Talk to a person". Never depends on the model."""
        if self.fold.control in ("pending", "human"):
            return []
        before = self._end_answer()
        if self.fold.control == "closed":
            before = [e.Proposed(e.Reopened(), visitor.author)]
        asked = e.Proposed(e.HumanRequested("visitor"), visitor.author, key)
        return [*before, asked, self._words.waiting(on_duty)]

    def withdraw_request(self, visitor: Visitor, key: str | None = None) -> Facts:
        match self.fold.control:
            case "ai":
                return []
            case "closed":
                raise self._closed()
            case "human":
                raise Stale("A person has already joined.", fold=self.fold)
            case "pending":
                withdrawn = e.Proposed(e.RequestWithdrawn(), visitor.author, key)
                return [withdrawn, self._words.say(self.site.words.withdrawn)]

    def leave_contact(self, visitor: Visitor, name: str, email: str, key: str | None = None) -> Facts:
        left = e.Proposed(e.ContactLeft(name, email), visitor.author, key)
        return [left, self._words.say(self.site.words.contact_left)]

    def rate(self, visitor: Visitor, score: int, text: str = "") -> Facts:
        return [e.Proposed(e.Rated(score, text), visitor.author)]

    # Visitor, agent or assistant

    def offer_call(self, author: Author, key: str | None = None, *, answer: str | None = None) -> Facts:
        """Puts the booking link into the conversation. The assistant's is fenced by its `answer`."""
        if self.site.call_url is None:
            raise BadRequest("This site has no booking link. An admin can set call_url.")
        if answer is not None and self.fold.open_answer != answer:
            return []
        return [e.Proposed(e.CallOffered(self.site.call_url), author, key)]

    def close(self, author: Author, *, admin: bool = False, reason: e.CloseReason = "closed") -> Facts:
        """The visitor may close at any time; in HUMAN, of the agents, the holder or an admin."""
        if self.fold.control == "closed":
            return []
        if author.role == "agent":
            self._refuse_others(author.id, admin=admin)
        closed = e.Proposed(e.Closed(reason), author)
        words = self._words.say(getattr(self.site.words, reason))
        return [*self._end_answer(), *self._not_made("closed", "asked"), closed, words]

    # Agents

    def reply(self, agent: Agent, text: str, key: str) -> Facts:
        """An agent's public message. It is a claim, and reopens a closed chat."""
        said = e.Proposed(e.MessagePosted(text), agent.author, key)
        if self.fold.control == "closed":
            reopened = e.Proposed(e.Reopened(), agent.author)
            return [reopened, *self._claimed(agent), said]
        return [*self.claim(agent), said]

    def claim(self, agent: Agent) -> Facts:
        """Takes an AI or PENDING conversation. Whoever else holds it is named in the refusal."""
        match self.fold.control:
            case "closed":
                raise self._closed()
            case "human":
                self._refuse_others(agent.id, admin=False)
                return []
            case _:
                return [*self._end_answer(), *self._claimed(agent)]

    def transfer(self, agent: Agent, to: Agent, note: str = "") -> Facts:
        """Gives a held conversation to another agent; by the holder, or by an admin (also to themselves).

        `note` stands before, so that it is there for whoever takes over.
        """
        if self.fold.control == "closed":
            raise self._closed()
        if self.fold.agent is None:
            raise Stale("Nobody holds this conversation. Take it over first.", fold=self.fold)
        self._refuse_others(agent.id, admin=agent.admin)
        origin = self.fold.agent
        if origin.id == to.id:
            return []
        words = self._words.say(self.site.words.transferred, agent=origin.name, to=to.name)
        noted = self.note(agent, note) if note else []
        return [*noted, e.Proposed(e.Transferred(origin, to.person), agent.author), words]

    def return_to_queue(self, agent: Agent, *, on_duty: bool) -> Facts:
        if self.fold.control == "pending":
            return []
        if self.fold.control == "closed":
            raise self._closed()
        if self.fold.agent is None:
            raise Stale("The assistant is in charge; nobody holds this conversation.", fold=self.fold)
        self._refuse_others(agent.id, admin=agent.admin)
        return self._returned("returned", agent.author, self.fold.agent.name, on_duty)

    def route(self, agent: Agent, team: TeamName | None, note: str = "", *, on_duty: bool) -> Facts:
        """Has it wait for a team, or for everybody again; what somebody holds goes back to the queue for that.

        `note` stands before, so that it is there for whoever takes over.
        """
        if self.fold.control == "closed":
            raise self._closed()
        if self.fold.control == "ai":
            raise Stale("The assistant is in charge; nobody waits for a team. Take it over first.", fold=self.fold)
        self._refuse_others(agent.id, admin=agent.admin)
        now = self.fold.team.id if self.fold.team else None
        routed = [] if now == (team.id if team else None) else [e.Proposed(e.Routed(team), agent.author)]
        holder = self.fold.agent
        back = self._returned("returned", agent.author, holder.name, on_duty, directed=True) if holder else []
        noted = self.note(agent, note) if note and (back or routed) else []
        return [*noted, *back, *routed]

    def hand_back(self, agent: Agent) -> Facts:
        """Back to the assistant, which answers at once if the visitor's last words have no answer."""
        if self.fold.control == "ai":
            return []
        if self.fold.control == "closed":
            raise self._closed()
        self._refuse_others(agent.id, admin=agent.admin)
        words = self._words.say(self.site.words.handed_back, agent=agent.name)
        return [e.Proposed(e.HandedBack(), agent.author), words]

    def reopen(self, agent: Agent) -> Facts:
        if self.fold.control != "closed":
            return []
        return [e.Proposed(e.Reopened(), agent.author), self._words.say(self.site.words.reopened)]

    def note(self, agent: Agent, text: str, key: str | None = None) -> Facts:
        return [e.Proposed(e.NotePosted(text), agent.author, key)]

    def label(self, agent: Agent, labels: tuple[str, ...]) -> Facts:
        if labels == self.fold.labels:
            return []
        return [e.Proposed(e.Labelled(labels), agent.author)]

    def redact(self, agent: Agent, target: e.Event) -> Facts:
        """Empties what `target` says. An open answer ends first, and calls that have not begun: they may repeat it."""
        if isinstance(target.fact, e.Unknown):
            raise WrittenByNewer
        if not isinstance(target.fact, REDACTABLE):
            raise BadRequest("Only what somebody wrote can be redacted.")
        if target.fact.redacted:
            return []
        if msgspec.structs.replace(redaction.emptied(target.fact), redacted=False) == target.fact:
            # Nor would the log replay to the same: an answer without words is nobody's preview, an emptied one may be.
            raise BadRequest("There are no words in it to redact.")
        redacted = e.Redacted(target.id, public=target.public_seq is not None)
        not_made = self._not_made("redacted", "asked", "allowed")
        return [*self._end_answer(), *not_made, e.Proposed(redacted, agent.author)]

    # Timers: each does nothing if control has moved on

    def remind(self, since: int, *, on_duty: bool) -> Facts:
        """Nobody has claimed since the change of control at `since`."""
        if self.fold.control != "pending" or self.fold.since != since:
            return []
        words = self.site.words
        key = f"remind:{since}"  # a job may run twice, and the visitor reads this once
        if self._words.is_attended(on_duty):
            return [self._words.say(words.still_waiting, WAYS_OUT, key=key)]
        return [self._words.nobody(words.nobody, key=key)]

    def return_from(self, agent: str, *, on_duty: bool) -> Facts:
        """The agent who holds this has vanished, with a visitor's message unanswered."""
        held = self.fold.agent
        if held is None or held.id != agent or not self.fold.unanswered:
            return []
        return self._returned("agent_gone", self.site.system_author, held.name, on_duty)

    def close_idle(self, seq: int) -> Facts:
        """Nothing has happened in an AI conversation since `seq`."""
        if self.fold.control != "ai" or self.fold.seq != seq:
            return []
        return self.close(self.site.system_author, reason="idle")

    def assign(self, agent: Agent, assigned: e.Assignment, since: int) -> Facts:
        """Puts somebody in charge of what waits since the change of control at `since`, without their asking."""
        if self.fold.control != "pending" or self.fold.since != since:
            return []
        words = self._words.say(self.site.words.assigned, agent=agent.name)
        return [e.Proposed(e.Claimed(agent.person, assigned), self.site.system_author), words]

    def take_back(self, since: int, team: TeamName | None, *, on_duty: bool) -> Facts:
        """Whoever was put in charge at `since` has not answered in time: it waits again, for the same `team`."""
        held = self.fold.agent
        if held is None or self.fold.since != since or self.fold.answered > since:
            return []
        back = self._returned("not_answered", self.site.system_author, held.name, on_duty)
        return [*back, e.Proposed(e.Routed(team), self.site.system_author)] if team else back

    # Summaries

    def summarise(self, summary: e.Summarised, *, seen: int, removed: int = 0) -> Facts:
        """For whoever takes over, made of everything up to the seq `seen`; once for each hand-over, and
        again when something was `removed`.

        Nothing if something has come since: it may have been a redaction, whose words must not come back.
        """
        if self.fold.seq != seen or self.fold.control not in ("pending", "human"):
            return []
        return [e.Proposed(summary, self.site.system_author, summary_key(summary.handover, removed))]

    # Parts of the above

    def _not_made(self, reason: e.NotAllowed, *steps: str) -> Facts:
        """Calls that are at these steps are not made any more."""
        waiting = [call for call in self.fold.calls if call.step in steps]
        refused = [e.Proposed(e.ToolRefused(call.id, call.tool, reason), self.site.system_author) for call in waiting]
        return [*refused, self._words.say(self.site.words.not_done)] if refused else []

    def _claimed(self, agent: Agent) -> Facts:
        words = self._words.say(self.site.words.joined, agent=agent.name)
        return [e.Proposed(e.Claimed(agent.person), agent.author), words]

    def _returned(
        self, reason: e.ReturnReason, author: Author, holder: str, on_duty: bool, *, directed: bool = False
    ) -> Facts:
        words = self.site.words
        why = words.directed if directed else words.not_answered if reason == "not_answered" else words.returned
        said = (
            self._words.say(why, agent=holder)
            if self._words.is_attended(on_duty)
            else self._words.nobody(words.returned_nobody if why is words.returned else words.nobody, agent=holder)
        )
        return [e.Proposed(e.ReturnedToQueue(reason), author), said]

    def _refuse_others(self, agent: str, *, admin: bool) -> None:
        holder = self.fold.agent
        if holder is not None and holder.id != agent and not admin:
            raise AlreadyClaimed(f"{holder.name} is in charge of this conversation.", fold=self.fold)

    def _closed(self) -> ConversationClosed:
        return ConversationClosed("This conversation is closed. Reply or reopen it first.", fold=self.fold)
