"""How migrations run: on the application's own engine, with foreign keys off on SQLite and checked at the end."""

from __future__ import annotations

from typing import Literal

from alembic import context
from sqlalchemy import Connection, Engine, text

from lti_tool.clock import UTCDateTime
from lti_tool.db import Base, writing


def run(engine: Engine) -> None:
    is_sqlite = engine.dialect.name == "sqlite"
    with writing(), engine.connect() as connection:
        if is_sqlite:
            # A table rebuilt by a batch migration would take its children along, and the pragma is without
            # effect inside a transaction.
            connection.connection.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                _migrate(connection, is_sqlite=is_sqlite)
        finally:
            if is_sqlite:
                connection.connection.execute("PRAGMA foreign_keys = ON")


def _render_time(kind: str, value: object, _context: object) -> str | Literal[False]:
    """Migrations name plain types, so that they run as they did whatever becomes of ours."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(value, UTCDateTime) else False


def _migrate(connection: Connection, *, is_sqlite: bool) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=_render_time,
    )
    if not is_sqlite:
        # Several processes may start at once; the second waits and finds nothing left to do.
        connection.execute(text("SELECT pg_advisory_xact_lock(7215001)"))
    context.run_migrations()
    if is_sqlite and (orphans := connection.execute(text("PRAGMA foreign_key_check")).all()):
        raise RuntimeError(f"The migration would leave {len(orphans)} rows without their parents: {orphans[:3]}")


run(context.config.attributes["engine"])
