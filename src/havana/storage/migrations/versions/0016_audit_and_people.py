"""Who changed what in the settings, and who is invited or deactivated."""

import sqlalchemy as sa
from alembic import op

from havana.storage.times import UtcTime

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("agent_id", sa.String(length=36), nullable=True, comment="null: by a command"),
        sa.Column("agent_name", sa.String(length=200), nullable=True, comment="as it was then"),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("details", sa.Text(), nullable=False, comment="chat.changes.Change as JSON, without its kind"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"])
    invited: sa.Column[object] = sa.Column("invited_at", UtcTime(), comment="and has not come yet, so is not active")
    deactivated: sa.Column[object] = sa.Column("deactivated_at", UtcTime(), comment="and may come back; not active")
    purpose: sa.Column[str] = sa.Column("purpose", sa.String(length=16), comment="password; null: to sign in")
    op.add_column("agents", invited)
    op.add_column("agents", deactivated)
    op.add_column("sign_in_links", purpose)
