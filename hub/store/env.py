"""What alembic runs: migrate on the connection that `hub.store.base.migrate` hands over."""

from __future__ import annotations

from alembic import context

from hub.store import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.METADATA,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
