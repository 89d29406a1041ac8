"""When a site has people."""

import datetime as dt
from zoneinfo import ZoneInfo

import msgspec
import pytest

from havana.chat import hours

from .story import ANA, SITE, VISITOR, Story, begun, pending

WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-12:00", "13:00-17:30"))
NEW_YORK = ZoneInfo("America/New_York")


def at(text: str, zone: dt.tzinfo = NEW_YORK) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize("open_", ["2026-11-30T09:00", "2026-11-30T11:59", "2026-12-04T17:29"])
def test_within_a_span_the_site_is_open(open_: str):
    assert hours.opens(WEEK, "America/New_York", at(open_)) is None


@pytest.mark.parametrize(
    ("now", "opening", "said"),
    [
        ("2026-11-30T12:00", "2026-11-30T13:00", "today at 13:00 (EST)"),
        ("2026-11-30T17:30", "2026-12-01T09:00", "tomorrow at 09:00 (EST)"),
        ("2026-12-04T23:00", "2026-12-07T09:00", "on Monday at 09:00 (EST)"),
        ("2026-03-07T12:00", "2026-03-09T09:00", "on Monday at 09:00 (EDT)"),
    ],
    ids=["lunch", "evening", "weekend", "clocks change"],
)
def test_outside_it_opens_with_the_next_span(now: str, opening: str, said: str):
    found = hours.opens(WEEK, "America/New_York", at(now))

    assert found == at(opening)
    assert hours.spoken(found, at(now)) == said


def test_the_clock_is_the_sites_wherever_the_server_stands():
    assert hours.opens(WEEK, "America/New_York", at("2026-11-30T14:00", dt.UTC)) is None
    assert hours.opens(WEEK, "Europe/Berlin", at("2026-11-30T14:00", dt.UTC)) is None
    assert hours.opens(WEEK, "Asia/Tokyo", at("2026-11-30T14:00", dt.UTC)) is not None


def test_a_site_without_hours_is_always_open():
    assert hours.opens({}, "UTC", at("2026-11-29T03:00")) is None


def test_a_day_may_end_at_midnight_and_a_week_may_have_one_day():
    late = {"sat": ("20:00-24:00",)}

    assert hours.opens(late, "UTC", at("2026-11-28T23:59", dt.UTC)) is None
    assert hours.opens(late, "UTC", at("2026-11-29T00:00", dt.UTC)) == at("2026-12-05T20:00", dt.UTC)


@pytest.mark.parametrize(
    ("wrong", "zone", "said"),
    [
        ({"monday": ("09:00-17:00",)}, "UTC", "hours must be by day, one of mon, tue, wed"),
        ({"mon": ("9-5",)}, "UTC", "hours.mon must have spans like 09:00-17:00, not '9-5'"),
        ({"mon": ("17:00-09:00",)}, "UTC", "hours.mon must end after it begins, not '17:00-09:00'"),
        ({"mon": ("25:00-26:00",)}, "UTC", "hours.mon must have spans like"),
        ({"mon": ("13:00-17:00", "09:00-13:01")}, "UTC", "hours.mon must not have spans that overlap"),
        ({}, "Berlin", "timezone must be a name like Europe/Berlin, not 'Berlin'"),
        ({}, "../etc/passwd", "timezone must be a name like"),
    ],
)
def test_what_is_wrong_with_hours_is_named(wrong: hours.Hours, zone: str, said: str):
    [problem] = hours.problems(wrong, zone)

    assert problem.said.startswith(said)


def test_all_that_is_wrong_with_hours_is_told_and_what_is_right_is_not():
    wrong = {"mon": ("9-5", "8-4"), "tue": ("13:00-17:00", "09:00-12:30"), "wed": ("24:00-09:00",)}

    assert [problem.field for problem in hours.problems(wrong, "Mars")] == ["timezone", "hours.mon", "hours.wed"]


def with_hours(story: Story, spans: str = "09:00-11:00") -> Story:
    """On a Thursday at noon, in UTC."""
    story.site = msgspec.structs.replace(SITE, hours={"thu": (spans,), "fri": (spans,)})
    return story


BACK = "They are back tomorrow at 09:00 (UTC)."


def test_outside_the_hours_nobody_is_promised_and_the_next_time_is_told_even_if_a_console_is_open():
    story = with_hours(begun())
    story.does(lambda c: c.request_human(VISITOR, on_duty=True))

    assert story.last.text == f"{SITE.words.nobody} {BACK}"
    assert story.last.offers == ("leave_contact", "withdraw_request")


@pytest.mark.parametrize("on_duty", [True, False])
def test_within_the_hours_it_counts_who_is_here(on_duty: bool):
    story = with_hours(begun(), "09:00-17:00")
    story.does(lambda c: c.request_human(VISITOR, on_duty=on_duty))

    assert story.last.text == (SITE.words.waiting if on_duty else SITE.words.nobody)


def test_who_still_waits_when_the_hours_end_is_told_so():
    story = with_hours(pending())
    story.does(lambda c: c.remind(story.fold.since, on_duty=True))

    assert story.last.text == f"{SITE.words.nobody} {BACK}"


def test_who_is_returned_to_the_queue_after_hours_is_told_when_somebody_is_back():
    story = with_hours(begun())
    story.does(lambda c: c.claim(ANA))
    story.does(lambda c: c.return_to_queue(ANA, on_duty=True))

    assert story.last.text == f"{SITE.words.returned_nobody.replace('{agent}', 'Ana')} {BACK}"


def test_a_failure_after_hours_promises_nobody():
    story = with_hours(begun())
    story.does(lambda c: c.start_answer("answer-1"))
    story.does(lambda c: c.fail_answer("answer-1", text="", reason="model_failure", summary="", on_duty=True))

    assert story.last.text == f"{SITE.words.nobody} {BACK}"
