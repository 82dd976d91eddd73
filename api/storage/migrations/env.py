"""The environment of Alembic: it runs our migrations on the connection that the program passes."""

from __future__ import annotations

from alembic import context

from api.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_server_default=True,
)
context.run_migrations()
