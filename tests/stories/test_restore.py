"""A restored backup is older than what clients have seen: they are shown what is there now, not what they remember."""

import asyncio
import datetime as dt
from pathlib import Path

import pytest

from havana.storage.backup import backup, restore

from .house import Refused, a_house


async def test_a_client_that_is_ahead_of_a_restored_backup_gets_a_snapshot_of_it(tmp_path: Path):
    async with a_house(tmp_path / "data", model="builtin") as house:
        visitor = await house.visitor()
        said = await visitor.post("One")
        await visitor.sees_event("answer_finished")
        top = visitor.events(said["conversation"])[-1]["seq"]
        await asyncio.to_thread(backup, tmp_path / "data", tmp_path / "backup")
        await visitor.post("Two", said["conversation"])
        lost = await visitor.post("Three", said["conversation"])
        newcomer = await house.visitor()
        unknown = await newcomer.post("Only in what was replaced")

    restore(tmp_path / "backup", tmp_path / "data", dt.datetime.now(dt.UTC), force=True)

    async with a_house(tmp_path / "data", model="builtin") as house:
        again = await house.visitor(visitor.token)
        followed = await again.do("follow", conversation=said["conversation"], log=said["log"], seq=lost["seq"])
        # One who has seen no more than the backup cannot know that it is the same: the log has another name.
        level = await again.do("follow", conversation=said["conversation"], log=said["log"], seq=top)
        anew = await again.post("Two, once more", said["conversation"])
        newcomer = await house.visitor(newcomer.token)

        assert followed["mode"] == "snapshot"
        assert followed["log"] != said["log"]
        assert [event["seq"] for event in followed["events"]] == list(range(1, top + 1))
        assert [event["text"] for event in followed["events"] if event["author"]["role"] == "visitor"] == ["One"]
        assert level["mode"] == "snapshot"
        assert (anew["log"], anew["seq"]) == (followed["log"], top + 1)
        with pytest.raises(Refused, match="not_found"):
            await newcomer.do("follow", conversation=unknown["conversation"], log=unknown["log"], seq=1)
        assert (await newcomer.post("Hello again"))["seq"] == 1
