"""Run by Alembic, over the connection that `triage.store.database` hands it."""

from alembic import context

from triage.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=False
)
context.run_migrations()
