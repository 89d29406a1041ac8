"""What the reports count, kept beside the log and made from it alone: how conversations came out, who waited how long.

Nothing is written when a conversation is: a portion of the log after the other is read in the order of the events' ids,
which is that of time, and each conversation in it is counted anew as a whole. So what was stored before there were
reports is counted in the same way, and what a node of another release has written too.
"""

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import msgspec
import sqlalchemy as sa

from havana.chat import events as e
from havana.chat.reporting import COUNTED, Outcome, outcome_of
from havana.ids import first_id
from havana.storage.dialects import insert
from havana.storage.history import event_of
from havana.storage.report_tables import counted, handovers, outcomes
from havana.storage.tables import conversations, events
from havana.storage.times import quarter

REPORTS = "reports"
SETTLED = dt.timedelta(minutes=2)
"""Events that are older have all come: by this the nodes' clocks may differ, and a commit may take."""


class Portion(msgspec.Struct, frozen=True):
    """Conversations that have gone on since they were counted. `last` is the id of the last event that was read.

    `more`: there may be other events after it.
    """

    last: str
    more: bool
    outcomes: Sequence[tuple[str, str, Outcome]]
    """With the ids of the conversation and of its site."""


def upto(conn: sa.Connection) -> str:
    """No event before this id is left to count."""
    return conn.execute(sa.select(counted.c.upto).where(counted.c.name == REPORTS)).scalar() or ""


def after(conn: sa.Connection, last: str, most: int) -> Portion:
    """What there is to count among the `most` events after that id."""
    read = sa.select(events.c.id, events.c.conversation_id).where(events.c.id > last).order_by(events.c.id).limit(most)
    rows = conn.execute(read).all()
    if not rows:
        return Portion(last, more=False, outcomes=[])
    ids = list(dict.fromkeys(row.conversation_id for row in rows))
    stale = (
        sa.select(conversations.c.id, conversations.c.site_id, conversations.c.seq)
        .outerjoin(outcomes, outcomes.c.conversation_id == conversations.c.id)
        .where(conversations.c.id.in_(ids), sa.func.coalesce(outcomes.c.seq, 0) < conversations.c.seq)
    )
    found = {row.id: row for row in conn.execute(stale)}
    made = [(of, found[of].site_id, outcome) for of, outcome in _outcomes(conn, list(found)).items()]
    for of, _, outcome in made:
        # Also what is not looked at is counted.
        outcome.seq = found[of].seq
    return Portion(rows[-1].id, more=len(rows) == most, outcomes=made)


def store(conn: sa.Connection, portion: Portion, now: dt.datetime) -> None:
    """Nothing of it is stored twice, whoever else counts the same; and the newer of two counts stays."""
    if portion.outcomes:
        _store(conn, portion.outcomes)
    last = min(portion.last, first_id(now - SETTLED))
    put = insert(conn.dialect.name, counted).values(name=REPORTS, upto=last)
    further = counted.c.upto < put.excluded.upto
    conn.execute(put.on_conflict_do_update(index_elements=[counted.c.name], set_={"upto": last}, where=further))


_KINDS = [e.snake_case(kind.__name__) for kind in COUNTED]


def _outcomes(conn: sa.Connection, ids: Sequence[str]) -> dict[str, Outcome]:
    if not ids:
        return {}
    looked_at = events.c.kind.in_(_KINDS) | (events.c.seq == 1)
    mine = sa.select(events).where(events.c.conversation_id.in_(ids), looked_at)
    rows = conn.execute(mine.order_by(events.c.conversation_id, events.c.seq))
    logs = groupby(rows, key=lambda row: row.conversation_id)
    return {of: outcome_of([event_of(row) for row in log]) for of, log in logs}


def _store(conn: sa.Connection, made: Sequence[tuple[str, str, Outcome]]) -> None:
    # Each locks its row: two who count the same must come by in the same order.
    made = sorted(made, key=lambda one: one[0])
    put = insert(conn.dialect.name, outcomes)
    changed = {column.name: put.excluded[column.name] for column in outcomes.c if not column.primary_key}
    newer = put.on_conflict_do_update(
        index_elements=[outcomes.c.conversation_id], set_=changed, where=outcomes.c.seq <= put.excluded.seq
    )
    conn.execute(newer, [_row(of, site, outcome) for of, site, outcome in made])
    # What is there now is ours, or somebody's who has seen more.
    ours = {of: outcome.seq for of, _, outcome in made}
    seen = sa.select(outcomes.c.conversation_id, outcomes.c.seq).where(outcomes.c.conversation_id.in_(ours))
    ids = [of for of, seq in conn.execute(seen) if seq == ours[of]]
    conn.execute(handovers.delete().where(handovers.c.conversation_id.in_(ids)))
    rows = [row for of, site, outcome in made if of in ids for row in _handovers(of, site, outcome)]
    if rows:
        conn.execute(handovers.insert(), rows)


def _row(of: str, site: str, outcome: Outcome) -> dict[str, Any]:
    rating = outcome.rating
    return {
        "conversation_id": of,
        "site_id": site,
        "seq": outcome.seq,
        "quarter": quarter(outcome.began_at),
        "came_out": outcome.came_out,
        "rated": quarter(rating.at) if rating else None,
        "score": rating.score if rating else None,
        "rated_agent": rating.agent if rating else None,
    }


def _handovers(of: str, site: str, outcome: Outcome) -> list[dict[str, Any]]:
    return [
        {
            "conversation_id": of,
            "seq": one.seq,
            "site_id": site,
            "quarter": quarter(one.at),
            "reason": one.reason,
            "agent_id": one.agent,
            "claim_s": one.claim_s,
            "words_s": one.words_s,
        }
        for one in outcome.handovers
    ]
