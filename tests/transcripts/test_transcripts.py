"""Recorded conversations: the domain folds a reader's frames to the view that was written beside them.

`web/protocol/test/transcripts.test.ts` does the same with the pages' own fold.
"""

import json

import pytest
from tests.transcripts.record import FOLDER, recordings
from tests.transcripts.stories import STAFF_ONLY, STORIES
from tests.transcripts.view import Reader

READERS = [(story, reader) for story in STORIES for reader in ("visitor", "agent")]


def lines_of(story, reader):
    text = (FOLDER / f"{story}.jsonl").read_text(encoding="utf-8")
    return [line for line in map(json.loads, text.splitlines()) if line["reader"] == reader]


def last_view(story, reader):
    return lines_of(story, reader)[-1]["view"]


def test_the_recordings_are_what_is_sent_today():
    written = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.jsonl")}

    assert written == recordings(), "python -m tests.transcripts.record writes them anew"


@pytest.mark.parametrize(("story", "reader"), READERS)
def test_the_frames_fold_to_the_view_written_beside_them(story, reader):
    follower = Reader()
    looks = 0

    for line in lines_of(story, reader):
        if "frame" in line:
            follower.receives(line["frame"])
        else:
            looks += 1
            assert follower.view() == line["view"]

    assert looks > 0


@pytest.mark.parametrize(("story", "reader"), READERS)
def test_who_comes_late_sees_the_same(story, reader):
    for line in lines_of(story, reader):
        if "followed" not in line:
            continue
        latecomer = Reader()
        latecomer.receives(line["followed"])
        assert latecomer.view() == line["view"]


def test_no_visitor_ever_received_what_is_for_the_staff():
    for story in STORIES:
        assert STAFF_ONLY not in str(lines_of(story, "visitor")), story
    assert STAFF_ONLY in str(lines_of("escalation", "agent"))
    assert "reason" not in str(lines_of("close_and_reopen", "visitor"))


def test_redacted_words_are_seen_by_nobody_and_sent_to_no_latecomer():
    for reader in ("visitor", "agent"):
        last = lines_of("redaction", reader)[-1]
        assert "4111" not in json.dumps(last), reader


def test_a_visitor_sees_the_takeover_like_this():
    seen = [(item["kind"], item["text"]) for item in last_view("takeover", "visitor")["items"]]

    assert seen == [
        ("message", "Is my order ready?"),
        ("answer", "I can only guess"),
        ("change", "claimed"),
        ("message", "Ana has joined the conversation."),
        ("message", "It is: shelf 4."),
        ("change", "transferred"),
        ("message", "Ben takes over from Ana."),
        ("change", "returned_to_queue"),
        ("message", "Ben had to leave. You are back in the queue; somebody else will take over."),
        ("change", "claimed"),
        ("message", "Ben has joined the conversation."),
        ("message", "I have put it by the door."),
        ("change", "handed_back"),
        ("message", "Ben has handed you back to the assistant."),
    ]


def test_a_visitor_sees_the_burst_like_this():
    seen = [(item["kind"], item["text"]) for item in last_view("burst", "visitor")["items"]]

    assert seen == [
        ("message", "Hello"),
        ("message", "Do you weld"),
        ("message", "aluminium?"),
        ("answer", "We do, and"),
        ("message", "The last answer was cut off. Here is a new one."),
        ("answer", "We weld aluminium."),
        ("message", "And steel?"),
        ("answer", "Steel, too."),
    ]
