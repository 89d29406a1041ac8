"""Conversations that are given to somebody by themselves: who is here, who is free, and who answers."""

from typing import Any

import msgspec
import pytest

from havana.assigning import AGAIN_S, Assigning
from havana.chat import events as e
from havana.chat.consequences import EVERYBODY
from havana.chat.people import Agent, TeamName
from havana.duty import Duty
from havana.storage import jobs, people, sites, staff, teams
from havana.storage.database import Connection
from havana.storage.jobs import Job

from .conftest import Office

SALES = TeamName("sales", "Sales")
JOB = Job("j", "assign", EVERYBODY, 0, 1, 0)


class House:
    """A team of Ana and Ben, both here; Cleo is here, and in no team."""

    def __init__(self, office: Office, hired: dict[str, Agent]) -> None:
        self.office = office
        self.ana, self.ben, self.cleo = hired["Ana"], hired["Ben"], hired["Cleo"]
        self.duty = Duty(office.clock)
        for agent in hired.values():
            self.duty.arrived(agent.id)
        self.assigning = self.on(office.desk)

    def on(self, desk: Any) -> Assigning:
        office = self.office
        return Assigning(desk, self.duty, office.worker, office.database, office.clock)

    async def waits(self, team: TeamName | None = SALES) -> str:
        visitor = self.office.visitor()
        begun = await self.office.posts(visitor)
        await self.office.desk.perform(begun.fold.id, lambda c: c.request_human(visitor, on_duty=True))
        if team is not None:
            await self.office.desk.perform(begun.fold.id, lambda c: c.route(self.cleo, team, on_duty=True))
        return begun.fold.id

    async def assigns(self) -> None:
        await self.assigning.assign(JOB)

    async def looks_back(self, chat: str) -> None:
        since = (await self.office.stored(chat)).since
        await self.assigning.look_back(Job("j", "assigned", chat, since, 1, 0))

    async def holder(self, chat: str) -> str | None:
        fold = await self.office.stored(chat)
        return fold.agent.name if fold.agent else None

    async def wanted(self, kind: str) -> float | None:
        """In how many seconds a job is to be done, if there is one."""

        def read(conn: Connection) -> float | None:
            at = jobs.next_run_at(conn, [kind])
            return None if at is None else (at - self.office.clock()).total_seconds()

        return await self.office.database.read(read)


@pytest.fixture
async def house(office: Office) -> House:
    def fill(conn: Connection) -> dict[str, Agent]:
        hired = {
            name: staff.add_agent(conn, f"{name}@example.com", name, "agent", now=office.clock())
            for name in ("Ana", "Ben", "Cleo")
        }
        chosen = teams.Chosen("Sales", (hired["Ana"].id, hired["Ben"].id), "least_busy")
        teams.save(conn, "sales", chosen, agent=hired["Cleo"].id, now=office.clock(), version=None)
        return hired

    return House(office, await office.database.write(fill))


async def test_those_who_wait_for_the_team_are_given_to_its_people_one_after_the_other(house: House):
    chats = [await house.waits() for _ in range(4)]
    elsewhere = await house.waits(None)
    await house.assigns()

    holders = [await house.holder(chat) for chat in chats]
    assert sorted(holders) == ["Ana", "Ana", "Ben", "Ben"]
    assert holders[0] != holders[1]
    assert await house.holder(elsewhere) is None
    claimed = (await house.office.log(chats[0]))[-2]
    assert claimed.fact.assigned == e.Assignment("least_busy", 180, SALES)


async def test_only_who_is_on_duty_and_has_room_gets_one_and_the_others_wait(house: House):
    house.duty.away(frozenset({house.ana.id}))
    chats = [await house.waits() for _ in range(6)]
    await house.assigns()

    assert [await house.holder(chat) for chat in chats] == ["Ben"] * 4 + [None] * 2
    assert await house.wanted("assign") == pytest.approx(AGAIN_S, abs=1)
    house.duty.away(frozenset())
    await house.assigns()
    assert [await house.holder(chat) for chat in chats] == ["Ben"] * 4 + ["Ana"] * 2


async def test_how_much_room_somebody_has_an_admin_may_say(house: House):
    await house.office.database.write(lambda conn: people.set_capacity(conn, house.ben.id, 1))
    await house.office.database.write(lambda conn: people.set_capacity(conn, house.ana.id, 0))
    chats = [await house.waits() for _ in range(2)]
    await house.assigns()

    assert [await house.holder(chat) for chat in chats] == ["Ben", None]


async def test_who_does_not_answer_in_time_is_passed_over_and_nobody_gets_it_twice(house: House):
    chat = await house.waits()
    seen = []
    for _ in range(2):
        await house.assigns()
        seen.append(await house.holder(chat))
        assert await house.wanted("assigned") == pytest.approx(180, abs=1)
        await house.looks_back(chat)
        fold = await house.office.stored(chat)
        assert (fold.control, fold.team) == ("pending", SALES)
    await house.assigns()

    assert sorted(seen) == ["Ana", "Ben"]
    assert await house.holder(chat) is None
    assert (await house.office.kinds(chat)).count("claimed") == 2


async def test_where_a_site_says_so_who_waits_for_no_team_is_given_to_anybody(house: House):
    site = msgspec.structs.replace(house.office.site, assign="round_robin", answer_within_s=60)
    await house.office.database.write(lambda conn: sites.store(conn, site, house.office.clock()))
    house.office.clock.advance(seconds=2)
    chats = [await house.waits(None) for _ in range(3)]
    await house.assigns()

    assert {await house.holder(chat) for chat in chats} == {"Ana", "Ben", "Cleo"}
    claimed = (await house.office.log(chats[0]))[-2]
    assert claimed.fact.assigned == e.Assignment("round_robin", 60)


async def test_who_answers_keeps_it(house: House):
    chat = await house.waits()
    await house.assigns()
    fold = await house.office.stored(chat)
    holder = house.ana if fold.agent == house.ana.person else house.ben
    await house.office.desk.perform(chat, lambda c: c.reply(holder, "Hello", "key-0009"))
    await house.looks_back(chat)

    assert (await house.office.stored(chat)).agent == holder.person


async def test_two_nodes_that_look_at_once_give_it_to_one(house: House):
    chat = await house.waits()
    second = house.on(house.office.another_desk())
    rule = await house.assigning._rule(await house.office.stored(chat))
    fold = await house.office.stored(chat)
    assert rule
    # Both have read that it waits; each would give it to somebody else.
    await house.assigning._give(fold, rule)
    await second._give(fold, rule)

    assert (await house.office.kinds(chat)).count("claimed") == 1


async def test_a_team_that_is_gone_or_has_it_off_gives_nothing(house: House):
    chat = await house.waits()
    [team] = await house.office.database.read(teams.every)
    off = teams.Chosen("Sales", team.members)
    saved = await house.office.database.write(
        lambda conn: teams.save(conn, "sales", off, agent="a", now=house.office.clock(), version=team.version)
    )
    await house.assigns()
    assert await house.holder(chat) is None
    await house.office.database.write(lambda conn: teams.remove(conn, "sales", saved.version))
    await house.assigns()

    assert await house.holder(chat) is None
