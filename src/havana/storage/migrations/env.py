"""Alembic's entry: migrates the connection that `migrations.upgrade` hands over."""

from alembic import context

from havana.storage.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
context.run_migrations()
