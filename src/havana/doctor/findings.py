"""What was measured on a machine, and what it means: one finding each, with what to do about it. Pure."""

import datetime as dt
from collections.abc import Sequence
from typing import Literal

import msgspec

Level = Literal["ok", "warning", "problem"]

OLDEST_SQLITE = (3, 40, 0)
FULL_BYTES, LOW_BYTES = 100_000_000, 1_000_000_000
SLOW_SYNC_S = 0.1
CLOCK_GRACE_S = 2.0
"""A clock may be set right by so much without anybody noticing."""
NETWORK = {
    *("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs", "lustre", "gpfs", "beegfs", "davfs"),
    *("fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.s3fs", "fuse.rclone", "fuse.gcsfuse", "fuse.davfs2"),
}
SHARED = {"9p", "virtiofs", "vboxsf", "drvfs", "prl_fs", "fakeowner", "fuse.grpcfuse", "fuse.vmhgfs-fuse"}
PASSING = {
    "tmpfs": "in memory: it is gone when the machine restarts",
    "ramfs": "in memory: it is gone when the machine restarts",
    "overlay": "inside a container: it is gone when the container is replaced",
}


class Finding(msgspec.Struct, frozen=True):
    """`advice` is what to do; there is none where all is well."""

    level: Level
    subject: str
    text: str
    advice: str = ""


class Folder(msgspec.Struct, frozen=True):
    """The data folder. `sync_s` is how long a small write took to reach the disk, `error` why it did not."""

    path: str
    exists: bool
    file_system: str | None
    free: int
    free_files: int | None
    database: int
    sync_s: float | None = None
    error: str | None = None


class Stored(msgspec.Struct, frozen=True):
    """The database. `error` is why it could not be read, `damage` what is wrong inside.

    `is_served` is known of one on a server; whether a data folder is served, its lock tells. `limited` are the keys of
    the sites that have a `money_per_day`.
    """

    error: str | None = None
    damage: str | None = None
    revision: str | None = None
    newest: dt.datetime | None = None
    is_served: bool = False
    limited: tuple[str, ...] = ()


def file_system(folder: Folder) -> Finding:
    subject = "file system"
    kind = folder.file_system
    if kind is None:
        return Finding("ok", subject, f"of an unknown kind at {folder.path}")
    if kind in NETWORK:
        return Finding(
            "problem",
            subject,
            f"{folder.path} is on the network ({kind})",
            "SQLite needs locks and shared memory that such file systems only pretend to have. Use a local disk.",
        )
    if kind in SHARED:
        return Finding(
            "warning",
            subject,
            f"{folder.path} is a folder of another machine ({kind})",
            "Syncing may be slow there, or not happen. For a server that matters use a local disk.",
        )
    if kind in PASSING:
        return Finding(
            "warning",
            subject,
            f"{folder.path} is {PASSING[kind]} ({kind})",
            "Point HAVANA_DATA, or a volume, to a disk that stays.",
        )
    return Finding("ok", subject, f"{kind} at {folder.path}")


def writing(folder: Folder) -> Finding:
    subject = "writing"
    if folder.error is not None:
        return Finding(
            "problem",
            subject,
            f"{folder.path} cannot be written to: {folder.error}",
            "Run this as the server's user, and give that user the folder.",
        )
    if not folder.exists:
        return Finding("ok", subject, f"{folder.path} does not exist yet; the first start makes it")
    spent = f"a write is on the disk after {1000 * (folder.sync_s or 0):.1f} ms"
    if folder.sync_s is not None and folder.sync_s > SLOW_SYNC_S:
        return Finding("warning", subject, spent, "Every message waits that long. A local SSD takes a few.")
    return Finding("ok", subject, spent)


def free_disk(folder: Folder) -> Finding:
    subject = "free disk"
    free = f"{folder.free / 1e9:.1f} GB free"
    if folder.free_files == 0:
        return Finding("problem", subject, f"{free}, but no more files can be made", "Remove small files there.")
    if folder.free < FULL_BYTES:
        return Finding(
            "problem", subject, f"{folder.free / 1e6:.0f} MB free", "On a full disk messages are refused. Make room."
        )
    if folder.free < max(LOW_BYTES, folder.database):
        return Finding(
            "warning",
            subject,
            f"{free}, the database has {folder.database / 1e9:.1f} GB",
            "Make room before it is full.",
        )
    return Finding("ok", subject, free)


def sqlite(version: tuple[int, ...], *, full_text: bool) -> Finding:
    subject, said = "SQLite", ".".join(map(str, version))
    if version < OLDEST_SQLITE:
        wanted = ".".join(map(str, OLDEST_SQLITE))
        return Finding("problem", subject, said, f"Havana needs {wanted} or newer: use a newer Python or system.")
    if not full_text:
        return Finding("problem", subject, f"{said}, without FTS5", "Articles are found with it: use another Python.")
    return Finding("ok", subject, f"{said}, with FTS5")


def database(stored: Stored | None, revision: str) -> Finding:
    """`stored` is None where there is none yet, `revision` the newest that this release knows."""
    subject = "database"
    if stored is None:
        return Finding("ok", subject, "there is none yet; the first start makes it")
    if stored.error is not None:
        return Finding("problem", subject, f"cannot be read: {stored.error}", _RESTORE)
    if stored.damage is not None:
        return Finding("problem", subject, f"is damaged: {stored.damage}", _RESTORE)
    if stored.revision is None:
        return Finding("problem", subject, "havana.db is not a database of Havana's", "Choose another --data.")
    if stored.revision > revision:
        return _newer(stored.revision, revision)
    if stored.revision < revision:
        return Finding("ok", subject, f"whole, at revision {stored.revision}; the next start brings it to {revision}")
    return Finding("ok", subject, f"whole, at revision {revision}")


def database_server(stored: Stored, revision: str) -> Finding:
    """The same of one on a PostgreSQL server, which looks after itself."""
    subject = "database"
    if stored.error is not None:
        return Finding("problem", subject, stored.error, "See HAVANA_DATABASE_URL, and whether the server runs.")
    if stored.revision is None:
        return Finding("ok", subject, "there is nothing of Havana's in it yet; the first start makes it")
    if stored.revision > revision:
        return _newer(stored.revision, revision)
    if stored.revision < revision:
        return Finding("ok", subject, f"at revision {stored.revision}; the next start brings it to {revision}")
    return Finding("ok", subject, f"at revision {revision}")


def redis(name: str | None, error: str | None) -> Finding:
    """What passes wake-ups on between several servers, by name and version."""
    subject = "redis"
    if error is None:
        return Finding("ok", subject, f"{name} passes messages on")
    advice = (
        "See HAVANA_REDIS_URL, and whether it runs. Until it does, what happens on one server shows later on others."
    )
    return Finding("problem", subject, error, advice)


def mail(server: str, error: str | None, missing: Sequence[str] = ()) -> Finding:
    """`server` is host and port; `missing` are settings without which no letter can be written."""
    subject = "mail"
    if error is not None:
        return Finding("problem", subject, error, "See HAVANA_SMTP_URL: host, port, user and password.")
    if missing:
        advice = "Every letter says whom it is from, and has a link to this server."
        return Finding("problem", subject, f"{' and '.join(missing)} not set", advice)
    return Finding("ok", subject, f"{server} lets us in; try it with: havana mail test ADDRESS")


def clock(now: dt.datetime, newest: dt.datetime | None, jumped_s: float, *, kept: bool | None = None) -> Finding:
    """`jumped_s` is how much further than the steady clock the clock of the day went while we looked.

    `kept`: whether the kernel knows of somebody who sets it; None where it does not tell.
    """
    subject = "clock"
    behind = (newest - now).total_seconds() if newest else 0.0
    if behind > CLOCK_GRACE_S:
        return Finding(
            "problem",
            subject,
            f"{now:%Y-%m-%d %H:%M:%S} UTC is {_span(behind)} before the newest message",
            "Set the clock, and let NTP keep it: reminders and sign-ins come too late.",
        )
    if abs(jumped_s) > CLOCK_GRACE_S:
        return Finding(
            "warning",
            subject,
            f"jumped by {_span(abs(jumped_s))} while we looked",
            "Let one program alone set it, in small steps (chrony, systemd-timesyncd).",
        )
    if kept is False:
        return Finding(
            "warning",
            subject,
            f"{now:%Y-%m-%d %H:%M:%S} UTC, and nothing keeps it right, says the kernel",
            "Compare it with another clock, and let NTP keep it (chrony, systemd-timesyncd), here or on the host.",
        )
    return Finding("ok", subject, f"{now:%Y-%m-%d %H:%M:%S} UTC")


def server(*, is_served: bool) -> Finding:
    if is_served:
        return Finding("ok", "server", "is running on this data")
    return Finding("warning", "server", "none is running on this data", "Start one with: havana serve")


def pages(missing: list[str]) -> Finding:
    if not missing:
        return Finding("ok", "pages", "are built")
    return Finding(
        "problem", "pages", f"missing: {', '.join(missing)}", "Run make build, or install the wheel, which has them."
    )


def model(name: str, error: str | None, *, has_price: bool = True, limited: Sequence[str] = ()) -> Finding:
    """`error` is why a small request failed; nothing is asked of the built-in one. `limited` are sites' keys."""
    if error is not None:
        return Finding(
            "problem",
            "model",
            f"{name}: {error}",
            "Until it answers, visitors are handed to people, or to the next model of HAVANA_MODEL. See there, and its "
            "provider's variables (OPENAI_API_KEY, OPENAI_BASE_URL …).",
        )
    if name == "builtin":
        return Finding("ok", "model", "none: the built-in assistant quotes the articles")
    if not has_price and limited:
        return Finding(
            "warning",
            "model",
            f"{name} answers, but its price is not known: money_per_day of {', '.join(limited)} does not limit it",
            f"Set HAVANA_MODEL_PRICES={name}=INPUT/OUTPUT, in dollars for a million tokens; 0/0 if it costs nothing.",
        )
    if not has_price:
        return Finding("ok", "model", f"{name} answers; its price is not known and counts as 0")
    return Finding("ok", "model", f"{name} answers")


_RESTORE = "Stop the server, then: havana restore FILE --force"


def _newer(found: str, known: str) -> Finding:
    return Finding(
        "problem",
        "database",
        f"is of a newer release (revision {found}; this one knows up to {known})",
        "Install that release, or restore a backup from before the upgrade.",
    )


def _span(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"
