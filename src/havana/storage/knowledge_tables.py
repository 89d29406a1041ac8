"""The tables of what the assistant knows: articles, the passages they are cut into, and where they come from."""

import sqlalchemy as sa

from havana.storage.report_tables import Id, metadata
from havana.storage.times import UtcTime

articles = sa.Table(
    "articles",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("site_id", Id, sa.ForeignKey("sites.id"), nullable=False),
    sa.Column("path", sa.Text, nullable=False, comment="where it came from; again the same, and it is replaced"),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("url", sa.Text),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("updated_at", UtcTime, nullable=False),
    sa.Column("written_by", Id, comment="the agent who wrote it in the console, or changed it last"),
    sa.UniqueConstraint("site_id", "path", name="one_article_of_a_path"),
)

chunks = sa.Table(
    "chunks",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("article_id", Id, sa.ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("heading", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("anchor", sa.Text, comment="of the heading, on the page that the article's url names"),
)

vectors = sa.Table(
    "vectors",
    metadata,
    sa.Column("chunk_id", sa.Integer, sa.ForeignKey("chunks.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("model", sa.String(64), nullable=False, comment="that made it; another one's mean nothing to it"),
    sa.Column("vector", sa.LargeBinary, nullable=False, comment="float32, little-endian, of length 1"),
)

sources = sa.Table(
    "sources",
    metadata,
    sa.Column("site_id", Id, sa.ForeignKey("sites.id"), primary_key=True),
    sa.Column("place", sa.Text, primary_key=True, comment="a path, or an address; articles have it as theirs"),
    sa.Column("kind", sa.String(16), nullable=False, comment="file, folder, page"),
    sa.Column("added_at", UtcTime, nullable=False),
    sa.Column("etag", sa.Text, comment="of a page, as its server said it with what is stored"),
    sa.Column("modified", sa.Text, comment="the same, as the time of its last change"),
)
