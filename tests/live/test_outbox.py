"""What waits for a slow reader, and what is forgotten."""

from havana.live.encoding import framed
from havana.live.outbox import CAP, JOIN_FROM, SOFT_CAP, Outbox


def frame(text, size=None):
    return framed((text if size is None else text.ljust(size)).encode())


def everything(outbox):
    texts = []
    while (frame := outbox.next_frame()) is not None:
        texts.append(frame.text.rstrip(" "))
    return texts


def test_what_is_durable_goes_first_and_in_order():
    outbox = Outbox()
    outbox.put_latest(("typing", "c1"), frame("typing"))
    outbox.put(frame("one"))
    outbox.put(frame("two"))

    assert everything(outbox) == ["one", "two", "typing"]
    assert outbox.size == 0


def test_of_what_is_soon_out_of_date_only_the_latest_waits():
    outbox = Outbox()
    outbox.put_latest(("read", "c1"), frame("read 1"))
    outbox.put_latest(("read", "c2"), frame("read 2"))
    outbox.put_latest(("read", "c1"), frame("read 3"))

    assert everything(outbox) == ["read 2", "read 3"]


def test_many_waiting_frames_are_joined():
    outbox = Outbox()
    for number in range(JOIN_FROM):
        outbox.put(frame(str(number)))

    assert everything(outbox) == ["\n".join(str(number) for number in range(JOIN_FROM))]


def test_joined_frames_stay_under_256_kib():
    outbox = Outbox()
    for _ in range(JOIN_FROM):
        outbox.put(frame("x" * 100_000))

    assert [len(text) for text in everything(outbox)] == [200_001, *[100_000] * 6]


def test_an_outbox_over_its_cap_says_so():
    outbox = Outbox()

    assert outbox.put(frame("half", CAP // 2))
    assert not outbox.is_congested
    assert outbox.put(frame("half", CAP // 2))
    assert outbox.is_congested
    assert not outbox.put(frame("a byte", 1))


def test_a_single_frame_fits_however_large_it_is():
    assert Outbox().put(frame("a snapshot", 3 * CAP))


def test_dropping_the_conflated_lane_keeps_what_is_durable():
    outbox = Outbox()
    outbox.put(frame("event", SOFT_CAP))
    outbox.put_latest(("typing", "c1"), frame("typing"))
    outbox.mark_draft("c1")

    assert outbox.drop_conflated() == ["c1"]
    assert outbox.next_draft() is None
    assert everything(outbox) == ["event"]
    assert outbox.size == 0
