"""What a site sets: who the assistant is, and the words that Havana itself says to visitors."""

from typing import Annotated

import msgspec

from havana.chat.assigning import Assign
from havana.chat.people import Author
from havana.chat.site_tools import HttpTool, McpServer


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """System words. `{agent}` and `{to}` are replaced by names, `{next}` by when the site opens, `{minutes}` by a
    number; nothing else is.
    """

    waiting: str = "The team has been told. Somebody will be with you shortly; you can keep writing."
    nobody: str = (
        "Nobody from the team is here right now. Leave your name and e-mail and they will get back to you, "
        "or go on with the assistant."
    )
    still_waiting: str = (
        "Everybody is busy at the moment; you are still in the queue. You can leave your name and e-mail, "
        "or go on with the assistant."
    )
    joined: str = "{agent} has joined the conversation."
    assigned: str = "{agent} will answer you here."
    transferred: str = "{to} takes over from {agent}."
    withdrawn: str = "You are with the assistant again."
    handed_back: str = "{agent} has handed you back to the assistant."
    returned: str = "{agent} had to leave. You are back in the queue; somebody else will take over."
    directed: str = "{agent} has asked a colleague to help you, who will be with you shortly; you can keep writing."
    not_answered: str = "{agent} cannot answer right now. You are still in the queue; somebody else will take over."
    returned_nobody: str = (
        "{agent} had to leave, and nobody else from the team is here right now. Leave your name and e-mail and they "
        "will get back to you, or go on with the assistant."
    )
    failed: str = "The assistant cannot answer right now, so the team has been told. Somebody will be with you shortly."
    enough: str = (
        "The assistant has answered all it may for now, so the team has been told. Somebody will be with you shortly."
    )
    enough_nobody: str = (
        "The assistant has answered all it may for now, and nobody from the team is here. Leave your name and e-mail "
        "and they will get back to you."
    )
    cut_short: str = "The answer had become too long. Say what you would like to read more about, or talk to a person."
    cut_off: str = "The last answer was cut off. Here is a new one."
    closed: str = "This conversation has been closed. Write again whenever you like."
    blocked: str = "This conversation has been closed."
    idle: str = "This conversation was closed because it was quiet for a day. Write again whenever you like."
    contact_left: str = "Thank you. The team will write to you."
    contact: str = "Leave your name and e-mail, and the team will write to you."
    offer: str = "Would you rather talk to a person?"
    certainly: str = "Of course."
    withheld: str = "I cannot share how I was set up. Ask me anything else."
    back: str = "They are back {next}."
    reopened: str = "This conversation is open again."
    approval_asked: str = "Somebody from the team has to allow this first. You will read here what they decide."
    approval_nobody: str = (
        "Somebody from the team has to allow this first, and nobody is here right now. "
        "Unless somebody allows it within {minutes} minutes, it will not be done."
    )
    approved: str = "{agent} has allowed it."
    refused: str = "The team has decided against it, so it was not done."
    not_done: str = "That was not done."
    not_allowed: str = "Nobody has allowed it in time, so it was not done."
    unsure: str = "It is not certain whether that has worked; a person will look at it."


class Site(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One website that embeds Havana. Times in seconds.

    `answer_tokens` is the most that a model may write in one answer, `answers_per_hour` the most answers that a visitor
    gets, `money_per_day` what answers may cost until midnight in UTC, in US dollars. None is no limit.

    Stored without what is not set, so that the release before can read what it knows.
    """

    id: str
    key: str
    name: str
    assistant: str = "Assistant"
    persona: str = "You are the assistant of this website. You are friendly, brief and exact."
    greeting: str = "How can we help?"
    suggestions: tuple[str, ...] = ()
    call_url: str | None = None
    wait_target_s: int = 120
    """How soon the team means to be there for whoever waits; the clocks of the console say how it stands."""
    remind_after_s: int = 120
    agent_gone_after_s: int = 120
    idle_close_after_s: int = 24 * 3600
    assign: Assign = "off"
    """How those who wait for no team are given to somebody by themselves."""
    answer_within_s: Annotated[int, msgspec.Meta(ge=30)] = 180
    """How long somebody to whom one was given has to answer."""
    timezone: str = "UTC"
    hours: dict[str, tuple[str, ...]] = {}
    """When people are here (`chat/hours.py`); without any, whenever one of them is."""
    approval_s: int = 600
    """How long somebody of the team has to allow a call of a tool; after that it counts as refused."""
    tools: tuple[HttpTool, ...] = ()
    mcp: tuple[McpServer, ...] = ()
    answer_tokens: Annotated[int, msgspec.Meta(ge=16)] | None = None
    answers_per_hour: Annotated[int, msgspec.Meta(ge=1)] = 60
    money_per_day: Annotated[float, msgspec.Meta(ge=0)] | None = None
    tells_page: bool = True
    """Whether the team sees on which page a visitor is, and what led them here."""
    words: Words = Words()

    @property
    def assistant_author(self) -> Author:
        return Author("assistant", "assistant", self.assistant)

    @property
    def system_author(self) -> Author:
        return Author("system", "system", self.name)
