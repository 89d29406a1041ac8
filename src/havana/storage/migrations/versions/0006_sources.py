"""Where articles come from, and the anchors of their headings."""

import sqlalchemy as sa
from alembic import op

from havana.storage.times import UtcTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column(
        "chunks",
        sa.Column(
            "anchor", sa.Text(), nullable=True, comment="of the heading, on the page that the article's url names"
        ),
    )
    op.create_table(
        "sources",
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("place", sa.Text(), nullable=False, comment="a path, or an address; articles have it as theirs"),
        sa.Column("kind", sa.String(length=16), nullable=False, comment="file, folder, page"),
        sa.Column("added_at", UtcTime(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True, comment="of a page, as its server said it with what is stored"),
        sa.Column("modified", sa.Text(), nullable=True, comment="the same, as the time of its last change"),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"]),
        sa.PrimaryKeyConstraint("site_id", "place"),
    )
