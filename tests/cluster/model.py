"""A model on OpenAI's wire that answers as the dice say: mostly slowly enough that whatever breaks hits an answer."""

import asyncio
from collections.abc import AsyncIterator
from random import Random

from tests.assistant.openai_server import Fault, OpenAIServer, Reply, Step, calls, ends, says
from tests.machine.model import STAFF

PLANS = {"speak": 76, "escalate": 14, "break off": 5, "say nothing": 5}
"""Of a hundred answers."""


class Talkative:
    """The steps of a reply, with new dice for each request."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice

    async def __aiter__(self) -> AsyncIterator[Step]:
        dice = Random(self._dice.random())
        (plan,) = dice.choices(list(PLANS), list(PLANS.values()))
        for number in range(0 if plan == "say nothing" else dice.randint(3, 40)):
            await asyncio.sleep(dice.uniform(0, 0.08))
            yield says(f"word-{number} ")[0]
        if plan == "break off":
            yield Fault.CUT
        elif plan == "escalate":
            arguments = f'{{"reason": "cannot_answer", "summary": "{STAFF} it is hard"}}'
            for step in (*calls("escalate_to_human", arguments), *ends("tool_calls")):
                yield step
        else:
            for step in ends():
                yield step


def a_model(dice: Random) -> OpenAIServer:
    """Each request is answered by new dice; the last reply of a server serves again."""
    return OpenAIServer(Reply(Talkative(dice)))
