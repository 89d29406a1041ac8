"""Who is away is stored, and known to every node before anybody is promised anything."""

import datetime as dt
from collections.abc import AsyncIterator, Callable

import pytest
from tests.bus.hearing import until

from havana.availability import Availability
from havana.bus import PEOPLE, AgentChanged, Message
from havana.bus.memory import MemoryBus
from havana.chat.errors import Busy, NotFound
from havana.chat.people import Agent
from havana.duty import Duty
from havana.storage import profiles, staff

from .conftest import Office

Node = Callable[..., tuple[Duty, Availability]]


@pytest.fixture
async def node(office: Office) -> AsyncIterator[Node]:
    """Makes nodes over the same database, on one bus unless they are given another; all of them stop in the end."""
    made: list[Availability] = []

    def make(bus: MemoryBus | None = None) -> tuple[Duty, Availability]:
        duty = Duty(office.clock)
        made.append(Availability(office.database, bus or office.bus, duty, office.clock))
        return duty, made[-1]

    yield make
    for availability in made:
        await availability.stop()


@pytest.fixture
def ana(office: Office) -> Agent:
    return office.database.write_now(
        lambda conn: staff.add_agent(conn, "ana@example.com", "Ana", "agent", password_hash=None, now=office.clock())
    )


async def test_whoever_goes_away_is_off_duty_on_every_node_and_back_when_they_say_so(
    office: Office, node: Node, ana: Agent
):
    (duty, here), (elsewhere, there) = node(), node()
    heard: list[Message] = []
    for one in (here, there):
        await one.start()
    office.bus.subscribe(PEOPLE, heard.append)
    duty.arrived(ana.id)
    elsewhere.arrived(ana.id)
    await here.set(ana.id, away=True, by=ana)
    assert not duty.anybody()
    await until(lambda: not elsewhere.anybody())
    await there.set(ana.id, away=False, by=ana)
    assert elsewhere.anybody()
    await until(duty.anybody)

    assert heard == [AgentChanged(ana.id, "Ana", away=True), AgentChanged(ana.id, "Ana", away=False)]


async def test_it_outlives_the_server_and_what_the_bus_lost_is_found(node: Node, ana: Agent):
    duty, availability = node(MemoryBus())
    await availability.start()
    duty.arrived(ana.id)
    await node()[1].set(ana.id, away=True, by=ana)
    assert duty.anybody()
    availability.look_soon()
    await until(lambda: not duty.anybody())

    restarted, after = node()
    await after.start()
    restarted.arrived(ana.id)
    assert not restarted.anybody()


async def test_going_away_twice_changes_nothing_and_a_look_that_fails_is_made_up_for(
    node: Node, ana: Agent, monkeypatch: pytest.MonkeyPatch
):
    duty, availability = node()
    await availability.start()
    duty.arrived(ana.id)
    assert (await availability.set(ana.id, away=True, by=ana)).away
    # The look for what was just said is over, or it would see what comes below.
    await until(lambda: availability._looking is None)

    def busy(_conn: object) -> frozenset[str]:
        raise Busy("Not now.", retry_ms=1)

    with monkeypatch.context() as broken:
        broken.setattr(profiles, "away", busy)
        assert not (await availability.set(ana.id, away=False, by=ana)).away
        assert (await availability.set(ana.id, away=True, by=ana)).away
        assert not (await availability.set(ana.id, away=False, by=ana)).away
    assert not duty.anybody()
    await until(lambda: availability.look_soon() or duty.anybody())


async def test_nobody_can_send_away_who_is_not_there(office: Office, node: Node, ana: Agent):
    _, availability = node()
    office.database.write_now(lambda conn: staff.remove_agent(conn, ana.id, dt.datetime.now(dt.UTC)))

    for nobody in (ana.id, "nobody"):
        with pytest.raises(NotFound):
            await availability.set(nobody, away=True, by=ana)
