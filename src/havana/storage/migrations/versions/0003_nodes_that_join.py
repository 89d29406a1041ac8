"""Several nodes on one database, and which agents have a console open where."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    joins: sa.Column[bool] = sa.Column(
        "joins", sa.Boolean(), nullable=False, server_default=sa.false(), comment="others may work beside it"
    )
    agents: sa.Column[str] = sa.Column(
        "agents", sa.Text(), nullable=False, server_default="[]", comment="whose consoles are open there; JSON"
    )
    op.add_column("nodes", joins)
    op.add_column("nodes", agents)
