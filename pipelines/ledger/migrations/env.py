"""What Alembic runs: all migrations that are missing, in the transaction that `migrating` began."""

from alembic import context

from pipelines.ledger.tables import METADATA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
)
context.run_migrations()
