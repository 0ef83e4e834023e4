"""Runs this store's revisions on the engine that `concerns.store.schema` hands over."""

from alembic import context

engine = context.config.attributes["engine"]
with engine.connect() as connection:
    context.configure(
        connection=connection, target_metadata=context.config.attributes["metadata"], render_as_batch=True
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
