"""Who set the settings of a site last, and when."""

import sqlalchemy as sa
from alembic import op

from havana.storage.times import UtcTime

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    updated: sa.Column[object] = sa.Column(
        "updated_at", UtcTime(), comment="when the settings were set last; null: not since there is this column"
    )
    written: sa.Column[str] = sa.Column(
        "written_by", sa.String(length=36), comment="the agent who did; null: a command"
    )
    op.add_column("sites", updated)
    op.add_column("sites", written)
