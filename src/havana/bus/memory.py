"""The bus of one process: handlers are called at once, in the order of subscription."""

import structlog

from havana.bus import Handler, Message, Unsubscribe

log = structlog.get_logger()


class MemoryBus:
    is_whole = True

    def __init__(self) -> None:
        self._handlers: dict[str, list[Handler]] = {}

    def publish(self, topic: str, message: Message) -> None:
        # A copy, because a handler may unsubscribe itself; each fails alone, so one never silences another.
        for handler in tuple(self._handlers.get(topic, ())):
            try:
                handler(message)
            except Exception:
                log.exception("bus handler failed", topic=topic, message=type(message).__name__)

    def subscribe(self, topic: str, handler: Handler) -> Unsubscribe:
        self._handlers.setdefault(topic, []).append(handler)

        def unsubscribe() -> None:
            handlers = self._handlers.get(topic, [])
            if handler in handlers:
                handlers.remove(handler)
            if not handlers:
                self._handlers.pop(topic, None)

        return unsubscribe

    def hears(self, topic: str) -> bool:
        """Somebody has subscribed to it."""
        return topic in self._handlers

    async def start(self) -> None: ...

    async def close(self) -> None:
        self._handlers.clear()
