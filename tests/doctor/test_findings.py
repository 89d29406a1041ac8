"""What a measurement means, and what to do about it."""

import datetime as dt

import msgspec
import pytest

from havana.doctor import findings as f
from havana.doctor.findings import Finding, Folder, Stored

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
FOLDER = Folder("data", exists=True, file_system="ext4", free=50 * 10**9, free_files=9, database=10**6, sync_s=0.002)
GOOD = Stored(revision="0002", newest=NOW)


def folder(**changes: object) -> Folder:
    return msgspec.structs.replace(FOLDER, **changes)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (f.file_system(FOLDER), "ext4 at data"),
        (f.file_system(folder(file_system=None)), "of an unknown kind at data"),
        (f.writing(FOLDER), "a write is on the disk after 2.0 ms"),
        (f.writing(folder(exists=False)), "data does not exist yet; the first start makes it"),
        (f.free_disk(FOLDER), "50.0 GB free"),
        (f.free_disk(folder(free_files=None)), "50.0 GB free"),
        (f.sqlite((3, 40, 0), full_text=True), "3.40.0, with FTS5"),
        (f.database(None, "0002"), "there is none yet; the first start makes it"),
        (f.database(GOOD, "0002"), "whole, at revision 0002"),
        (f.database(GOOD, "0003"), "whole, at revision 0002; the next start brings it to 0003"),
        (f.database_server(Stored(), "0002"), "there is nothing of Havana's in it yet; the first start makes it"),
        (f.database_server(GOOD, "0003"), "at revision 0002; the next start brings it to 0003"),
        (f.redis("Valkey 9.1.2", None), "Valkey 9.1.2 passes messages on"),
        (f.clock(NOW, None, 0.0), "2026-03-01 12:00:00 UTC"),
        (f.clock(NOW, NOW + dt.timedelta(seconds=2), -1.9), "2026-03-01 12:00:00 UTC"),
        (f.server(is_served=True), "is running on this data"),
        (f.pages([]), "are built"),
        (f.model("builtin", None), "none: the built-in assistant quotes the articles"),
        (f.mail("mail.test:587", None), "mail.test:587 lets us in; try it with: havana mail test ADDRESS"),
        (f.model("openai:x", None), "openai:x answers"),
        (f.model("openai:x", None, limited=["demo"]), "openai:x answers"),
        (f.model("openai:x", None, has_price=False), "openai:x answers; its price is not known and counts as 0"),
    ],
)
def test_what_is_well_needs_no_advice(found: Finding, said: str):
    assert (found.level, found.text, found.advice) == ("ok", said, "")


@pytest.mark.parametrize(
    ("found", "said", "advice"),
    [
        (f.file_system(folder(file_system="9p")), "folder of another machine (9p)", "local disk"),
        (f.file_system(folder(file_system="tmpfs")), "in memory: it is gone when the machine restarts", "HAVANA_DATA"),
        (f.file_system(folder(file_system="overlay")), "gone when the container is replaced", "volume"),
        (f.writing(folder(sync_s=0.25)), "after 250.0 ms", "Every message waits that long"),
        (f.free_disk(folder(free=900_000_000)), "0.9 GB free", "Make room"),
        (f.free_disk(folder(free=5 * 10**9, database=6 * 10**9)), "the database has 6.0 GB", "Make room"),
        (f.clock(NOW, NOW, 3600.0), "jumped by 60 min while we looked", "in small steps"),
        (f.clock(NOW, NOW, 0.0, kept=False), "2026-03-01 12:00:00 UTC, and nothing keeps it right", "let NTP keep it"),
        (f.server(is_served=False), "none is running", "havana serve"),
        (
            f.model("openai:x", None, has_price=False, limited=["demo", "shop"]),
            "openai:x answers, but its price is not known: money_per_day of demo, shop does not limit it",
            "Set HAVANA_MODEL_PRICES=openai:x=INPUT/OUTPUT",
        ),
    ],
)
def test_what_may_go_wrong_later_is_a_warning(found: Finding, said: str, advice: str):
    assert found.level == "warning"
    assert said in found.text
    assert advice in found.advice


@pytest.mark.parametrize(
    ("found", "said", "advice"),
    [
        (f.file_system(folder(file_system="nfs4")), "data is on the network (nfs4)", "Use a local disk"),
        (f.file_system(folder(file_system="fuse.sshfs")), "on the network", "Use a local disk"),
        (f.writing(folder(error="Read-only file system")), "cannot be written to: Read-only", "server's user"),
        (f.free_disk(folder(free=99_000_000)), "99 MB free", "Make room"),
        (f.free_disk(folder(free_files=0)), "no more files can be made", "Remove"),
        (f.sqlite((3, 39, 4), full_text=True), "3.39.4", "needs 3.40.0 or newer"),
        (f.sqlite((3, 45, 1), full_text=False), "without FTS5", "another Python"),
        (f.database(Stored(error="file is not a database"), "0002"), "file is not a database", "havana restore"),
        (f.database(Stored(damage="Page 6: broken"), "0002"), "is damaged: Page 6", "havana restore"),
        (f.database(Stored(), "0002"), "not a database of Havana's", "--data"),
        (f.database(GOOD, "0001"), "newer release (revision 0002; this one knows up to 0001)", "Install that release"),
        (f.clock(NOW, NOW + dt.timedelta(days=1), 0.0), "is 24 h before the newest message", "Set the clock"),
        (f.clock(NOW, NOW + dt.timedelta(seconds=3), 0.0), "is 3 s before the newest message", "NTP"),
        (f.database_server(Stored(error="connection refused"), "0002"), "connection refused", "HAVANA_DATABASE_URL"),
        (f.redis(None, "no answer"), "no answer", "HAVANA_REDIS_URL"),
        (f.mail("mail.test:587", "does not let this user in (535)"), "this user in (535)", "HAVANA_SMTP_URL"),
        (f.mail("mail.test:587", None, ["HAVANA_MAIL_FROM"]), "HAVANA_MAIL_FROM not set", "from"),
        (f.pages(["console/index.html"]), "missing: console/index.html", "make build"),
        (f.model("openai:x", "HTTP 401 bad key"), "openai:x: HTTP 401 bad key", "OPENAI_API_KEY"),
    ],
)
def test_what_keeps_havana_from_working_is_a_problem_with_its_remedy(found: Finding, said: str, advice: str):
    assert found.level == "problem"
    assert said in found.text
    assert advice in found.advice
