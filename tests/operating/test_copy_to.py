"""`havana copy-to`: the move to PostgreSQL as whoever runs a server makes it."""

import asyncio
import re
import signal
import sys
from pathlib import Path

import asyncpg
import pytest
from tests.postgres import Server
from tests.stories.house import PASSWORD, a_house

from havana.cli import run

SHOWN = r"postgresql://havana@127\.0\.0\.1:\d+/test_\d+"


async def converse(data: Path) -> tuple[str, str]:
    """A server over the folder, a visitor who is answered, an agent; tells the visitor's token and conversation."""
    async with a_house(data) as house:
        visitor, ana = await house.visitor(), await house.agent("Ana")
        conversation = (await visitor.post("Do you weld?"))["conversation"]
        await visitor.sees_event("answer_finished")
        await ana.do("post", conversation=conversation, key="0" * 36, text="We do.")
        await visitor.sees_event("message_posted", text="We do.")
        return visitor.token, conversation


async def test_after_the_move_everybody_goes_on_where_they_were(
    tmp_path: Path, postgres_url: str, capsys: pytest.CaptureFixture[str]
):
    token, conversation = await converse(tmp_path)
    assert run(["copy-to", postgres_url, "--data", str(tmp_path)]) == 0
    said = capsys.readouterr()

    assert re.fullmatch(
        rf"Copied \d+ rows, 1 conversations among them, to {SHOWN}, and compared them all\.\n"
        rf"Next: set HAVANA_DATABASE_URL to this address and start the server\. Keep {tmp_path} until .*\n",
        said.out,
    )
    assert re.match(r"Copying: \d+ of \d+ rows\n(.*\n)*Comparing: (\d+) of \2 rows\n$", said.err)
    assert "secret" not in said.out + said.err
    async with a_house(tmp_path, database_url=postgres_url) as house:
        visitor, ana = await house.visitor(token), await house.agent("Ana")
        followed = await visitor.do("follow", conversation=conversation)
        top = followed["events"][-1]
        assert (top["text"], top["seq"]) == ("We do.", followed["top"])
        assert (await visitor.post("Thank you", conversation))["seq"] == followed["top"] + 1
        assert (await ana.do("follow", conversation=conversation))["state"]["control"] == "human"
        assert (
            await house.http.post("/api/session", json={"email": "ana@example.com", "password": PASSWORD})
        ).status_code == 200


async def test_a_running_server_is_to_be_stopped_first(
    tmp_path: Path, postgres_url: str, capsys: pytest.CaptureFixture[str]
):
    async with a_house(tmp_path):
        assert run(["copy-to", postgres_url, "--data", str(tmp_path)]) == 1
        assert capsys.readouterr().err == (
            f"havana: A havana serve is using {tmp_path}. Stop it first: what it stores meanwhile would stay behind.\n"
        )


def test_the_address_may_come_from_the_settings_where_nobody_else_can_read_it(
    tmp_path: Path, postgres_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    assert run(["migrate"]) == 0
    monkeypatch.setenv("HAVANA_DATABASE_URL", postgres_url)
    assert run(["copy-to"]) == 0
    assert "Copied 0 rows" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "Say where to copy to: havana copy-to postgresql://USER@HOST/NAME, or set HAVANA_DATABASE_URL."),
        (
            ["mysql://ana:hush@db/x"],
            2,
            "HAVANA_DATABASE_URL must be an address like postgresql://USER:PASSWORD@HOST/NAME.",
        ),
        (["postgresql://ana:hu/sh@db/x"], 2, "HAVANA_DATABASE_URL must be an address like postgresql://USER:PASSWORD@"),
        (["postgresql://ana:hush@127.0.0.1:1/x"], 1, "postgresql://ana@127.0.0.1:1/x cannot be used: "),
    ],
)
def test_a_wrong_address_is_one_line_without_its_password(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
    said: str,
):
    monkeypatch.chdir(tmp_path)
    assert run(["migrate"]) == 0
    capsys.readouterr()

    assert run(["copy-to", *arguments]) == code
    err = capsys.readouterr().err
    assert err.startswith(f"havana: {said}")
    assert err.count("\n") == 1
    assert "hu" not in err


def test_where_there_is_nothing_to_copy_nothing_is_made(
    tmp_path: Path, postgres_url: str, capsys: pytest.CaptureFixture[str]
):
    assert run(["copy-to", postgres_url, "--data", str(tmp_path / "nowhere")]) == 1
    assert capsys.readouterr().err.startswith(f"havana: There is no database in {tmp_path}/nowhere.")
    assert list(tmp_path.iterdir()) == []


async def test_who_interrupts_it_finds_both_databases_as_they_were(
    tmp_path: Path, postgres_server: Server, postgres_url: str
):
    await converse(tmp_path)
    # The events must wait for somebody: by then what comes before them is there.
    postgres_server.sql(
        "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NEW; END $$;"
        "CREATE TRIGGER wait BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION wait();",
        postgres_url,
    )
    gate = await asyncpg.connect(postgres_url)
    await gate.execute("SELECT pg_advisory_lock(7)")
    waiting = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 7 AND NOT granted"
    # Whoever starts the tests in the background has them ignore it, and so would this command.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    command = [sys.executable, "-m", "havana.cli", "copy-to", postgres_url, "--data", str(tmp_path)]
    copying = await asyncio.create_subprocess_exec(*command)
    try:
        while not postgres_server.sql(waiting, postgres_url):
            assert copying.returncode is None
            await asyncio.sleep(0.05)
        copying.send_signal(signal.SIGINT)
        async with asyncio.timeout(60):
            assert await copying.wait() == 130
        counts = postgres_server.sql("SELECT FROM visitors UNION ALL SELECT FROM sites", postgres_url)
    finally:
        signal.signal(signal.SIGINT, before)
        if copying.returncode is None:
            copying.kill()
            await copying.wait()
        await gate.close()
        postgres_server.sql("DROP FUNCTION wait CASCADE;", postgres_url)

    assert counts == []
    async with a_house(tmp_path) as house:
        assert (await house.http.get("/readyz")).status_code == 200
