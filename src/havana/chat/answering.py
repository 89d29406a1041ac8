"""What the assistant asks of a conversation: every request is fenced by the id of its answer."""

import datetime as dt
import hashlib

import msgspec

from havana.chat import events as e
from havana.chat.fold import Fold
from havana.chat.saying import A_PERSON, Saying
from havana.chat.site import Site

Facts = list[e.Proposed]


class Answering(msgspec.Struct, frozen=True):
    """A conversation as its log, its site, the time and the text of its open answer (`draft`: what readers saw)."""

    fold: Fold
    site: Site
    now: dt.datetime
    draft: str = ""

    def start_answer(self, answer: str, *, on_duty: bool = True) -> Facts:
        """Claims the turn, if there is one: nothing when a person is in charge or nothing waits for an answer.

        Whoever asks holds the conversation's answer job, so an answer that is still open belongs to a dead worker. One
        that has changed something outside is not written again, for it would be done twice: people go on from there.
        """
        if self.fold.control != "ai" or not self.fold.unanswered:
            return []
        if self.fold.changed_something:
            summary = "The assistant has done something, and its answer was cut off. Look at what was done."
            return [*self._end_answer(), *self.call_people("tool_failure", summary, on_duty=on_duty)]
        before: Facts = []
        if self.fold.open_answer and self.draft:
            before = [*self._end_answer(), self._words.say(self.site.words.cut_off)]
        elif self.fold.open_answer:
            before = self._end_answer("superseded")
        return [*before, e.Proposed(e.AnswerStarted(answer), self.site.assistant_author)]

    def finish_answer(
        self,
        answer: str,
        text: str,
        sources: tuple[e.Source, ...] = (),
        *,
        sureness: float | None = None,
        offers: bool = False,
        cut_short: bool = False,
    ) -> Facts:
        """With `offers` the visitor is asked whether they would rather talk to a person; also if it is `cut_short`, for
        there would have been more.
        """
        if self.fold.open_answer != answer:
            return []
        words = self.site.words.cut_short if cut_short else self.site.words.offer
        offered = [self._words.say(words, A_PERSON)] if offers or cut_short else []
        return [*self._end_answer("complete", text, sources, sureness), *offered]

    def take_contact(self, answer: str, name: str, email: str) -> Facts:
        """The assistant passes on the name and the e-mail address that the visitor wrote."""
        if self.fold.open_answer != answer:
            return []
        # An address that is put right in the same answer is another one.
        key = f"contact:{answer}:{hashlib.sha256(email.encode()).hexdigest()[:8]}"
        return [e.Proposed(e.ContactLeft(name, email), self.site.assistant_author, key)]

    def ask_contact(self, answer: str) -> Facts:
        """The assistant shows the form for name and e-mail."""
        if self.fold.open_answer != answer:
            return []
        return [self._words.say(self.site.words.contact, ("leave_contact",), key=f"contact:{answer}")]

    def escalate(
        self,
        answer: str,
        *,
        text: str,
        reason: e.Reason,
        summary: str,
        on_duty: bool,
        sources: tuple[e.Source, ...] = (),
        sureness: float | None = None,
    ) -> Facts:
        """The assistant hands over by a function call: its words so far stand, and the visitor waits."""
        if self.fold.open_answer != answer:
            return []
        asked = e.Proposed(e.HumanRequested("assistant"), self.site.assistant_author)
        noted = e.Proposed(e.HandoverNoted(reason, summary), self.site.assistant_author)
        return [*self._end_answer("complete", text, sources, sureness), asked, noted, self._words.waiting(on_duty)]

    def fail_answer(self, answer: str, *, text: str, reason: e.Reason, summary: str, on_duty: bool) -> Facts:
        """The model is down, talks nonsense, or has said all it may (`policy`): never silent, so words to the visitor
        and a place in the queue.
        """
        if self.fold.open_answer != answer:
            return []
        return [*self._end_answer("failed", text), *self.call_people(reason, summary, on_duty=on_duty)]

    def call_people(self, reason: e.Reason, summary: str, *, on_duty: bool, words: str = "") -> Facts:
        """The system asks for a person and says why; with nobody here, other words than `words` are said."""
        asked = e.Proposed(e.HumanRequested("system"), self.site.system_author)
        noted = e.Proposed(e.HandoverNoted(reason, summary), self.site.system_author)
        known, used_up = self.site.words, reason == "policy"
        if self._words.is_attended(on_duty):
            said = self._words.say(words or (known.enough if used_up else known.failed))
        elif used_up:
            # To go on with the assistant is no way out now.
            said = self._words.nobody(known.enough_nobody, ("leave_contact",))
        else:
            said = self._words.waiting(on_duty)
        return [asked, noted, said]

    def end_answer(self) -> Facts:
        """Somebody else than the assistant has to go on."""
        return self._end_answer()

    def _end_answer(
        self,
        outcome: e.Outcome = "interrupted",
        text: str | None = None,
        sources: tuple[e.Source, ...] = (),
        sureness: float | None = None,
    ) -> Facts:
        """The end of the open answer, if any. Whoever cuts it keeps what was shown: the draft."""
        if self.fold.open_answer is None:
            return []
        shown = self.draft if text is None else text
        finished = e.AnswerFinished(self.fold.open_answer, outcome, shown, sources, sureness=sureness)
        return [e.Proposed(finished, self.site.assistant_author)]

    @property
    def _words(self) -> Saying:
        return Saying(self.site, self.now)
