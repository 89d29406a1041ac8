"""A client: a visitor's tab or an agent's console, without a socket, following the protocol as the page does."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from havana.chat.people import Agent, Visitor
from havana.live.closing import Close
from havana.live.connection import Connection
from havana.live.serving import Serving

from . import private
from .node import TOKENS, Node
from .promises import ORDER, STANDS, keep
from .replies import Asked
from .view import View, Wire

if TYPE_CHECKING:
    from .world import World

Then = Callable[[Wire], None]
LATER = ("busy", "rate")
KEYED = ("request_human", "withdraw_request", "offer_call", "leave_contact", "note")
"""Commands other than a post that may have a key."""


class Post:
    """A message in the client's outbox, kept until it is acknowledged or refused."""

    def __init__(self, key: str, text: str, conversation: str | None) -> None:
        self.key = key
        self.text = text
        self.conversation = conversation


class Tab:
    def __init__(self, world: "World", token: str, number: int) -> None:
        self.name = f"{token}-{number}"
        self.token = token
        self.who: Visitor | Agent = TOKENS[token]
        self.public = isinstance(self.who, Visitor)
        self.views: dict[str, View] = {}
        self.current: str | None = None
        self.outbox: list[Post] = []
        self.sent: list[Asked] = []
        """Commands with a key, which may be sent once more."""
        self.node: Node | None = None
        self.stalled = False
        self.welcomed = False
        self.inbox: dict[str, Wire] = {}
        self._revision = 0
        self._world = world
        self._in_flight: Post | None = None
        self._woken = False
        self._ids = 0
        self._asked: dict[int, tuple[Asked, Then]] = {}
        self._strangers = [
            f"of-{name}" for name, who in TOKENS.items() if isinstance(who, Visitor) and who is not self.who
        ]

    # The network's side

    @property
    def is_connected(self) -> bool:
        return self.node is not None

    @property
    def has_news(self) -> bool:
        return self._woken and not self.stalled

    @property
    def can_try(self) -> bool:
        """Whether something waits that nobody has sent."""
        return self.welcomed and bool(self.outbox) and self._in_flight is None

    @property
    def is_waiting(self) -> bool:
        return bool(self._asked) or bool(self.outbox)

    def connects(self, node: Node) -> None:
        self.node = node
        with node.loop.entered():
            self.connection = Connection(node.services, self._wake)
            self.serving = Serving(self.connection, node.services)
        following = [view.position for view in self.views.values()]
        self.says("hello", self._greeted, v=1, token=self.token, following=following)

    def breaks(self) -> None:
        """The network is gone, whatever was on its way with it."""
        if self.node is not None:
            with self.node.loop.entered():
                self.connection.close(Close.ABNORMAL)
        self.lost()

    def lost(self) -> None:
        """There is no connection any more; what was not acknowledged will be sent again."""
        self.node, self.welcomed, self._woken, self._in_flight = None, False, False, None
        self._asked.clear()
        for view in self.views.values():
            view.asking_history = False
            view.awaited = False

    def takes(self) -> None:
        """Reads the next frame."""
        assert self.node is not None
        with self.node.loop.entered():
            frame = self.connection.next_frame()
        if frame is None:
            self._woken = False
            if self.connection.closing is not None:
                code = self.connection.closing[0]
                keep(code.reconnect, STANDS, f"{self.name} was sent away with {code}")
                self.lost()
            return
        if self.public:
            private.check(self.name, frame.text, self._strangers)
        for line in frame.text.split("\n"):
            if self.node is not None:  # what came before may have made us leave
                self._receive(json.loads(line))

    def pinged(self) -> None:
        assert self.node is not None
        with self.node.loop.entered():
            self.connection.ping()

    def _wake(self) -> None:
        self._woken = True

    # What people do

    def says(self, do: str, then: Then, **fields: Any) -> None:
        if self.node is None:
            return
        self._asks(Asked(do, fields, {}), then)

    def commands(self, do: str, **fields: Any) -> None:
        """A command other than a post: what is acknowledged of it must stand in the log."""
        if self.welcomed:
            if do in KEYED:
                fields["key"] = self._world.new_key()
                self.sent.append(Asked(do, fields, {}))
            self._commands(do, fields)

    def commands_again(self, which: int) -> None:
        """The same with the same key, as somebody does who has not heard whether it was done."""
        if self.welcomed and self.sent:
            again = self.sent[which % len(self.sent)]
            self._commands(again.do, again.fields)

    def _commands(self, do: str, fields: Wire) -> None:
        asked = Asked(do, fields, self._world.tops())
        self._asks(asked, lambda ok: self._world.answered(self, asked, ok))

    def _asks(self, asked: Asked, then: Then) -> None:
        assert self.node is not None
        self._ids += 1
        self._asked[self._ids] = (asked, then)
        frame = {"id": self._ids, "do": asked.do} | asked.fields
        with self.node.loop.entered():
            self.serving.receive(json.dumps(frame))

    def posts(self, post: Post) -> None:
        self.outbox.append(post)
        self.tries()

    def tries(self, *, twice: bool = False) -> None:
        """Sends what is first in the outbox, if it is not on its way."""
        if self.can_try or (twice and self.welcomed and self.outbox):
            post = self._in_flight = self.outbox[0]
            named = {"conversation": post.conversation} if post.conversation else {}
            self.says("post", lambda ok: self._acknowledged(post, ok), key=post.key, text=post.text, **named)

    def follows(self, conversation: str) -> None:
        """Anew, if it is followed already."""
        if self.welcomed:
            if (view := self.views.get(conversation)) is None:
                view = self.views[conversation] = View(conversation)
                view.awaited = True
            self.says("follow", lambda ok: self._followed(view, ok), **view.position)

    def unfollows(self, conversation: str) -> None:
        if self.welcomed and self.views.pop(conversation, None):
            self.says("unfollow", _nothing, conversation=conversation)

    # What comes

    def _receive(self, frame: Wire) -> None:
        if "id" in frame:
            asked = self._asked.pop(frame["id"], None)
            keep(asked is not None, ORDER, f"{frame} answers nothing")
            if "ok" in frame:
                asked[1](frame["ok"])
            else:
                self._refused(asked[0], frame["error"])
            return
        match frame.get("push"):
            case "event":
                self._event(frame["conversation"], frame["event"])
            case "delta" | "draft":
                self._words(frame)
            case "position":
                self._position(frame)
            case "inbox":
                self._inbox(frame)

    def _greeted(self, welcome: Wire) -> None:
        self.welcomed = True
        for followed in welcome["following"]:
            keep("error" not in followed or followed["error"]["code"] == "busy", STANDS, str(followed))
            if "error" not in followed:
                self._followed(self.views[followed["conversation"]], followed)
            else:
                self.follows(followed["conversation"])
        if welcome["current"] is not None:
            self.current = welcome["current"]["conversation"]
            if self.current not in self.views:
                self.follows(self.current)
        if not self.public:
            self.inbox.clear()
            self.says("follow_inbox", self._inbox_opened)

    def _followed(self, view: View, followed: Wire) -> None:
        if self.views.get(view.conversation) is not view:
            return  # unfollowed meanwhile
        known = set(view.events)
        view.followed(followed)
        if view.draft:
            self._world.shown.add(view.state["open_answer"])
        for seq in sorted(set(view.events) - known):
            self._world.seen(self, view, view.events[seq])

    def _event(self, conversation: str, event: Wire) -> None:
        view = self.views.get(conversation)
        if view is None:
            if not self.public:
                return  # on its way when we unfollowed
            view = self.views[conversation] = View(conversation)
            self.current = conversation
        if not view.awaited and view.pushed(event):
            self._world.seen(self, view, event)

    def _words(self, push: Wire) -> None:
        view = self.views.get(push["conversation"])
        if view is not None and not view.awaited:
            self._world.shown.add(push["answer"])
            view.delta(push) if push["push"] == "delta" else view.drafted(push)

    def _position(self, push: Wire) -> None:
        view = self.views.get(push["conversation"])
        if view is not None and push["seq"] > view.last and not view.asking_history:
            view.asking_history = True
            self.says("history", view.filled, conversation=view.conversation, after=view.last, limit=100)

    def _inbox_opened(self, page: Wire) -> None:
        self._revision = page["revision"]
        self._learn(page["conversations"])

    def _inbox(self, push: Wire) -> None:
        keep(push["revision"] == self._revision + 1, ORDER, f"inbox {push['revision']} after {self._revision}")
        self._revision = push["revision"]
        self._learn(push["changed"])

    def _learn(self, summaries: list[Wire]) -> None:
        for summary in summaries:
            conversation = summary["conversation"]
            self.inbox[conversation] = summary
            if conversation not in self.views:
                self.follows(conversation)

    def _acknowledged(self, post: Post, ok: Wire) -> None:
        self._world.acknowledged(self, post, ok)
        if post in self.outbox:
            self.outbox.remove(post)
        self._in_flight = None
        if self.public:
            self.current = ok["conversation"]
            if self.current not in self.views:
                self.follows(self.current)
            elif (view := self.views[self.current]).log is None:
                view.log = ok["log"]

    def _refused(self, asked: Asked, error: Wire) -> None:
        do, code = asked.do, error["code"]
        if asked.tops:
            self._world.refused(self, asked, error)
        keep(code not in ("bad_request", "unknown_command"), STANDS, f"{do}: {error}")
        if code == "already_claimed":
            keep(error["state"]["control"] == "human", ORDER, f"claimed already, but {error['state']}")
        if do == "post":
            post, self._in_flight = self._in_flight, None
            if post in self.outbox and code not in LATER:
                self.outbox.remove(post)
        for view in self.views.values():
            view.asking_history = False
        if do in ("hello", "follow", "follow_inbox"):
            keep(code in LATER, STANDS, f"{do}: {error}")
            self.breaks()


def _nothing(ok: Wire) -> None:
    del ok
