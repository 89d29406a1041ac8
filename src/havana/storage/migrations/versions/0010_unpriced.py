"""How many tokens are missing in what a day has cost."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column(
        "spending",
        sa.Column(
            "unpriced_tokens",
            sa.BigInteger(),
            nullable=False,
            server_default="0",
            comment="of those, not in the sum of money",
        ),
    )
