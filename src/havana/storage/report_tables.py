"""The tables of what the reports count; `counting.py` fills them, from the log alone."""

import sqlalchemy as sa

metadata = sa.MetaData()
"""Every table is a part of it, those of `tables.py` too."""
Id = sa.String(36)

_QUARTER = "begun in which quarter of an hour, from 1970 on in UTC"

outcomes = sa.Table(
    "outcomes",
    metadata,
    sa.Column("conversation_id", Id, sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("site_id", Id, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False, comment="up to which the log was counted"),
    sa.Column("quarter", sa.Integer, nullable=False, comment=_QUARTER),
    sa.Column("came_out", sa.String(16), nullable=False, comment="open, solved, left, person"),
    sa.Column("rated", sa.Integer, comment="in which quarter of an hour; null for not"),
    sa.Column("score", sa.Integer),
    sa.Column("rated_agent", Id, comment="null for the assistant"),
    sa.Index("outcomes_by_quarter", "quarter", "site_id", "came_out"),
    sa.Index("outcomes_by_rating", "rated"),
)

handovers = sa.Table(
    "handovers",
    metadata,
    sa.Column("conversation_id", Id, sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("site_id", Id, nullable=False),
    sa.Column("quarter", sa.Integer, nullable=False, comment=_QUARTER),
    sa.Column("reason", sa.String(16), nullable=False, comment="chat.reporting.WhyPerson"),
    sa.Column("agent_id", Id, comment="who claimed it"),
    sa.Column("claim_s", sa.Integer, comment="seconds until somebody claimed it"),
    sa.Column("words_s", sa.Integer, comment="seconds until a person's first words"),
    sa.Index("handovers_by_quarter", "quarter"),
    sa.Index("handovers_by_agent", "agent_id"),
)

counted = sa.Table(
    "counted",
    metadata,
    sa.Column("name", sa.String(16), primary_key=True, comment="reports"),
    sa.Column("upto", Id, nullable=False, comment="no event's id below it is left to count"),
)
