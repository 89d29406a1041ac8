"""Teams, who is in them, and which conversations wait for one."""

import sqlalchemy as sa
from alembic import op

from havana.storage.times import UtcTime

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    digest: sa.Column[str] = sa.Column(
        "digest", sa.String(length=64), nullable=False, comment="of what was chosen, to notice whoever came first"
    )
    assign: sa.Column[str] = sa.Column(
        "assign", sa.String(length=16), server_default="off", nullable=False, comment="chat.assigning.Assign"
    )
    op.create_table(
        "teams",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        assign,
        sa.Column("answer_within_s", sa.Integer(), server_default="180", nullable=False),
        digest,
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("written_by", sa.String(length=36), comment="the admin who made or changed it last"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "team_members",
        sa.Column("team_id", sa.String(length=36), nullable=False),
        sa.Column("agent_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("team_id", "agent_id"),
    )
    op.create_index(op.f("ix_team_members_agent_id"), "team_members", ["agent_id"])
    team: sa.Column[str] = sa.Column("team_id", sa.String(length=36), comment="for whom it waits, while it does")
    name: sa.Column[str] = sa.Column("team_name", sa.Text())
    op.add_column("conversations", team)
    op.add_column("conversations", name)
    assigned: sa.Column[object] = sa.Column(
        "assigned_at", UtcTime(), comment="when a conversation was last given to them by itself"
    )
    op.add_column("agents", assigned)
    until: sa.Column[object] = sa.Column("answer_until", UtcTime())
    op.add_column("conversations", until)
    capacity: sa.Column[int] = sa.Column(
        "capacity",
        sa.Integer(),
        comment="conversations at once that are given to them; null: chat.assigning.CAPACITY",
    )
    op.add_column("agents", capacity)
