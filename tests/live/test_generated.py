"""What is made from the wire types, and that the types tell the truth about what is sent."""

from pathlib import Path
from typing import get_args

import msgspec
import pytest
from tests.chat.story import ANA, VISITOR, answering

from havana.chat import events as e
from havana.chat import views
from havana.chat import wire as w
from havana.live import tables, typescript
from havana.live.closing import Close

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("path", [typescript.CLIENT, typescript.DOCS])
def test_the_generated_files_are_fresh(path):
    assert (ROOT / path).read_text(encoding="utf-8") == typescript.files(ROOT)[path]


def test_every_error_code_has_a_meaning():
    assert tables.ERRORS.keys() == set(get_args(w.ErrorCode))


def test_every_close_code_has_a_meaning_and_those_from_4500_on_are_final():
    assert all(code.meaning for code in Close)
    assert [code.reconnect for code in Close] == [code not in {1008, 1009} and code < 4500 for code in Close]


def test_every_fact_is_in_the_clients_union():
    union = typescript.client().split("export type Fact =\n")[1].split(";")[0]

    assert union.split() == [word for kind in get_args(e.AnyFact) for word in ("|", kind.__name__)]


def test_staff_only_fields_are_optional_to_the_client():
    assert '  /** Staff only. */\n  readonly reason?: "closed" | "idle" | "blocked";' in typescript.client()


def test_states_summaries_and_events_are_as_the_types_say():
    story = answering("Welding ")
    story.does(lambda chat: chat.claim(ANA))

    for public in (True, False):
        wire = msgspec.json.encode(views.summary_of(story.fold, public=public, unread=2))
        summary = msgspec.json.decode(wire, type=w.Summary)
        assert summary.state.agent == ANA.person
        assert summary.visitor.id == VISITOR.id
    fields = {name for event in story.events for name in views.for_agent(event)}
    assert {name for name in fields if f"  readonly {name}" not in typescript.client()} == set()
