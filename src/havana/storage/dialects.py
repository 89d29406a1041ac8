"""What the databases say differently, where SQLAlchemy has no word for both."""

import sqlalchemy as sa


def can_store(conn: sa.Connection) -> None:
    """A write that changes nothing and costs a commit as any other does: the first page goes to the disk."""
    conn.exec_driver_sql("PRAGMA user_version = 0")
