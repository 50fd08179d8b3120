"""Run by alembic for every migration; the connection and its transaction are the caller's."""

from alembic import context

from saldo.billing.store.tables import metadata, migration

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=migration.name,
    render_as_batch=True,  # SQLite cannot alter a column; alembic then copies the table
)
with context.begin_transaction():
    context.run_migrations()
