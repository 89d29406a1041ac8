"""Who waits for one of few connections gets it in turn, or is told at once that there is no server."""

import asyncio

import pytest

from havana.storage.turns import Turns

PATIENCE_S = 20


class Work:
    """Uses a turn until it is told how to end."""

    def __init__(self, turns: Turns, had: list[int], number: int) -> None:
        self.ends = asyncio.get_running_loop().create_future()
        self.task = asyncio.create_task(self._run(turns, had, number))

    async def _run(self, turns: Turns, had: list[int], number: int) -> None:
        async with turns:
            had.append(number)
            await self.ends


async def begun(turns: Turns, had: list[int], count: int) -> list[Work]:
    works = [Work(turns, had, number) for number in range(count)]
    await asyncio.sleep(0)
    return works


async def until(had: list[int], count: int) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while len(had) < count:
            await asyncio.sleep(0)


async def test_never_more_than_allowed_and_each_in_turn():
    had: list[int] = []
    works = await begun(Turns(2), had, 5)
    for done, work in enumerate(works):
        await until(had, min(done + 2, 5))
        assert had == list(range(min(done + 2, 5)))
        work.ends.set_result(None)
    await asyncio.gather(*(work.task for work in works))


async def test_when_the_server_is_lost_all_who_wait_are_told_and_who_comes_then_is_not_kept_waiting():
    had: list[int] = []
    turns = Turns(1)
    first, *waiting = await begun(turns, had, 4)
    first.ends.set_exception(TimeoutError())
    told = await asyncio.gather(*(work.task for work in waiting), return_exceptions=True)

    assert [type(error) for error in told] == [ConnectionError] * 3
    with pytest.raises(TimeoutError):
        await first.task
    later = await begun(turns, had, 1)
    await until(had, 2)
    later[0].ends.set_result(None)
    await later[0].task


async def test_who_waited_too_long_for_an_answer_is_alone_with_it_while_others_get_theirs():
    had: list[int] = []
    first, second, *waiting = await begun(Turns(2), had, 4)
    first.ends.set_result(None)
    await first.task
    second.ends.set_exception(TimeoutError())
    with pytest.raises(TimeoutError):
        await second.task
    for work in waiting:
        work.ends.set_result(None)

    await asyncio.gather(*(work.task for work in waiting))
    assert had == [0, 1, 2, 3]


async def test_an_error_of_ones_own_is_nobody_elses():
    had: list[int] = []
    first, second = await begun(Turns(1), had, 2)
    first.ends.set_exception(ZeroDivisionError())
    second.ends.set_result(None)

    await second.task
    with pytest.raises(ZeroDivisionError):
        await first.task


async def test_who_leaves_while_waiting_or_in_the_moment_of_their_turn_takes_no_turn_along():
    had: list[int] = []
    turns = Turns(1)
    async with turns:
        waits, gets, stays = await begun(turns, had, 3)
        waits.task.cancel()
    # The turn is theirs, and they have not yet heard of it.
    gets.task.cancel()
    stays.ends.set_result(None)

    async with asyncio.timeout(PATIENCE_S):
        await stays.task
    assert (waits.task.cancelled(), gets.task.cancelled(), had) == (True, True, [2])
