"""What Chainlit makes of the same work: each message comes back to its sender and to everybody else in its room.

Nothing is stored (there is no data layer). Chainlit knows only one browser per conversation, so the others are sent
the message through their own sessions.
"""

from collections import defaultdict

import chainlit as cl
from chainlit.session import WebsocketSession

rooms: defaultdict[str, list[WebsocketSession]] = defaultdict(list)


@cl.on_chat_start
async def arrive() -> None:
    rooms[cl.user_session.get("env")["room"]].append(cl.context.session)


@cl.on_message
async def deliver(message: cl.Message) -> None:
    echo = await cl.Message(content=message.content).send()
    for session in rooms[cl.user_session.get("env")["room"]]:
        if session is not cl.context.session:
            await session.emit("new_message", echo.to_dict())
    # Else each message is looked for among all earlier ones.
    cl.chat_context.clear()
