"""Ids: UUIDv7 text, so that they sort by the time they were made."""

import datetime as dt

import uuid_utils


def new_id() -> str:
    return str(uuid_utils.uuid7())


def first_id(at: dt.datetime) -> str:
    """No id that is made at this time or later sorts before it."""
    millis = f"{int(at.timestamp() * 1000):012x}"
    return f"{millis[:8]}-{millis[8:]}"


def time_of(id: str) -> dt.datetime:
    """When an id was made."""
    return dt.datetime.fromtimestamp(int(id[:8] + id[9:13], 16) / 1000, dt.UTC)
