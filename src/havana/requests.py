"""Carries out a command for a visitor or an agent. REST and the live channel meet here, so they authorise alike."""

import datetime as dt

from havana.accounts.limits import Limits
from havana.chat import calls, views
from havana.chat import commands as c
from havana.chat.conversation import Conversation
from havana.chat.errors import BadRequest, Forbidden, NotFound
from havana.chat.events import Proposed
from havana.chat.fold import Fold
from havana.chat.people import Agent, TeamName, Visitor
from havana.desk import Desk, Done, Request
from havana.duty import Duty
from havana.storage import history, staff, teams, visitors
from havana.storage.database import Database

Who = Visitor | Agent
RATING_TEXT_LIMIT = 2000


class Requests:
    def __init__(self, desk: Desk, duty: Duty, database: Database, limits: Limits) -> None:
        self._desk = desk
        self._duty = duty
        self._database = database
        self._limits = limits

    async def perform(self, who: Who, conversation: str | None, command: c.AnyCommand) -> dict[str, object]:
        """The wire's reply to a command. Raises a `Refusal`, in the words that the sender may read."""
        role = "visitor" if isinstance(who, Visitor) else "agent"
        if role not in command.who:
            raise Forbidden("Only the team can do that." if role == "visitor" else "Only the visitor can do that.")
        key: str | None = getattr(command, "key", None)
        if isinstance(who, Visitor):
            if isinstance(command, c.Post):
                self._limits.check_post(who.id)
            else:
                # The person button works for somebody who has written too much, too.
                self._limits.check_command(who.id)
            request = self._of_visitor(who, command)
            done = await self._for_visitor(who, conversation, command, request, key)
        else:
            if conversation is None:
                raise BadRequest("Which conversation? The field `conversation` is missing.")
            await self.allowed(who, conversation)
            request = await self._of_agent(who, conversation, command)
            done = await self._desk.perform(conversation, request, role=role, key=key)
        return reply(done, public=isinstance(who, Visitor), spoken=isinstance(command, c.Post))

    async def block(self, agent: Agent, visitor: str) -> None:
        """The visitor is not heard any more, and their conversation is over, whoever holds it."""
        now = dt.datetime.now(dt.UTC)
        if not await self._database.write(lambda conn: visitors.set_blocked(conn, visitor, now)):
            raise NotFound("There is no such visitor.")
        current = await self._database.read(lambda conn: visitors.current_conversation(conn, visitor))
        if current is not None:
            await self._desk.perform(current, lambda c: c.close(agent.author, admin=True, reason="blocked"))

    async def unblock(self, visitor: str) -> None:
        if not await self._database.write(lambda conn: visitors.set_blocked(conn, visitor, None)):
            raise NotFound("There is no such visitor.")

    async def allowed(self, who: Who, conversation: str) -> Fold:
        """The conversation, if `who` may know of it. Unknown and somebody else's are both `not_found`."""
        fold = await self._desk.load(conversation)
        if isinstance(who, Visitor) and fold.visitor.id != who.id:
            raise NotFound("There is no such conversation.")
        return fold

    async def _for_visitor(
        self, who: Visitor, conversation: str | None, command: c.AnyCommand, request: Request, key: str | None
    ) -> Done:
        if conversation is not None:
            fold = await self.allowed(who, conversation)
            # After a week (or a restart of the story) the old thread is history; what comes next is a new one.
            if not (command.opens and self._desk.is_over(fold)):
                return await self._desk.perform(conversation, request, role="visitor", key=key)
        elif not command.opens:
            raise BadRequest("Which conversation? The field `conversation` is missing.")
        return await self._desk.open(who, request, key=key)

    def _of_visitor(self, who: Visitor, command: c.AnyCommand) -> Request:
        match command:
            case c.Post(key=post_key, text=text):
                cleaned = c.clean_text(text)
                return lambda chat: chat.post(who, cleaned, post_key)
            case c.RequestHuman(key=key):
                return lambda chat: chat.request_human(who, on_duty=self._duty.anybody(), key=key)
            case c.WithdrawRequest(key=key):
                return lambda chat: chat.withdraw_request(who, key)
            case c.OfferCall(key=key):
                return lambda chat: chat.offer_call(who.author, key)
            case c.LeaveContact(name=name, email=email, key=key):
                name, email = c.clean_text(name, 200), c.clean_email(email)
                return lambda chat: chat.leave_contact(who, name, email, key)
            case c.Rate(score=score, text=text):
                text = c.clean_text(text, RATING_TEXT_LIMIT) if text.strip() else ""
                return lambda chat: chat.rate(who, score, text)
            case _:
                return lambda chat: chat.close(who.author)

    async def _of_agent(self, who: Agent, conversation: str, command: c.AnyCommand) -> Request:
        match command:
            case c.Post(key=post_key, text=text):
                cleaned = c.clean_text(text)
                return lambda chat: chat.reply(who, cleaned, post_key)
            case c.Note(key=key, text=text):
                cleaned = c.clean_text(text)
                return lambda chat: chat.note(who, cleaned, key)
            case c.Transfer(to=to, note=note):
                receiver = await self._colleague(to)
                noted = c.clean_text(note) if note.strip() else ""
                return lambda chat: chat.transfer(who, receiver, noted)
            case c.Route(team=team, note=note):
                named = None if team is None else await self._team(team)
                noted = c.clean_text(note) if note.strip() else ""
                return lambda chat: chat.route(who, named, noted, on_duty=self._duty.anybody())
            case c.Redact(event=event):
                return await self._redaction(who, conversation, event)
            case c.Label(labels=labels):
                cleaned_labels = c.clean_labels(labels)
                return lambda chat: chat.label(who, cleaned_labels)
            case c.Allow(call=call):
                return lambda chat: calls.allow(chat, who, call)
            case c.Refuse(call=call):
                return lambda chat: calls.refuse(chat, who, call)
            case c.OfferCall(key=key):
                return lambda chat: chat.offer_call(who.author, key)
            case c.Close():
                return lambda chat: chat.close(who.author, admin=who.admin)
            case c.ReturnToQueue():
                return lambda chat: chat.return_to_queue(who, on_duty=self._duty.anybody())
            case _:
                return _plain(who, command)

    async def _colleague(self, agent: str) -> Agent:
        found = await self._database.read(lambda conn: staff.agent_by_id(conn, agent))
        if found is None:
            raise BadRequest("There is no such agent to transfer to.")
        return found

    async def _team(self, team: str) -> TeamName:
        found = await self._database.read(lambda conn: teams.find(conn, team))
        if found is None:
            raise BadRequest("There is no such team to direct this to. Read again which there are.")
        return TeamName(found.id, found.name)

    async def _redaction(self, who: Agent, conversation: str, event: str) -> Request:
        target = await self._database.read(lambda conn: history.find_event(conn, conversation, event))
        if target is None:
            raise NotFound("There is no such event in this conversation.")
        return lambda chat: chat.redact(who, target)


def _plain(who: Agent, command: c.AnyCommand) -> Request:
    """The commands that have no fields."""

    def ask(chat: Conversation) -> list[Proposed]:
        match command:
            case c.Claim():
                return chat.claim(who)
            case c.HandBack():
                return chat.hand_back(who)
            case c.Reopen():
                return chat.reopen(who)
            case _:
                raise Forbidden("Only the visitor can do that.")

    return ask


def reply(done: Done, *, public: bool, spoken: bool) -> dict[str, object]:
    """The wire's `ok`. A post's has its place in the log; every other also the state that it led to."""
    fold, event = done.fold, done.event
    top = fold.public_seq if public else fold.seq
    seq = top if event is None else (event.public_seq if public else event.seq)
    answer: dict[str, object] = {
        "conversation": fold.id,
        "log": fold.log,
        "seq": seq,
        "at": fold.at if event is None else event.at,
        "repeated": done.repeated,
    }
    if not spoken:
        answer["state"] = views.state_of(fold, public=public)
    return answer
