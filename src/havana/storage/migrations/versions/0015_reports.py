"""How conversations came out and when people were wanted, for the reports. Filled by the server, in portions."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"

QUARTER = "begun in which quarter of an hour, from 1970 on in UTC"


def upgrade() -> None:
    op.create_table(
        "outcomes",
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False, comment="up to which the log was counted"),
        sa.Column("quarter", sa.Integer(), nullable=False, comment=QUARTER),
        sa.Column("came_out", sa.String(length=16), nullable=False, comment="open, solved, left, person"),
        sa.Column("rated", sa.Integer(), nullable=True, comment="in which quarter of an hour; null for not"),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("rated_agent", sa.String(length=36), nullable=True, comment="null for the assistant"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"]),
        sa.PrimaryKeyConstraint("conversation_id"),
    )
    op.create_index("outcomes_by_quarter", "outcomes", ["quarter", "site_id", "came_out"])
    op.create_index("outcomes_by_rating", "outcomes", ["rated"])
    op.create_table(
        "handovers",
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False, comment=QUARTER),
        sa.Column("reason", sa.String(length=16), nullable=False, comment="chat.reporting.WhyPerson"),
        sa.Column("agent_id", sa.String(length=36), nullable=True, comment="who claimed it"),
        sa.Column("claim_s", sa.Integer(), nullable=True, comment="seconds until somebody claimed it"),
        sa.Column("words_s", sa.Integer(), nullable=True, comment="seconds until a person's first words"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"]),
        sa.PrimaryKeyConstraint("conversation_id", "seq"),
    )
    op.create_index("handovers_by_quarter", "handovers", ["quarter"])
    op.create_index("handovers_by_agent", "handovers", ["agent_id"])
    op.create_table(
        "counted",
        sa.Column("name", sa.String(length=16), nullable=False, comment="reports"),
        sa.Column("upto", sa.String(length=36), nullable=False, comment="no event's id below it is left to count"),
        sa.PrimaryKeyConstraint("name"),
    )
