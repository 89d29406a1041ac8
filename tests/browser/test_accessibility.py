"""Every page in its states, examined by axe for WCAG 2.2 AA, in light and dark."""

from playwright.async_api import expect

from .axe import is_accessible
from .stage import BROWSER, Stage
from .test_search import is_indexed

pytestmark = BROWSER


async def test_the_visitors_page(stage: Stage):
    visitor = await stage.visitor()
    await expect(visitor.page.get_by_role("button", name="How do I apply?")).to_be_visible()
    await is_accessible(visitor, "empty")
    await visitor.says("How much does the welding program cost?")
    await visitor.has_finished_answer()
    await expect(visitor.log.get_by_role("group", name="Sources")).to_be_visible()
    await visitor.call_button.click()
    await expect(visitor.log.get_by_role("link", name="Open the calendar")).to_be_visible()
    await visitor.person_button.click()
    await visitor.log.get_by_role("button", name="Leave name and e-mail").click()
    await expect(visitor.log.get_by_role("form")).to_be_visible()
    await is_accessible(visitor, "waiting, with the form open")


async def test_the_door(stage: Stage):
    door = await stage.console(await stage.context())
    await expect(door.page.get_by_role("button", name="Sign in")).to_be_visible()
    await is_accessible(door, "the door")


async def test_the_inbox_and_a_conversation(stage: Stage):
    ana = await stage.agent("Ana", role="admin")
    await expect(ana.list.get_by_text("No open conversations")).to_be_visible()
    await is_accessible(ana, "nothing there")
    visitor = await stage.house.visitor()
    chat = (await visitor.post("How much does the welding program cost?"))["conversation"]
    await visitor.sees_event("answer_finished")
    await (await stage.house.visitor()).post("Hello")
    await visitor.do("request_human", conversation=chat)
    await ana.opens(ana.row_of(chat))
    await expect(ana.log.get_by_text("Summary for the team")).to_be_visible()
    await is_accessible(ana, "somebody waits")
    await ana.does("Take over")
    await ana.says("A **reply**, with a [link](https://example.com) and `code`")
    await ana.action("Note").click()
    await ana.says("A note")
    await expect(ana.log.get_by_text("A note", exact=True)).to_be_visible()
    ben = await stage.agent("Ben")
    await ben.opens(ben.row_of(chat))
    await ben.action("Note").click()
    await ben.field.fill("Known")
    await expect(ana.header.get_by_role("status")).to_have_text("Ben is writing a note.")
    await is_accessible(ana, "in charge, with a colleague who writes")
    await ana.action("More actions").click()
    await expect(ana.page.get_by_role("menu")).to_be_visible()
    await is_accessible(ana, "a menu is open")
    await ana.page.keyboard.press("Escape")
    await ana.list.get_by_role("button", name="Filter", exact=True).click()
    await expect(ana.page.get_by_role("dialog", name="Filter").get_by_label("In charge")).to_be_visible()
    await is_accessible(ana, "the filter is open")


async def test_what_is_around_the_inbox(stage: Stage):
    ana = await stage.agent("Ana", role="admin")
    visitor = await stage.house.visitor()
    await visitor.post("Do you sell pizza?")
    await visitor.sees_event("answer_finished")
    await ana.place("Knowledge").click()
    await expect(ana.page.get_by_role("article")).to_contain_text("pizza")
    await is_accessible(ana, "a question is open")
    await ana.page.get_by_role("button", name="Write the answer").click()
    await expect(ana.page.get_by_label("Title")).to_be_visible()
    await is_accessible(ana, "an article is written")
    await ana.page.get_by_role("link", name="Articles").click()
    await expect(ana.page.get_by_role("button", name="Write an article")).to_be_visible()
    await is_accessible(ana, "no article")
    await ana.place("Settings").click()
    await expect(ana.page.get_by_role("heading", name="People")).to_be_visible()
    await is_accessible(ana, "the people")
    await ana.page.get_by_role("button", name="Set as away: Ana").click()
    await expect(ana.page.get_by_text("You are away")).to_be_visible()
    await ana.page.get_by_role("link", name="Profile").click()
    await expect(ana.page.get_by_label("New password")).to_be_visible()
    await is_accessible(ana, "the profile, away")
    await ana.page.get_by_role("link", name="Notifications").click()
    await ana.page.get_by_role("switch", name="Quiet hours").click()
    await expect(ana.page.get_by_label("Time zone")).to_be_visible()
    await is_accessible(ana, "the notifications, with quiet hours")


async def test_websites(stage: Stage):
    ana = await stage.agent("Ana", role="admin")
    await ana.page.goto(f"{stage.url}/console/settings/sites")
    await ana.page.get_by_role("button", name="Add a website").click()
    await is_accessible(ana, "a website is added")
    await ana.page.get_by_role("link", name="Havana Tech").click()
    await ana.page.get_by_role("button", name="Add hours on Monday").click()
    await ana.page.get_by_text("When somebody waits").click()
    await ana.page.get_by_label("Booking link").fill("the-shop")
    await ana.page.get_by_role("button", name="Save").click()
    await expect(ana.page.get_by_text("One field is not right")).to_be_visible()
    await is_accessible(ana, "a website, with a problem")


async def test_people_and_changes(stage: Stage):
    ana = await stage.agent("Ana", role="admin")
    await ana.page.goto(f"{stage.url}/console/settings/changes")
    await expect(ana.page.get_by_text("Nothing was changed yet")).to_be_visible()
    await is_accessible(ana, "no changes")
    await ana.page.goto(f"{stage.url}/console/settings/people")
    await ana.page.get_by_role("button", name="Invite somebody").click()
    form = ana.page.get_by_role("form", name="Invite somebody")
    await is_accessible(ana, "somebody is invited")
    await form.get_by_label("Name").fill("Cleo")
    await form.get_by_label("E-mail").fill("cleo@example.com")
    await form.get_by_role("button", name="Make the link").click()
    link = await ana.page.get_by_role("textbox", name="Link for Cleo").input_value()
    await expect(ana.page.get_by_role("region", name="Invited")).to_contain_text("cleo@example.com")
    await is_accessible(ana, "a link was made")
    await ana.page.get_by_role("button", name="More about Ana").click()
    await expect(ana.page.get_by_role("menu")).to_be_visible()
    await is_accessible(ana, "the menu of a person")
    await ana.page.keyboard.press("Escape")
    await ana.page.get_by_role("link", name="Changes").click()
    await expect(ana.page.get_by_role("listitem").filter(has_text="invited")).to_be_visible()
    await is_accessible(ana, "the changes")
    cleo = await stage.console(await stage.context(), link.removeprefix(stage.url))
    await expect(cleo.page.get_by_label("New password")).to_be_visible()
    await is_accessible(cleo, "an invitation")


async def test_teams(stage: Stage):
    ana = await stage.agent("Ana", role="admin")
    await ana.page.goto(f"{stage.url}/console/settings/teams")
    await ana.page.get_by_role("button", name="Make a team").click()
    await expect(ana.page.get_by_label("Name")).to_be_focused()
    await is_accessible(ana, "a team")
    await ana.page.keyboard.type("Sales")
    await ana.page.get_by_role("checkbox", name="Ana").check()
    await ana.page.get_by_role("button", name="Save").click()
    await expect(ana.page.get_by_role("link", name="Sales")).to_be_visible()
    await is_accessible(ana, "teams")


async def test_canned_answers_and_labels(stage: Stage):
    ana = await stage.agent("Ana")
    visitor = await stage.house.visitor()
    chat = (await visitor.post("Hello"))["conversation"]
    await visitor.sees_event("answer_finished")
    for path, data in {
        "canned/hello": {"name": "hello", "text": "Hello {visitor}"},
        f"conversations/{chat}/label": {"labels": ["refund"]},
    }.items():
        method = "PUT" if path.startswith("canned") else "POST"
        answer = await ana.page.request.fetch(
            f"{stage.url}/api/{path}", method=method, data=data, headers={"Origin": stage.url}
        )
        assert answer.ok, await answer.text()
    await ana.opens(ana.row_of(chat))
    await ana.visitor_pane.get_by_role("button", name="Add a label").click()
    await ana.page.keyboard.type("late")
    await expect(ana.page.get_by_role("option", name="late")).to_be_visible()
    await is_accessible(ana, "a label is typed")
    await ana.field.press_sequentially("/")
    await expect(ana.page.get_by_role("option", name="hello")).to_be_visible()
    await is_accessible(ana, "a canned answer is looked for")
    await ana.page.goto(f"{stage.url}/console/settings/canned")
    await expect(ana.page.get_by_role("link", name="hello")).to_be_visible()
    await is_accessible(ana, "canned answers")
    await ana.page.get_by_role("link", name="hello").click()
    await expect(ana.page.get_by_label("Text", exact=True)).to_be_visible()
    await is_accessible(ana, "a canned answer")


async def test_the_search(stage: Stage):
    ana = await stage.agent("Ana")
    visitor = await stage.house.visitor()
    await visitor.post("Do you sell pizza?")
    await visitor.sees_event("answer_finished")
    await is_indexed(ana, "pizza")
    await ana.page.get_by_role("button", name="Search", exact=True).click()
    await expect(ana.page.get_by_role("combobox", name="Search conversations")).to_be_focused()
    await is_accessible(ana, "nothing is looked for")
    await ana.page.keyboard.type("pizza")
    await expect(ana.page.get_by_role("option").first).to_be_visible()
    await is_accessible(ana, "something is found")
    await ana.page.keyboard.type("zzz")
    await expect(ana.page.get_by_text("Nothing was said with")).to_have_count(2)
    await is_accessible(ana, "nothing is found")
    await ana.page.get_by_role("combobox", name="Search conversations").fill("pizza")
    await expect(ana.page.get_by_role("option").first).to_be_visible()
    await ana.page.keyboard.press("Enter")
    await expect(ana.log.locator("[aria-current]")).to_be_in_viewport()
    await is_accessible(ana, "at a place")


async def test_the_reports(stage: Stage):
    ana = await stage.agent("Ana", role="admin")
    await ana.place("Reports").click()
    await expect(ana.page.get_by_role("heading", name="No conversations on these days")).to_be_visible()
    await is_accessible(ana, "no report")
    visitor = await stage.house.visitor()
    chat = (await visitor.post("Hello"))["conversation"]
    await visitor.do("request_human", conversation=chat)
    await visitor.do("rate", conversation=chat, score=4)
    await ana.page.reload()
    await expect(ana.page.get_by_role("heading", name="Hand-overs by reason")).to_be_visible()
    await ana.page.get_by_label("Days", exact=True).select_option("Other days")
    await expect(ana.page.get_by_label("From", exact=True)).to_be_visible()
    await is_accessible(ana, "a report")
    await ana.page.get_by_role("link", name="Satisfaction").click()
    await expect(ana.page.get_by_role("main").get_by_role("listitem")).to_be_visible()
    await is_accessible(ana, "the conversations behind a figure")


async def test_the_wall(stage: Stage):
    ana = await stage.agent("Ana", role="admin")
    visitor = await stage.house.visitor()
    chat = (await visitor.post("How much does the welding program cost?"))["conversation"]
    await visitor.sees_event("answer_finished")
    await visitor.do("request_human", conversation=chat)
    await (await stage.house.visitor()).post("Hello")
    await ana.place("Wall").click()
    await expect(ana.page.locator("[data-who=assistant]")).to_have_count(2)
    await is_accessible(ana, "the wall")
