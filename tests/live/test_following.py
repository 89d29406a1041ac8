"""What goes out of one conversation on one connection, whatever the bus and the log do meanwhile."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from havana.live.encoding import PING
from havana.live.following import Draft, Following, LiveEvent, live_event


def event(seq, kind="message_posted", answer=None):
    return live_event("c1", {"seq": seq, "kind": kind, "answer": answer})


def seqs(events):
    return [event.seq for event in events]


def attached(top, open_answer=None, shown=0):
    following = Following()
    following.followed(top, open_answer, shown)
    return following


def test_events_are_held_until_the_log_was_read():
    following = Following()

    assert following.events([event(4), event(5)]) == []
    assert seqs(following.followed(4, None, 0)) == [5]


def test_the_next_event_goes_out_at_once_and_one_that_was_sent_never_again():
    following = attached(top=4)

    assert seqs(following.events([event(5), event(6)])) == [5, 6]
    assert seqs(following.events([event(5), event(6), event(7)])) == [7]


def test_an_event_behind_a_gap_waits_for_the_missing_ones():
    following = attached(top=4)

    assert seqs(following.events([event(7)])) == []
    assert following.is_missing
    assert seqs(following.events([event(5), event(6)])) == [5, 6, 7]
    assert not following.is_missing


def test_a_conversation_that_was_just_created_is_missing_its_first_event():
    following = Following()
    following.begin_empty()

    assert following.is_missing
    assert seqs(following.events([event(1)])) == [1]
    assert not following.is_missing


def test_a_log_that_was_read_too_early_leaves_a_gap_that_is_seen():
    following = attached(top=9)
    following.begin()

    following.followed(7, None, 0)

    assert following.is_missing


def test_when_the_log_cannot_be_read_anew_what_was_held_goes_out():
    following = attached(top=4)
    following.begin()
    following.events([event(5)])

    assert seqs(following.resume()) == [5]


def test_no_words_go_out_before_the_start_of_their_answer_and_none_after_its_end():
    following, draft = attached(top=0), Draft("a")
    draft.add(0, "Welding ")

    assert following.words(draft) is None
    following.events([event(1, "answer_started", "a")])
    assert following.words(draft) == (0, False)
    draft.add(8, "costs")
    assert following.words(draft) == (8, False)
    assert following.words(draft) is None
    following.events([event(2, "answer_finished", "a")])
    draft.add(13, " nothing")
    assert following.words(draft) is None


def test_a_latecomer_gets_only_the_words_behind_their_draft():
    following, draft = attached(top=3, open_answer="a", shown=4), Draft("a")
    draft.add(0, "Weld")

    assert following.words(draft) is None
    draft.add(4, "ing")
    assert following.words(draft) == (4, False)


def test_after_words_were_dropped_the_next_ones_come_as_a_whole():
    following, draft = attached(top=3, open_answer="a"), Draft("a")
    draft.add(0, "Weld")
    following.fall_behind()

    assert following.words(draft) == (0, True)
    draft.add(4, "ing")
    assert following.words(draft) == (4, False)


def test_offsets_count_code_points():
    draft = Draft("a")
    draft.add(0, "👩‍🔧")
    draft.add(3, " weld")

    assert draft.text == "👩‍🔧 weld"


@given(st.text(max_size=30), st.data())
def test_a_draft_is_whole_whatever_the_order_and_overlap_of_its_pieces(text, data):
    cuts = [0, *sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8))), len(text)]
    pieces = [(start, text[start:end]) for start, end in pairwise(cuts)]
    overlapping = data.draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, 9)), max_size=4))
    pieces += [(start, text[start : start + length]) for start, length in overlapping]
    draft = Draft("a")

    for offset, piece in data.draw(st.permutations(pieces)):
        draft.add(offset, piece)

    assert draft.text == text
    assert not draft.has_hole


class Log:
    """Answers and messages one after the other; `lines` are events and, between them, the words of answers."""

    def __init__(self, shape):
        self.lines, seq = [], 0
        for place, pieces in enumerate(shape):
            answer = f"a{place}"
            if pieces is None:
                self.lines.append(event(seq := seq + 1))
                continue
            self.lines.append(event(seq := seq + 1, "answer_started", answer))
            offset = 0
            for piece in pieces:
                self.lines.append((answer, offset, piece))
                offset += len(piece)
            self.lines.append(event(seq := seq + 1, "answer_finished", answer))

    def read(self, upto):
        """(top, open answer, its text) of the log after so many lines."""
        top, answer, text = 0, None, ""
        for line in self.lines[:upto]:
            if isinstance(line, LiveEvent):
                top = line.seq
                answer = line.starts or (None if line.ends else answer)
                text = "" if line.starts or line.ends else text
            else:
                text += line[2]
        return top, answer, text


class Reader:
    """A client: applies what goes out, and complains about whatever must not happen."""

    def __init__(self, top, answer, text):
        self.last, self.answer, self.text = top, answer, text

    def event(self, event):
        assert event.seq == self.last + 1
        self.last = event.seq
        if event.starts:
            self.answer, self.text = event.starts, ""
        if event.ends:
            self.answer = None

    def words(self, draft, words):
        assert draft.answer == self.answer
        assert words.whole or words.offset == len(self.text)
        assert draft.text.startswith(self.text)
        self.text = draft.text


answers = st.lists(st.text(alphabet="aé👩", min_size=1, max_size=3), max_size=4)
shapes = st.lists(st.one_of(st.none(), answers), min_size=1, max_size=5)


class Attachment:
    """A connection that is attached to the log while things happen, with the draft that its room keeps."""

    def __init__(self, log):
        self.log = log
        self.following, self.draft, self.reader = Following(), None, None

    def merges(self, read):
        top, answer, text = self.log.read(read)
        self.reader = Reader(top, answer, text)
        if answer is not None and (self.draft is None or self.draft.answer == answer):
            self.draft = self.draft or Draft(answer)
            self.draft.add(0, text)
        self._sends(self.following.followed(top, answer, len(text)))

    def receives(self, line):
        if isinstance(line, LiveEvent):
            if line.starts:
                self.draft = Draft(line.starts)
            self._sends(self.following.events([line]))
        else:
            if self.draft is None or self.draft.answer != line[0]:
                self.draft = Draft(line[0])
            self.draft.add(*line[1:])

    def takes_words(self):
        if self.reader and self.draft and (words := self.following.words(self.draft)):
            self.reader.words(self.draft, words)

    def catches_up(self):
        self._sends(self.following.events([line for line in self.log.lines if isinstance(line, LiveEvent)]))

    def _sends(self, events):
        for sent in events:
            self.reader.event(sent)


@given(shapes, st.data())
def test_any_interleaving_gives_each_event_once_in_order_and_no_words_outside_their_answer(shape, data):
    """Subscribe, read and merge at any moments; the bus loses and repeats; words are taken at any moments."""
    log = Log(shape)
    end = len(log.lines)
    subscribed = data.draw(st.integers(0, end), "subscribed")
    read = data.draw(st.integers(subscribed, end), "read")
    merged = data.draw(st.integers(read, end), "merged")
    lost = data.draw(st.sets(st.integers(0, end)), "lost")
    repeated = data.draw(st.sets(st.integers(0, end)), "repeated")
    takes = data.draw(st.sets(st.integers(0, end)), "takes words")
    client = Attachment(log)

    for place in range(subscribed, end + 1):
        if place == merged:
            client.merges(read)
        for line in log.lines[place : place + 1] * (0 if place in lost else 2 if place in repeated else 1):
            client.receives(line)
        if place in takes:
            client.takes_words()
    client.catches_up()

    assert client.reader.last == log.read(end)[0]
    assert not client.following.is_missing


def test_frames_of_events_are_encoded_for_the_wire():
    assert event(7).frame.text == (
        '{"push":"event","conversation":"c1","event":{"seq":7,"kind":"message_posted","answer":null}}'
    )
    assert PING.text == "{}"
