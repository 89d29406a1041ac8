"""A real PgBouncer in transaction mode before the tests' PostgreSQL: any transaction may get another connection."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.ports import free_port, listens_soon

ROOT = Path(__file__).resolve().parent.parent
CONNECTIONS = 4
"""Fewer than one node asks for, so that nobody keeps one."""


@contextmanager
def pooler_to(url: str) -> Iterator[str]:
    """The address of the same database behind a pooler."""
    found = subprocess.run([ROOT / "scripts" / "find-packaged", "pgbouncer"], check=True, stdout=subprocess.PIPE)
    server, port = urlsplit(url), free_port()
    folder = Path(tempfile.mkdtemp(prefix="havana-pgbouncer-"))
    (folder / "users").write_text('"havana" "secret"\n')
    (folder / "pgbouncer.ini").write_text(
        f"""
        [databases]
        * = host=127.0.0.1 port={server.port}
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = {port}
        unix_socket_dir =
        auth_type = trust
        auth_file = {folder}/users
        pool_mode = transaction
        default_pool_size = {CONNECTIONS}
        max_client_conn = 100
        server_reset_query_always = 1
        """.replace("        ", "")
    )
    command = [found.stdout.decode().strip(), "--quiet", folder / "pgbouncer.ini"]
    # It refuses to be run by root.
    user = pwd.getpwnam("nobody").pw_name if os.getuid() == 0 else None
    if user is not None:
        shutil.chown(folder, user)
    process = subprocess.Popen(command, user=user, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert listens_soon(port, process), "PgBouncer does not start"
        yield url.replace(f":{server.port}/", f":{port}/")
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)
