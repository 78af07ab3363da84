"""Runs the steps on the connection, and in the transaction, that `storage/schema.py` hands over."""

from alembic import context

from questionnaire.storage.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
