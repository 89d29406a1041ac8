"""A release after this one: its source with changes such as one may bring. It writes what this one does not know."""

import shutil
from pathlib import Path

import havana

_NEW_FACTS = """\
class Translated(Fact, frozen=True):
    text: str


class TeamCalled(Fact, frozen=True):
    team: str


AnyFact = (
    Translated
    | TeamCalled
    | """
_TRANSLATES = """\
    async def translate(_job: object) -> None: ...

    worker.register("translate", translate)
"""
_SAYS = """\
[
            *before,
            e.Proposed(e.MessagePosted(text, ("ring",)), visitor.author, key),
            e.Proposed(e.Translated(f"{text}!"), self.site.system_author),
        ]"""
_WANTS = """\
    if e.Translated in facts:
        wanted.append(Wanted("translate", 0.5))
    if not facts.isdisjoint(CALLS):
"""
_EMPTIES = """\
case e.Translated():
            return msgspec.structs.replace(fact, text="")
        case e.MessagePosted() | """
CHANGES = (
    # Each message is followed by an event of a new kind, a field, a word, and a job.
    ("chat/events.py", "AnyFact = (\n    ", _NEW_FACTS),
    ("chat/events.py", "    offers: tuple[Offer, ...] = ()\n", "    offers: tuple[str, ...] = ()\n"),
    ("chat/events.py", "    redacted: bool = False\n", '    redacted: bool = False\n    language: str = "de"\n'),
    ("chat/control.py", "_EVERYWHERE = (\n", "_EVERYWHERE = (\n    e.Translated,\n"),
    ("chat/views.py", "    e.Claimed: ", '    e.Translated: ("text",),\n    e.TeamCalled: (),\n    e.Claimed: '),
    ("chat/conversation.py", "[*before, e.Proposed(e.MessagePosted(text), visitor.author, key)]", _SAYS),
    ("chat/consequences.py", "    if not facts.isdisjoint(CALLS):\n", _WANTS),
    ("chat/redaction.py", "case e.MessagePosted() | ", _EMPTIES),
    ("chat/redaction.py", "REPEATING = (", "REPEATING = (e.Translated, "),
    ("app.py", "    timers, availability = ", f"{_TRANSLATES}    timers, availability = "),
    # Who asks for a person gets into the queue by a fact of another kind.
    ("chat/control.py", '    ("ai", e.Claimed): ', '    ("ai", e.TeamCalled): "pending",\n    ("ai", e.Claimed): '),
    ("chat/fold.py", "case e.ReturnedToQueue():", "case e.ReturnedToQueue() | e.TeamCalled():"),
    ("chat/conversation.py", 'e.HumanRequested("visitor")', 'e.TeamCalled("sales")'),
    # Sites have one more setting.
    ("chat/site.py", "    words: Words = Words()\n", '    words: Words = Words()\n    theme: str = ""\n'),
)


def build(folder: Path) -> Path:
    """Puts it into the folder; the path for `PYTHONPATH`."""
    package = folder / "next" / "havana"
    shutil.copytree(Path(havana.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    for name, before, after in CHANGES:
        source = (package / name).read_text(encoding="utf-8")
        assert before in source, f"{name} has changed; the release after it changes something else there"
        (package / name).write_text(source.replace(before, after, 1), encoding="utf-8")
    return package.parent
