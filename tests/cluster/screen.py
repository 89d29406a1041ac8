"""A page that somebody has open: it keeps what it says until that is acknowledged, and comes back if it is cut off."""

import asyncio
import contextlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from random import Random

import httpx
import msgspec
import websockets
from tests.machine import private
from tests.machine.promises import Broken

from havana.ids import new_id

from .connection import Connection, Gone, Refused
from .records import Acknowledged, Connected, Denied, History, Leaked, SentAway, Unfollowed, Wire
from .view import View

LATER = ("busy", "rate", "internal")
"""Refusals of the moment: the same key again, after `retry_ms`."""
FIRST_S, LONGEST_S = 0.1, 2.0
"""How long a page stays away, with full jitter; a browser's takes up to twenty seconds."""
AWAY = (OSError, TimeoutError, Gone, Refused, websockets.WebSocketException, httpx.HTTPError)
COMES_BACK = re.compile("4502|4[0-4]..|1...")
"""Close codes after which a page comes back; a hello may have been lost on a slow line."""

Token = Callable[[], Awaitable[str]]


class Said(msgspec.Struct, frozen=True):
    """A request in the outbox."""

    do: str
    key: str
    conversation: str | None
    fields: Mapping[str, str]


class Screen:
    """`strangers` are words that stand in what others write to whom this screen has no business with."""

    def __init__(self, history: History, url: str, token: Token, dice: Random, strangers: list[str]) -> None:
        self.history = history
        self.views: dict[str, View] = {}
        self.outbox: list[Said] = []
        self.stopped = False
        self._url = url
        self._token = token
        self._dice = dice
        self._strangers = strangers
        self._connection: Connection | None = None
        self._failures = 0
        self._stay_away_s = 0.0
        self._happened = asyncio.Event()
        self._left_out: set[str] = set()
        self._asking: set[asyncio.Task[None]] = set()

    # What whoever sits before it does

    async def act(self) -> None:
        """Looks on; told anew with each connection."""

    def say(self, do: str, conversation: str | None, **fields: str) -> None:
        self.outbox.append(Said(do, new_id(), conversation, fields))
        self.happened()

    async def command(self, do: str, conversation: str, **fields: object) -> Wire | None:
        """A command without a key: refused or lost, it is not tried again."""
        try:
            ok = await self._connected.ask(do, conversation=conversation, **fields)
        except Refused as refused:
            self.history.records.append(Denied(do, refused.error))
            await asyncio.sleep((refused.error["retry_ms"] or 0) / 1000)
            return None
        self.history.records.append(Acknowledged(do, None, None, ok))
        return ok

    async def follow(self, conversation: str) -> None:
        view = self.views.get(conversation) or View(conversation, self.history)
        self.views[conversation] = view
        await self._follow(view)

    async def unfollow(self, conversation: str) -> None:
        self.views.pop(conversation, None)
        self.history.records.append(Unfollowed(conversation))
        await self._connected.ask("unfollow", conversation=conversation)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Waits for something to happen here after which it holds."""
        while not condition():
            self._happened.clear()
            await self._happened.wait()

    def happened(self) -> None:
        self._happened.set()

    # The connection

    async def stays(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                await self._comes()
            except Refused as refused:
                self.history.records.append(Denied("follow", refused.error))
                self._stay_away_s = (refused.error["retry_ms"] or 0) / 1000
            except AWAY:
                pass
            self._failures += 1
            longest = min(FIRST_S * 2**self._failures, LONGEST_S)
            await asyncio.sleep(self._stay_away_s + self._dice.uniform(0, longest))
            self._stay_away_s = 0.0

    @property
    def _connected(self) -> Connection:
        if self._connection is None:
            raise Gone
        return self._connection

    async def _comes(self) -> None:
        """One connection, from its hello to its end."""
        token = await self._token()
        connection = await Connection.open(self._url, self._read, self._pushed)
        try:
            following = [view.position for view in self.views.values()]
            await connection.ask("hello", self._welcomed, v=1, token=token, client="test/1", following=following)
            self._connection = connection
            self._failures = 0
            await self._catch_up()
            await self._while_connected(connection)
        finally:
            self._connection = None
            await connection.close()
            self._closed(connection)

    async def _while_connected(self, connection: Connection) -> None:
        """Whatever ends first ends the others; what went wrong is raised."""
        acting = [self.act(), self._send_all(), connection.gone()]
        tasks = {asyncio.create_task(doing) for doing in acting}
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
            errors = [error for task in done if (error := task.exception()) is not None]
            raise next((error for error in errors if not isinstance(error, AWAY)), errors[0])
        finally:
            for task in (*tasks, *self._asking):
                task.cancel()
            await asyncio.gather(*tasks, *self._asking, return_exceptions=True)

    def _closed(self, connection: Connection) -> None:
        if not COMES_BACK.fullmatch(str(connection.code)):
            self.history.records.append(SentAway(connection.code, connection.reason))
        with contextlib.suppress(ValueError, TypeError, KeyError):
            self._stay_away_s = json.loads(connection.reason)["retry_ms"] / 1000

    async def _catch_up(self) -> None:
        """What the welcome left out, and a conversation that began elsewhere."""
        for view in list(self.views.values()):
            if view.conversation in self._left_out:
                await self._follow(view)

    def _welcomed(self, welcome: Wire) -> None:
        self.history.records.append(Connected())
        if not self.history.who:
            self.history.who = welcome["you"]["id"]
        if (current := welcome["current"]) is not None:
            conversation = current["conversation"]
            self.views.setdefault(conversation, View(conversation, self.history))
        self._left_out = set(self.views)
        for followed in welcome["following"]:
            if "error" not in followed:
                self._left_out.discard(followed["conversation"])
                self._ask_for(self.views[followed["conversation"]].followed(followed), followed["conversation"])
        self.happened()

    async def _follow(self, view: View) -> None:
        """From where the view ends, and shown before the next frame is read."""

        def followed(ok: Wire) -> None:
            self._ask_for(view.followed(ok), view.conversation)
            self.happened()

        known = {name: value for name, value in view.position.items() if value is not None}
        await self._connected.ask("follow", followed, **known)

    # What is sent

    async def _send_all(self) -> None:
        """One after the other, each until it is acknowledged or refused for good."""
        while True:
            await self.until(lambda: bool(self.outbox))
            said = self.outbox[0]
            named = {"conversation": said.conversation} if said.conversation else {}
            try:
                ok = await self._connected.ask(said.do, key=said.key, **named, **said.fields)
            except Refused as refused:
                self.history.records.append(Denied(said.do, refused.error))
                if refused.error["code"] in LATER:
                    await asyncio.sleep((refused.error["retry_ms"] or 500) / 1000)
                    continue
            else:
                self.history.records.append(Acknowledged(said.do, said.key, said.fields.get("text"), ok))
            self.outbox.pop(0)
            self.happened()

    # What arrives

    def _read(self, text: str) -> None:
        if not self.history.public:
            return
        try:
            private.check(self.history.name, text, self._strangers)
        except Broken as broken:
            self.history.records.append(Leaked(str(broken)))

    def _pushed(self, push: Wire) -> None:
        conversation = push.get("conversation", "")
        view = self.views.get(conversation)
        match push["push"]:
            case "event":
                if view is None and self.history.public:
                    view = self.views[conversation] = View(conversation, self.history)
                if view is not None:
                    self._ask_for(view.received(push["event"]), conversation)
            case "delta" | "draft" if view is not None:
                self._ask_for(view.worded(push), conversation)
            case "position" if view is not None:
                self._ask_for(view.positioned(push["seq"]), conversation)
            case "inbox":
                self.inbox_changed(push["changed"], push["removed"])
        self.happened()

    def inbox_changed(self, changed: list[Wire], removed: list[str]) -> None:
        """Only agents have one."""

    def _ask_for(self, wanted: Wire | None, conversation: str) -> None:
        """What a view lacks is asked for on the side; if that fails, the next push says again what is missing."""
        if wanted is None or any(task.get_name() == conversation for task in self._asking):
            return
        task = asyncio.create_task(self._fetch(wanted, conversation), name=conversation)
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    async def _fetch(self, wanted: Wire, conversation: str) -> None:
        view = self.views[conversation]
        with contextlib.suppress(Gone, Refused):
            if wanted["do"] == "follow":
                await self._follow(view)
                return
            while wanted is not None:
                page = await self._connected.ask(conversation=conversation, **wanted)
                wanted = view.filled(page["events"])
                self.happened()
