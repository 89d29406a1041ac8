"""A visitor who waits cannot be missed: title, icon, sound and desktop; except by sound in the quiet hours."""

import asyncio
import datetime as dt
import re
from zoneinfo import ZoneInfo

from playwright.async_api import Route, expect
from tests.stories.house import PATIENCE_S

from .console import Console
from .stage import BROWSER, Stage
from .test_visitor import held_until

pytestmark = BROWSER

# A browser without a head has neither loudspeakers nor a desktop: what would be heard and shown is written down.
WRITE_DOWN = """() => {
  window.rang = 0;
  const create = AudioContext.prototype.createOscillator;
  AudioContext.prototype.createOscillator = function () {
    window.rang += 1;
    return create.call(this);
  };
  window.shown = [];
  document.hasFocus = () => false;
  window.Notification = class {
    static permission = sessionStorage.getItem("allowed") ?? "default";
    static async requestPermission() {
      sessionStorage.setItem("allowed", "granted");
      return (this.permission = "granted");
    }
    constructor(title, { body, tag }) {
      Object.assign(this, { title, body, tag, open: true });
      window.shown.push(this);
    }
    close() { this.open = false; }
  };
}"""
ICON = "document.querySelector('link[rel=icon]').href"
SHOWN = "window.shown.filter(({ open }) => open).map(({ title, body }) => `${title}: ${body}`)"
ZONE = "Europe/Berlin"


async def listening(stage: Stage, name: str) -> Console:
    """An agent at a console that writes down what would be heard and shown."""
    agent = await stage.agent(name, timezone_id=ZONE)
    await agent.page.context.add_init_script(f"({WRITE_DOWN})()")
    await agent.page.reload()
    return agent


async def opens_notifications(agent: Console) -> None:
    await agent.page.goto(agent.page.url.split("/console")[0] + "/console/settings/notifications")
    await agent.page.get_by_role("heading", name="Notifications", exact=True).click()


async def rings(agent: Console, times: int) -> None:
    await agent.page.wait_for_function("(times) => window.rang >= times", arg=times)


async def test_who_waits_rings_stands_in_the_icon_and_on_the_desktop_until_somebody_claims(stage: Stage):
    ana = await listening(stage, "Ana")
    await opens_notifications(ana)
    await ana.page.get_by_role("button", name="Allow in this browser").click()
    await expect(ana.page.get_by_role("switch", name="Desktop notifications")).to_be_checked()
    plain = await ana.page.evaluate(ICON)
    visitor = await stage.house.visitor()
    await visitor.post("Is somebody there?")
    await visitor.sees_event("answer_finished")
    await visitor.do("request_human")
    await expect(ana.page).to_have_title("(1) Waiting · Havana")
    await ana.page.wait_for_function("window.shown.length === 1")
    await rings(ana, 2)
    assert await ana.page.evaluate(ICON) != plain
    [told] = await ana.page.evaluate(SHOWN)
    assert re.fullmatch(r"\w+ \w+ is waiting: .+", told)
    await ana.page.evaluate("document.hasFocus = () => true; window.shown[0].onclick()")
    await expect(ana.thread).to_be_visible()
    await ana.does("Take over")
    await expect(ana.page).to_have_title("Havana")

    assert await ana.page.evaluate(SHOWN) == []
    assert await ana.page.evaluate(ICON) == plain


async def test_a_visitor_of_ones_own_who_writes_is_told_once_until_it_is_read(stage: Stage):
    ana = await listening(stage, "Ana")
    await opens_notifications(ana)
    await ana.page.get_by_role("button", name="Allow in this browser").click()
    await expect(ana.page.get_by_role("switch", name="Desktop notifications")).to_be_checked()
    visitor = await stage.house.visitor()
    conversation = (await visitor.do("request_human"))["conversation"]
    await ana.place("Inbox").click()
    await ana.opens(ana.row_of(conversation))
    await ana.does("Take over")
    await expect(ana.header).to_contain_text("You are in charge")
    await expect(ana.page).to_have_title("Havana")
    await ana.place("Knowledge").click()
    await ana.page.evaluate("window.rang = 0")

    await visitor.post("There is one more thing", conversation)
    await expect(ana.page).to_have_title("(1) Unread · Havana")
    await expect(ana.place("Inbox")).to_contain_text("1 of yours unread")
    await rings(ana, 2)
    [told] = await ana.page.evaluate(SHOWN)
    assert re.fullmatch(r"\w+ \w+ has written to you: There is one more thing", told)

    await ana.page.evaluate("document.hasFocus = () => true; window.shown.at(-1).onclick()")
    await expect(ana.thread).to_be_visible()
    await expect(ana.page).to_have_title("Havana")
    assert await ana.page.evaluate(SHOWN) == []


async def test_in_the_quiet_hours_title_and_icon_tell_it_and_nothing_is_heard_or_shown(stage: Stage):
    ana = await listening(stage, "Ana")
    await opens_notifications(ana)
    await ana.page.get_by_role("button", name="Allow in this browser").click()
    await ana.page.get_by_role("switch", name="Quiet hours").click()
    now = dt.datetime.now(ZoneInfo(ZONE))
    for label, hours in (("From", -2), ("Until", 2)):
        await ana.page.get_by_label(label).fill(f"{now + dt.timedelta(hours=hours):%H:%M}")
    await expect(ana.page.get_by_text("Saved. It holds on all your machines.")).to_be_visible()
    plain = await ana.page.evaluate(ICON)
    await (await stage.house.visitor()).do("request_human")
    await expect(ana.page).to_have_title("(1) Waiting · Havana")
    assert await ana.page.evaluate(ICON) != plain
    assert await ana.page.evaluate("window.rang") == 0
    assert await ana.page.evaluate("window.shown.length") == 0

    await ana.page.get_by_role("switch", name="Quiet hours").click()
    await (await stage.house.visitor()).do("request_human")
    await rings(ana, 2)
    await ana.page.wait_for_function("window.shown.length === 1")


async def test_what_was_chosen_is_played_and_there_on_another_machine(stage: Stage):
    ana = await listening(stage, "Ana")
    await opens_notifications(ana)
    await ana.page.get_by_label("Which sound").select_option("Bell")
    await ana.page.get_by_label("Volume").press("Home")
    await ana.page.get_by_role("button", name="Play").click()
    await rings(ana, 3)
    await expect(ana.page.get_by_text("Saved. It holds on all your machines.")).to_be_visible()
    elsewhere = await stage.agent("Ana")
    await opens_notifications(elsewhere)
    await expect(elsewhere.page.get_by_label("Which sound")).to_have_value("bell")
    await expect(elsewhere.page.get_by_label("Volume")).to_have_value("5")
    await elsewhere.page.get_by_role("switch", name="Sound").click()
    await expect(elsewhere.page.get_by_role("button", name="Play")).to_have_count(0)
    await ana.page.reload()

    await expect(ana.page.get_by_role("switch", name="Sound")).not_to_be_checked()


async def test_what_is_chosen_while_the_server_tells_what_was_before_stays_chosen(stage: Stage):
    """After each connection the page asks anew; the answer may have been made before the choice and come after it."""
    ana = await stage.agent("Ana")
    connects, asked, chosen, asked_again = (asyncio.Event() for _ in range(4))

    async def tell(route: Route) -> None:
        answer = await route.fetch()
        if asked.is_set():
            asked_again.set()
        elif connects.is_set():
            asked.set()
            await chosen.wait()
        await route.fulfill(response=answer)

    await ana.page.route("**/api/live-token", lambda route: held_until(connects, route))
    await ana.page.route("**/api/profile", tell)
    await opens_notifications(ana)
    sound = ana.page.get_by_label("Which sound")
    await expect(sound).to_have_value("chime")
    connects.set()
    async with asyncio.timeout(PATIENCE_S):
        await asked.wait()
    await sound.select_option("Bell")
    await expect(ana.page.get_by_text("Saved. It holds on all your machines.")).to_be_visible()
    chosen.set()

    async with asyncio.timeout(PATIENCE_S):
        await asked_again.wait()
    await expect(sound).to_have_value("bell")


async def test_another_name_is_what_visitors_and_colleagues_see_from_then_on(stage: Stage):
    ana, ben = await stage.agent("Ana"), await stage.agent("Ben")
    visitor = await stage.visitor()
    await visitor.person_button.click()
    await ben.opens(ben.row())
    await ben.does("Take over")
    await ben.says("Hello")
    await expect(visitor.said_by("Ben")).to_contain_text("Hello")
    await visitor.says("Good morning")
    await ben.page.get_by_role("button", name="Account of Ben").click()
    await ben.page.get_by_role("menuitem", name="Profile and notifications").click()
    await ben.page.get_by_label("Name").fill("Benedict")
    await ben.page.get_by_role("button", name="Save").click()
    await expect(ben.page.get_by_role("button", name="Account of Benedict")).to_be_visible()
    await ben.place("Inbox").click()
    await ben.opens(ben.row())
    await ben.says("And again")
    await expect(visitor.said_by("Benedict")).to_contain_text("And again")
    await expect(visitor.said_by("Ben")).to_contain_text("Hello")
    await ana.opens(ana.row())

    await expect(ana.header.get_by_role("status")).to_have_text("Benedict is looking.")


async def test_a_new_password_signs_out_everywhere_else(stage: Stage):
    here, there = await stage.agent("Ana"), await stage.agent("Ana")
    await here.page.goto(stage.url + "/console/settings/profile")
    change = here.page.get_by_role("button", name="Change password")
    await here.page.get_by_label("Current password").fill("not this one")
    await here.page.get_by_label("New password").fill("a much better horse")
    await change.click()
    await expect(here.page.get_by_role("alert")).to_have_text("The current password is not right.")
    await here.page.get_by_label("Current password").fill("correct horse battery")
    await change.click()
    await expect(here.page.get_by_text("Your password is changed.")).to_be_visible()
    await expect(there.page.get_by_role("heading", name="Sign in")).to_be_visible()

    await expect(here.page.get_by_role("button", name="Account of Ana")).to_be_visible()
