"""What the machine holds the product to, and how the log itself is looked at."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from havana.chat import control
from havana.chat import events as e
from havana.chat.fold import Fold, apply
from havana.storage import history
from havana.storage.tables import conversations, drafts, jobs

STORED = "acknowledged is stored"
ORDER = "one order, without gaps"
ONCE = "each event once on each screen"
KEY = "one key, one place"
TAKEOVER = "no assistant word after a change of control"
PRIVATE = "only who may see it"
ENDS = "every answer ends"
ANSWERED = "never silent, never stuck"
SAME = "everybody reads the same"
TAIL = "old snapshot and tail are a fresh snapshot"
REPLAY = "the stored fold is the replayed log"
WHOLE = "in the end nobody lacks anything"
SHOWN = "what was shown is what is stored"
STANDS = "nothing falls over"
LEAVE = "nothing is changed outside without leave, nor twice"
CALLED = "every call comes to an end"


class Broken(AssertionError):
    """A promise that was not kept."""

    def __init__(self, promise: str, what: str) -> None:
        super().__init__(f"{promise}: {what}")
        self.promise = promise


def keep(kept: object, promise: str, what: str) -> None:
    if not kept:
        raise Broken(promise, what)


def check_log(conn: sa.Connection, conversation: str, shown: set[str]) -> None:
    """Everything that must be true of a log at any moment. `shown` are the answers of which a reader saw words."""
    stored = history.fold(conn, conversation)
    assert stored is not None
    kept = conn.execute(sa.select(drafts.c.answer).where(drafts.c.conversation_id == conversation)).scalars().all()
    check_story(stored, history.all_events(conn, conversation), kept, shown)


def check_story(stored: Fold, events: Sequence[e.Event], kept: Sequence[str], shown: set[str]) -> None:
    """The same of what was read already. `kept` are the answers that have a draft."""
    seqs = [event.seq for event in events]
    public = [event.public_seq for event in events if event.public_seq is not None]
    keys = [(event.author.role, event.key) for event in events if event.key is not None]
    keep(seqs == list(range(1, stored.seq + 1)), ORDER, f"seqs {seqs} of {stored.seq}")
    keep(public == list(range(1, stored.public_seq + 1)), ORDER, f"public seqs {public} of {stored.public_seq}")
    keep(len(keys) == len(set(keys)), KEY, f"keys {keys}")
    fold = Fold(id=stored.id, log=stored.log, site=stored.site, visitor=stored.visitor)
    for event in events:
        _check_answer(fold, event, shown)
        try:
            fold = apply(fold, event)
        except control.UnknownTransition as error:
            raise Broken(REPLAY, str(error)) from None
    keep(fold == stored, REPLAY, f"replayed {fold}, stored {stored}")
    keep(set(kept) <= {stored.open_answer}, TAKEOVER, f"a draft of {kept} is kept, open is {stored.open_answer}")


def _check_answer(fold: Fold, event: e.Event, shown: set[str]) -> None:
    match event.fact:
        case e.AnswerStarted(answer=answer):
            keep(fold.open_answer is None, ENDS, f"{answer} started while {fold.open_answer} was open")
        case e.AnswerFinished(answer=answer, outcome=outcome, text=text, redacted=redacted):
            keep(fold.open_answer == answer, TAKEOVER, f"{answer} finished while {fold.open_answer} was open")
            if outcome == "superseded":
                keep(answer not in shown and not text, SHOWN, f"{answer} was superseded though words were shown")
            if outcome == "interrupted" and answer in shown:
                keep(text or redacted, SHOWN, f"{answer} was interrupted and the words that were shown are gone")
        case fact if type(fact) in control.CONTROL_FACTS:
            keep(fold.open_answer is None, ENDS, f"{fact.kind} while {fold.open_answer} was open")
        case _:
            pass


def check_visitors(conn: sa.Connection) -> None:
    """A visitor has at most one open conversation."""
    opened = (
        conn.execute(sa.select(conversations.c.visitor_id).where(conversations.c.control != "closed")).scalars().all()
    )
    keep(len(opened) == len(set(opened)), ORDER, f"open conversations of {sorted(opened)}")


def unsettled(conn: sa.Connection) -> str | None:
    """What still has to happen in the store before everything is at rest."""
    for row in conn.execute(sa.select(conversations)):
        fold = history.fold_of(row)
        if fold.open_answer is not None:
            return f"{ENDS}: {fold.open_answer} is open"
        if waiting := [call for call in fold.calls if call.step != "done"]:
            return f"{CALLED}: {waiting}"
        if fold.control == "ai" and fold.unanswered:
            return f"{ANSWERED}: the visitor's words at {fold.asked} have no answer"
    if conn.execute(sa.select(jobs.c.id).where(jobs.c.kind == "answer")).first():
        return f"{ANSWERED}: an answer job is left"
    return None


def place_of(conn: sa.Connection, conversation: str, key: str, role: str) -> e.Event | None:
    """The event that carries a key."""
    found = [ev for ev in history.all_events(conn, conversation) if ev.key == key and ev.author.role == role]
    return found[0] if found else None


def tops(conn: sa.Connection) -> dict[str, tuple[int, int, str]]:
    """Of each conversation: seq, public seq and whose it is."""
    chosen = sa.select(conversations.c.id, conversations.c.seq, conversations.c.public_seq, conversations.c.visitor_id)
    return {row.id: (row.seq, row.public_seq, row.visitor_id) for row in conn.execute(chosen)}


def states(conn: sa.Connection) -> dict[str, str]:
    found: Any = conn.execute(sa.select(conversations.c.id, conversations.c.control))
    return {row.id: row.control for row in found}
