"""One connection's side of the conversation `chat.v1`, without any I/O: frames and events in, frames out.

The shell around it (`connection.py`) decodes a frame into commands, and for each calls `start`, carries out what
that answers with, and encodes the outcome with `reply` or `refuse`. What may go out now of a conversation, its
`Following` knows.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import msgspec

from havana.chat.commands import COMMANDS, AnyCommand
from havana.chat.errors import BadRequest, Forbidden, LimitReached, NotFound, Refusal, UnknownCommand
from havana.chat.views import state_of
from havana.live import frames as f
from havana.live.closing import Close, Hangup
from havana.live.decoding import Command
from havana.live.encoding import Frame, encode
from havana.live.following import Draft, Following, Words
from havana.live.identity import Identity, Who
from havana.live.kinds import Id, LiveCommand


class _Named(msgspec.Struct):
    conversation: Id | None = None


class Perform(msgspec.Struct, frozen=True):
    """A request of `chat/commands.py`, to be carried out. `conversation` is null for the current one."""

    conversation: str | None
    command: AnyCommand


Ask = LiveCommand | Perform


class Session:
    """What one client may do and has. `id` names the connection, in logs and in the welcome."""

    def __init__(self, id: str) -> None:
        self.id = id
        self.identity: Identity | None = None
        self.welcomed = False
        self.following: dict[str, Following] = {}
        self._typed: dict[str, float] = {}

    @property
    def public(self) -> bool:
        return self.identity is None or self.identity.public

    # Commands

    def start(self, command: Command, now: float) -> Ask | None:
        """What a command asks the server to do; None if it is done with that.

        `now` is in seconds, from any clock. Raises a `Refusal`, or `Hangup` when the connection must end.
        """
        if self.identity is None:
            return self._hello(command)
        if not isinstance(command.do, str):
            raise BadRequest("`do` must be the name of a command.")
        kind = f.LIVE_COMMANDS.get(command.do) or COMMANDS.get(command.do)
        if kind is None:
            raise UnknownCommand("There is no such command.")
        if kind is f.Hello:
            raise BadRequest("You have said hello already.")
        if self._role not in kind.who:
            raise Forbidden(
                "Only the team can do that." if self.public else "Only the visitor can do that.",
            )
        if command.do in COMMANDS:
            named = _convert(command.fields, _Named).conversation
            return Perform(named, _convert(command.fields, kind))
        asked: LiveCommand = _convert(command.fields, kind)
        return self._typing(asked, now) if isinstance(asked, f.Typing) else asked

    def reply(self, id: int, ok: Any) -> Frame:
        return encode({"id": id, "ok": ok})

    def refuse(self, id: int, refusal: Refusal) -> Frame:
        return encode({"id": id, "error": self.error(refusal)})

    def error(self, refusal: Refusal) -> dict[str, Any]:
        fold = refusal.fold
        return {
            "code": refusal.code,
            "message": refusal.message,
            "retry_ms": refusal.retry_ms,
            "state": None if fold is None else state_of(fold, public=self.public),
        }

    def identified(self, identity: Identity) -> None:
        """Whom the token of the hello names. Everything after it is done in this name."""
        self.identity = identity

    def welcome(
        self,
        id: int,
        you: Who,
        *,
        now: dt.datetime,
        current: dict[str, Any] | None,
        following: Sequence[dict[str, Any] | msgspec.Raw],
    ) -> Frame:
        """The answer to the hello."""
        self.welcomed = True
        welcome = f.Welcome(f.VERSION, self.id, you.author, now, f.PING_MS, f.Limits(), current, tuple(following))
        return self.reply(id, welcome)

    # Conversations

    def attach(self, conversation: str) -> None:
        """From now on live events are held, until `attached` says what the client got from the log."""
        known = self.following.get(conversation)
        if known is None:
            if len(self.following) >= f.FOLLOWING_LIMIT:
                raise LimitReached(f"You follow {f.FOLLOWING_LIMIT} conversations already. Unfollow one first.")
            known = self.following[conversation] = Following()
        known.begin()

    def attach_empty(self, conversation: str) -> None:
        """Follows a conversation that was just created, from its first event, unless it is followed already."""
        if conversation not in self.following and len(self.following) < f.FOLLOWING_LIMIT:
            self.following[conversation] = Following()
            self.following[conversation].begin_empty()

    def attached(self, followed: dict[str, Any]) -> list[Frame]:
        """The client gets this FOLLOWED; what goes out after it."""
        following = self.following[followed["conversation"]]
        open_answer, draft = followed["state"]["open_answer"], followed["draft"]
        shown = len(draft["text"]) if draft and draft["answer"] == open_answer else 0
        return [event.frame for event in following.followed(followed["top"], open_answer, shown)]

    def not_attached(self, conversation: str, *, gone: bool) -> list[Frame]:
        """The log could not be read. Whoever followed before still does, unless the conversation is not theirs."""
        following = self.following[conversation]
        if gone or not following.last:
            self.detach(conversation)
            return []
        return [event.frame for event in following.resume()]

    def detach(self, conversation: str) -> None:
        self.following.pop(conversation, None)
        self._typed.pop(conversation, None)

    def words(self, conversation: str, draft: Draft) -> Words | None:
        """Which words of an answer go out now."""
        following = self.following.get(conversation)
        return None if following is None else following.words(draft)

    def is_live(self, conversation: str) -> bool:
        following = self.following.get(conversation)
        return following is not None and not following.attaching

    # Parts of the above

    @property
    def _role(self) -> str:
        return "visitor" if self.public else "agent"

    def _hello(self, command: Command) -> f.Hello:
        if command.do != "hello":
            raise Hangup(Close.NO_HELLO, "say hello first")
        version = command.fields.get("v")
        if isinstance(version, int) and version != f.VERSION:
            raise Hangup(Close.VERSION, f"this server speaks version {f.VERSION}")
        hello: f.Hello = _convert(command.fields, f.Hello)
        return hello

    def _typing(self, typing: f.Typing, now: float) -> f.Typing | None:
        if typing.conversation not in self.following:
            raise NotFound("You do not follow this conversation.")
        if now - self._typed.get(typing.conversation, float("-inf")) < f.TYPING_MS / 1000:
            return None
        self._typed[typing.conversation] = now
        return typing


def _convert(value: Any, kind: Any) -> Any:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise BadRequest(f"{error}.") from None
