"""What a visitor had before stands beside the conversation, and is one click away."""

import datetime as dt
from unittest import mock

from playwright.async_api import expect

from havana import desk

from .stage import BROWSER, Stage

pytestmark = BROWSER


async def test_a_visitors_other_conversations_stand_in_the_pane_and_lead_to_each_other(stage: Stage):
    ana = await stage.agent("Ana")
    visitor, stranger = await stage.house.visitor(), await stage.house.visitor()
    await stranger.post("I am somebody else")
    first = (await visitor.post("Do you have parking?"))["conversation"]
    await ana.opens(ana.row_of(first))
    await expect(ana.visitor_pane.get_by_text("Started")).to_be_visible()
    await expect(ana.visitor_pane.get_by_text("Other conversations")).to_have_count(0)

    # So long after the end that the next words begin anew.
    with mock.patch.object(desk, "REOPENS_FOR", dt.timedelta(0)):
        await visitor.do("close", conversation=first)
        second = (await visitor.post("And for bicycles?"))["conversation"]
    assert second != first
    await expect(ana.visitor_pane.get_by_text("Other conversations")).to_be_visible()
    await expect(ana.visitor_pane.get_by_role("link")).to_have_count(1)
    await ana.visitor_pane.get_by_role("link").click()

    await expect(ana.thread.get_by_role("log").get_by_text("And for bicycles?")).to_be_visible()
    await ana.visitor_pane.get_by_role("link").click()
    await expect(ana.thread.get_by_role("log").get_by_text("Do you have parking?")).to_be_visible()
