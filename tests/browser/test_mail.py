"""What is done by mail: who comes to the team, and who forgot their password."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from tests.mail.office import Office, opened
from tests.ports import free_port

from .stage import BROWSER, Stage, a_stage

pytestmark = BROWSER

PASSWORD = "a better horse"


@pytest_asyncio.fixture(loop_scope="session")
async def office() -> AsyncIterator[Office]:
    async with opened() as office:
        yield office


@pytest_asyncio.fixture(loop_scope="session")
async def mailing(browser: Browser, tmp_path: Path, office: Office) -> AsyncIterator[Stage]:
    """A stage whose server sends mail."""
    port = free_port()
    letters = {"smtp_url": office.url, "mail_from": "chat@x.example", "public_url": f"http://127.0.0.1:{port}"}
    async with a_stage(browser, tmp_path, port=port, **letters) as stage:
        yield stage


async def link_in(office: Office, count: int = 1) -> str:
    """That of the newest letter, once there are so many."""
    taken = await office.next_letter(count)
    found = re.search(r"^http\S+$", taken.text, re.MULTILINE)
    assert found
    return found[0]


async def chooses_a_password(page: Page, link: str, button: str) -> None:
    await page.goto("about:blank")
    await page.goto(link)
    await page.get_by_label("New password").fill(PASSWORD)
    await page.get_by_role("button", name=button).click()


async def test_who_forgot_their_password_is_helped_by_a_letter(mailing: Stage, office: Office):
    email = mailing.hire("Ana")
    elsewhere = await mailing.agent("Ana")
    door = await mailing.console(await mailing.context())
    await door.page.get_by_label("E-mail").fill(email)
    await door.page.get_by_role("button", name="Forgot your password?").click()
    field = door.page.get_by_label("E-mail")
    await expect(field).to_be_focused()
    await expect(field).to_have_value(email)
    await door.page.keyboard.press("Enter")
    await expect(door.page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    await chooses_a_password(door.page, await link_in(office), "Save and sign in")

    await expect(door.list.get_by_text("No open conversations")).to_be_visible()
    await expect(elsewhere.page.get_by_role("heading", name="Sign in")).to_be_visible()


async def test_nobody_learns_at_the_door_who_is_on_the_team(mailing: Stage, office: Office):
    door = await mailing.console(await mailing.context())
    await door.page.get_by_role("button", name="Forgot your password?").click()
    await door.page.get_by_label("E-mail").fill("nobody@example.com")
    await door.page.get_by_role("button", name="Send the link").click()
    await expect(
        door.page.get_by_text("If nobody@example.com is on the team, an e-mail is on its way.")
    ).to_be_visible()
    await door.page.get_by_role("button", name="To the sign-in page").click()

    await expect(door.page.get_by_role("button", name="Sign in")).to_be_visible()
    assert office.letters == []


async def test_who_is_invited_gets_a_letter_and_the_admin_sees_that_it_was_sent(mailing: Stage, office: Office):
    ana = await mailing.agent("Ana", role="admin")
    await ana.place("Settings").click()
    await ana.page.get_by_role("button", name="Invite somebody").click()
    form = ana.page.get_by_role("form", name="Invite somebody")
    await form.get_by_label("Name").fill("Cleo")
    await form.get_by_label("E-mail").fill("cleo@example.com")
    await form.get_by_role("button", name="Send the invitation").click()
    await expect(
        ana.page.get_by_text("Cleo gets an e-mail with a link of their own at cleo@example.com")
    ).to_be_visible()
    row = ana.page.get_by_role("listitem").filter(has_text="Cleo")
    await expect(row).to_contain_text("Invitation sent")
    cleo = await mailing.console(await mailing.context())
    await chooses_a_password(cleo.page, await link_in(office), "Join the team")

    await expect(cleo.list.get_by_text("No open conversations")).to_be_visible()


async def test_an_invitation_that_was_not_taken_says_why(mailing: Stage, office: Office):
    office.refuse["cleo@example.com"] = "550 5.1.1 no such user"
    ana = await mailing.agent("Ana", role="admin")
    await ana.place("Settings").click()
    await ana.page.get_by_role("button", name="Invite somebody").click()
    form = ana.page.get_by_role("form", name="Invite somebody")
    await form.get_by_label("Name").fill("Cleo")
    await form.get_by_label("E-mail").fill("cleo@example.com")
    await form.get_by_role("button", name="Send the invitation").click()
    row = ana.page.get_by_role("listitem").filter(has_text="Cleo")

    await expect(row).to_contain_text("Invitation not sent")
    await expect(row).to_contain_text("The mail server said 550 5.1.1 no such user. Give them a new link.")


async def test_without_a_mail_server_the_door_says_whom_to_ask(stage: Stage):
    door = await stage.console(await stage.context())

    await expect(door.page.get_by_text("Forgot your password? An admin can make you a link.")).to_be_visible()
    await expect(door.page.get_by_role("button", name="Forgot your password?")).to_have_count(0)


@pytest.mark.slow
async def test_who_wants_to_know_chooses_when_and_is_written_to_though_nobody_is_there(mailing: Stage, office: Office):
    ana = await mailing.agent("Ana")
    await ana.place("Settings").click()
    await ana.page.get_by_role("link", name="Notifications").click()
    await ana.page.get_by_role("switch", name="E-mail when nobody is there").click()
    await ana.page.get_by_label("Once they have waited for").select_option("1 minute")
    await expect(ana.page.get_by_text("Saved. It holds on all your machines.")).to_be_visible()
    await ana.page.reload()
    await expect(ana.page.get_by_label("Once they have waited for")).to_have_value("1")
    await ana.page.close()
    visitor = await mailing.house.visitor()
    chat = (await visitor.do("request_human"))["conversation"]
    taken = await office.next_letter(within_s=100)

    assert taken.letter["Subject"] == "Somebody waits on Havana Tech"
    assert f"/console/c/{chat}\n" in taken.text


async def test_without_a_mail_server_none_is_offered(stage: Stage):
    ana = await stage.agent("Ana")
    await ana.page.goto(stage.url + "/console/settings/notifications")
    await expect(ana.page.get_by_role("switch", name="Quiet hours")).to_be_visible()

    await expect(ana.page.get_by_role("switch", name="E-mail when nobody is there")).to_have_count(0)
