"""Questions that no article answered, and who wrote an article."""

import sqlalchemy as sa
from alembic import op

from havana.storage.times import UtcTime

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "questions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column(
            "event_id", sa.String(length=36), nullable=False, comment="the visitor's latest message that was answered"
        ),
        sa.Column("answer", sa.String(length=36), nullable=False),
        sa.Column(
            "seq", sa.Integer(), nullable=False, comment="of the answer's start: what it answers stands before it"
        ),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False, comment="open, written, dismissed"),
        sa.Column("settled_at", UtcTime(), nullable=True),
        sa.Column(
            "settled_by", sa.String(length=36), nullable=True, comment="the agent who wrote the article or dismissed it"
        ),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"]),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("answer"),
    )
    op.create_index("questions_by_state", "questions", ["site_id", "state", "asked_at"])
    op.create_index("ix_questions_conversation_id", "questions", ["conversation_id"])
    op.create_index("ix_questions_event_id", "questions", ["event_id"])
    op.add_column(
        "articles",
        sa.Column(
            "written_by",
            sa.String(length=36),
            nullable=True,
            comment="the agent who wrote it in the console, or changed it last",
        ),
    )
