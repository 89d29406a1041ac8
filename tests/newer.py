"""What a release after this one leaves in the database: as rows, for this one has no words for it."""

from typing import Any

import msgspec
import sqlalchemy as sa

from havana.ids import new_id
from havana.storage.tables import conversations, events


def append(
    conn: sa.Connection, conversation: str, fact: dict[str, Any], *, public: bool = True, **fold: object
) -> dict[str, Any]:
    """One more event, which the system says; `fold` is what else it changes of the conversation. Tells its row."""
    of_this = conversations.c.id == conversation
    before = conn.execute(sa.select(conversations).where(of_this)).one()
    row = {
        "conversation_id": conversation,
        "seq": before.seq + 1,
        "public_seq": before.public_seq + 1 if public else None,
        "id": new_id(),
        "kind": fact["kind"],
        "role": "system",
        "author_id": "system",
        "author_name": "Havana Tech",
        "key": None,
        "at": before.at,
        "payload": msgspec.json.encode(fact).decode(),
    }
    conn.execute(events.insert().values(row))
    after = {"seq": row["seq"], "public_seq": before.public_seq + public, **fold}
    conn.execute(conversations.update().where(of_this).values(after))
    return row


def payloads(conn: sa.Connection, conversation: str) -> list[dict[str, Any]]:
    """The facts of its log as they are stored."""
    log = sa.select(events.c.payload).where(events.c.conversation_id == conversation).order_by(events.c.seq)
    return [msgspec.json.decode(payload) for payload in conn.execute(log).scalars()]
