"""What a redaction leaves of facts."""

import msgspec

from havana.chat import events as e

REPEATING = (e.HandoverNoted, e.Summarised, e.ToolRequested, e.ToolStarted, e.ToolFinished)
"""Facts that may say again what somebody wrote: whatever is redacted, these are emptied, too."""


def emptied(fact: e.AnyFact) -> e.AnyFact:
    """What a redaction leaves of a fact: that it happened, and nothing that anybody wrote."""
    match fact:
        case e.AnswerFinished():
            return msgspec.structs.replace(fact, text="", sources=(), redacted=True)
        case e.ContactLeft():
            return msgspec.structs.replace(fact, name="", email="", redacted=True)
        case e.HandoverNoted():
            return msgspec.structs.replace(fact, summary="", redacted=True)
        case e.ToolRequested() | e.ToolStarted():
            return msgspec.structs.replace(fact, arguments={}, redacted=True)
        case e.ToolFinished():
            return msgspec.structs.replace(fact, arguments={}, result="", redacted=True)
        case e.Summarised():
            return msgspec.structs.replace(fact, who="", wants="", tried="", open="", redacted=True)
        case e.MessagePosted() | e.NotePosted() | e.Rated():
            return msgspec.structs.replace(fact, text="", redacted=True)
        case _:
            return fact
