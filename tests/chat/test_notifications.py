"""When somebody is to be written to about a visitor who waits."""

import datetime as dt

import pytest

from havana.chat.notifications import Notifications, QuietHours, mail_at

DAY = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
NIGHT = QuietHours("22:00", "07:30", "Europe/Berlin")
LUNCH = QuietHours("12:00", "13:00", "UTC")


def at(time: str, day: int = 0) -> dt.datetime:
    hour, minute = map(int, time.split(":"))
    return DAY + dt.timedelta(days=day, hours=hour, minutes=minute)


def test_it_is_so_many_minutes_after_they_began_to_wait():
    chosen = Notifications(mail=True, mail_after_m=15)

    assert mail_at(chosen, at("10:00"), at("10:01")) == at("10:15")
    assert mail_at(chosen, at("10:00"), at("11:00")) == at("11:00")


@pytest.mark.parametrize(
    ("quiet", "began", "then"),
    [
        (NIGHT, at("19:54"), at("19:59")),
        (NIGHT, at("19:55"), at("05:30", 1)),
        (NIGHT, at("23:00"), at("05:30", 1)),
        (NIGHT, at("05:24"), at("05:30")),
        (NIGHT, at("05:25"), at("05:30")),
        (NIGHT, at("12:00"), at("12:05")),
        (LUNCH, at("11:54"), at("11:59")),
        (LUNCH, at("11:55"), at("13:00")),
        (LUNCH, at("12:54"), at("13:00")),
        (LUNCH, at("12:56"), at("13:01")),
        (QuietHours("00:00", "23:59", "Atlantis/Poseidon"), at("12:00"), at("12:05")),
    ],
)
def test_quiet_hours_put_it_off_to_their_end(quiet: QuietHours, began: dt.datetime, then: dt.datetime):
    assert mail_at(Notifications(mail=True, quiet=quiet), began, began) == then
