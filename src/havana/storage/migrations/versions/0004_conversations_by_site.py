"""A site's conversations in the order in which they are listed, however few of all they are."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_index("conversations_by_site", "conversations", ["site_id", "control", "at"], unique=False)
