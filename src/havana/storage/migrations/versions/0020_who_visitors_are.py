"""What visitors' pages tell, and what agents write down of visitors."""

import sqlalchemy as sa
from alembic import op

from havana.storage.times import UtcTime

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "visitor_contexts",
        sa.Column("visitor_id", sa.String(length=36), nullable=False),
        sa.Column("path", sa.Text(), nullable=True, comment="of the page; null where the site does not ask for it"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("referrer", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("since", UtcTime(), nullable=False, comment="on this page"),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["visitor_id"], ["visitors.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("visitor_id"),
    )
    op.create_index(op.f("ix_visitor_contexts_seen_at"), "visitor_contexts", ["seen_at"])
    op.create_table(
        "visitor_details",
        sa.Column("visitor_id", sa.String(length=36), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False, comment="name, email, notes, or the team's own word"),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="of the value, to notice whoever came first"),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("written_by", sa.String(length=36), nullable=True, comment="the agent who wrote or changed it last"),
        sa.ForeignKeyConstraint(["visitor_id"], ["visitors.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("visitor_id", "field"),
    )
