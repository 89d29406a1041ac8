"""An assistant that says what the dice say, at the pace that the scheduler sets."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from random import Random

from havana.assistant.interface import ModelFailed, Prompt, Tool

STAFF = "FOR-STAFF-ONLY"
"""In everything that only the staff may read; no visitor's frame may ever hold it."""
TEAM = "team-of-all"
TOOLS = ("cancel", "cancel", "cancel", "cancel", "send", "look")
PLANS = ("speak", "speak", "speak", "speak", "escalate", "call", "fail", "fail late", "silence", *TOOLS)


class Dice:
    """The model of one node. `think` waits until the scheduler lets the model go on."""

    name = "dice"

    def __init__(self, random: Random, think: Callable[[], "asyncio.Future[None]"]) -> None:
        self._random = random
        self._think = think

    async def answer(self, prompt: Prompt, tools: Sequence[Tool]) -> AsyncGenerator[str, None]:
        del prompt
        calls = {tool.name: tool for tool in tools}
        # Who sums up a conversation is given nothing to call, and who helps an agent only the search.
        acts = "escalate_to_human" in calls
        plan = self._random.choice([plan for plan in PLANS if acts or plan not in ("call", "escalate", *TOOLS)])
        await self._think()
        if plan == "fail":
            raise ModelFailed("model_failure", f"{STAFF} it is down")
        if plan == "silence":
            await asyncio.get_running_loop().create_future()
        if plan in TOOLS:
            await calls[plan].call({"order": f"{STAFF} an order", "visitor_id": "somebody-else"})
        for word in range(self._random.randint(1, 6)):
            yield f"word-{word} "
            await self._think()
        if plan == "call":
            await calls["book_call"].call({})
        elif plan == "fail late":
            raise ModelFailed("model_failure", f"{STAFF} it broke")
        elif plan == "escalate":
            await calls["escalate_to_human"].call({"reason": "cannot_answer", "summary": f"{STAFF} it is hard"})
