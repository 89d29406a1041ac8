"""The server is gone and comes back: nothing typed is lost, nothing is said twice."""

import shutil
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import Browser, expect
from tests.line import line_to

from .server import Server, a_server
from .stage import BROWSER, Stage
from .visitor import Visitor

pytestmark = BROWSER


async def test_a_killed_server_comes_back_to_the_same_conversation(browser: Browser, tmp_path: Path):
    async with a_server(tmp_path) as server:
        stage = Stage(browser, server.url)
        visitor = await stage.visitor()
        admin = await enters_by_link(stage, server)
        await visitor.says("How do I apply?")
        await visitor.has_finished_answer()
        await admin.opens(admin.row())
        before = await visitor.words()

        await server.kill()
        await visitor.field.fill("Said while the server was gone")
        await expect(visitor.page.get_by_text("Reconnecting. You can keep writing")).to_be_visible()
        await expect(admin.page.get_by_role("alert")).to_contain_text("Connection lost.")
        assert await visitor.words() == before
        await expect(visitor.field).to_have_value("Said while the server was gone")
        await visitor.field.press("Enter")
        await expect(visitor.said_by("You").last).to_contain_text("Sending")
        await visitor.field.fill("Half a sen")

        await server.start()
        await expect(visitor.page.get_by_text("Reconnecting.")).to_be_hidden()
        await visitor.has_finished_answer(2)
        await expect(visitor.field).to_have_value("Half a sen")
        await expect(admin.log.get_by_text("Said while the server was gone")).to_be_visible()
        after = await visitor.words()
        assert after[: len(before)] == before
        assert after.count("Said while the server was gone") == 1
        await visitor.page.reload()
        await visitor.has_finished_answer(2)
        assert await visitor.words() == after
        assert (await admin.words()).count("Said while the server was gone") == 1
        assert await stage.clear() == []


async def test_a_database_that_is_away_shows_and_when_it_is_back_everything_goes_out(
    browser: Browser, tmp_path: Path, postgres_url: str
):
    with line_to(postgres_url) as (line, url):
        async with a_server(tmp_path, HAVANA_DATABASE_URL=url) as server:
            stage = Stage(browser, server.url)
            visitor = await stage.visitor()
            admin = await enters_by_link(stage, server)
            await visitor.says("How do I apply?")
            await visitor.has_finished_answer()
            await admin.opens(admin.row())

            line.cut()
            await visitor.says("Said while the database was away")
            await expect(visitor.said_by("You").last).to_contain_text("Sending")
            await expect(visitor.page.get_by_text("Reconnecting. You can keep writing")).to_be_visible()
            await expect(visitor.page.get_by_label("is typing")).to_be_hidden()
            await admin.says("A note to nobody yet")
            await expect(admin.page.get_by_role("alert")).to_contain_text("The server cannot store anything right now.")

            line.open()
            await expect(visitor.page.get_by_text("Reconnecting.")).to_be_hidden()
            await expect(admin.log.get_by_text("Said while the database was away")).to_be_visible()
            await expect(visitor.log.get_by_text("A note to nobody yet")).to_be_visible()
            assert (await visitor.words()).count("Said while the database was away") == 1
            await stage.clear()


async def test_a_restore_to_before_the_first_message_does_not_hold_up_the_next(browser: Browser, tmp_path: Path):
    data, backup = tmp_path / "data", tmp_path / "backup"
    data.mkdir()
    async with a_server(data) as server:
        await server.kill()
        shutil.copytree(data, backup)
        await server.start()
        stage = Stage(browser, server.url)
        visitor = await stage.visitor()
        await visitor.says("How do I apply?")
        await visitor.has_finished_answer()

        await server.kill()
        shutil.rmtree(data)
        shutil.copytree(backup, data)
        await visitor.says("Do you have parking?")
        await server.start()
        await expect(visitor.said_by("You")).to_have_count(1)
        await visitor.has_finished_answer()
        said = await visitor.words()
        assert "How do I apply?" not in said
        assert said.count("Do you have parking?") == 1
        await visitor.page.reload()
        await visitor.has_finished_answer()
        assert await visitor.words() == said
        assert await stage.clear() == []


UNSENT = """() => new Promise((resolve) => {
  indexedDB.open("havana.unsent.demo").onsuccess = ({ target }) => {
    const counting = target.result.transaction("unsent").objectStore("unsent").count();
    counting.onsuccess = () => resolve(counting.result);
  };
})"""


async def test_a_message_outlives_its_tab_and_is_said_once(browser: Browser, tmp_path: Path):
    async with a_server(tmp_path) as server:
        stage = Stage(browser, server.url)
        visitor = await stage.visitor()
        await visitor.says("How do I apply?")
        await visitor.has_finished_answer()
        await server.kill()
        await visitor.says("Said and gone")
        await expect(visitor.said_by("You").last).to_contain_text("Sending")
        await visitor.page.wait_for_function(f"async () => await ({UNSENT})() === 1")
        await visitor.page.close()

        await server.start()
        tab = await stage.another_tab(visitor)
        await tab.has_finished_answer(2)
        assert (await tab.words()).count("Said and gone") == 1
        await tab.page.wait_for_function(f"async () => await ({UNSENT})() === 0")
        assert await stage.clear() == []


async def test_an_open_tab_shows_and_takes_over_what_another_could_not_send(browser: Browser, tmp_path: Path):
    async with a_server(tmp_path) as server:
        stage = Stage(browser, server.url)
        first, second = await two_tabs(stage)
        await server.kill()
        await first.says("Said and gone")
        await expect(second.said_by("You").last).to_contain_text("Said and gone")
        await expect(second.said_by("You").last).to_contain_text("Sending")
        await first.page.close()

        await server.start()
        await second.has_finished_answer(2)
        assert (await second.words()).count("Said and gone") == 1
        await second.page.wait_for_function(f"async () => await ({UNSENT})() === 0")
        await second.page.reload()
        await second.has_finished_answer(2)
        assert (await second.words()).count("Said and gone") == 1
        assert await stage.clear() == []


async def test_what_waits_on_two_tabs_is_said_once(browser: Browser, tmp_path: Path):
    async with a_server(tmp_path) as server:
        stage = Stage(browser, server.url)
        first, second = await two_tabs(stage)
        await server.kill()
        await first.says("From the first")
        await expect(second.log.get_by_text("From the first")).to_be_visible()
        await second.says("From the second")
        await expect(first.log.get_by_text("From the second")).to_be_visible()

        await server.start()
        for tab in (first, second):
            await expect(tab.page.get_by_text("Reconnecting.")).to_be_hidden()
            await expect(tab.said_by("You").last).not_to_contain_text("Sending")
        await second.page.wait_for_function(f"async () => await ({UNSENT})() === 0")
        for tab in (first, second):
            words = await tab.words()
            assert [words.count(text) for text in ("From the first", "From the second")] == [1, 1]
        assert await stage.clear() == []


async def test_a_sign_in_link_works_once(browser: Browser, tmp_path: Path):
    async with a_server(tmp_path) as server:
        stage = Stage(browser, server.url)
        admin = await enters_by_link(stage, server)
        assert "#" not in admin.page.url
        stranger = await stage.console(await stage.context(), address_of(server))
        await expect(stranger.page.get_by_role("alert")).to_contain_text("This link was used before or has run out.")
        assert await stage.clear() == []


async def two_tabs(stage: Stage) -> tuple[Visitor, Visitor]:
    """Of one visitor, who has asked something."""
    first = await stage.visitor()
    await first.says("How do I apply?")
    await first.has_finished_answer()
    second = await stage.another_tab(first)
    await second.has_finished_answer()
    return first, second


async def enters_by_link(stage: Stage, server: Server):
    admin = await stage.console(await stage.context(), address_of(server))
    await expect(admin.list).to_be_visible()
    return admin


def address_of(server: Server) -> str:
    link = urlsplit(server.sign_in)
    return f"{link.path}#{link.fragment}"
