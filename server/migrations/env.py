"""Run by Alembic: migrations on the connection that the program hands over."""

from typing import Any, Literal

from alembic import context

from server import models  # noqa: F401 -- the tables must be known before they are compared
from server.db import Base


def _render(kind: str, column_type: Any, autogen_context: Any) -> str | Literal[False]:
    """Our own types are plain ones to the database; a migration must not break when our code moves."""
    if kind != "type" or not type(column_type).__module__.startswith("server."):
        return False
    plain = column_type.impl
    if "DateTime" in type(plain).__name__:
        return "sa.DateTime(timezone=True)"
    return f"sa.{type(plain).__name__}()"


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=_render,
    include_object=context.config.attributes["include_object"],
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
