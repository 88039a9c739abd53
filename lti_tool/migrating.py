"""Bringing a database to the newest shape, forward only, with data in it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def alembic_config(engine: Engine | None = None) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    if engine is not None:
        config.attributes["engine"] = engine
    return config


@cache
def head_of_code() -> str | None:
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def head_of_database(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def migrate(engine: Engine) -> None:
    """Upgrade to the newest migration; quick when there is nothing to do."""
    if head_of_database(engine) != head_of_code():
        command.upgrade(alembic_config(engine), "head")


def new_migration(engine: Engine, name: str) -> None:
    """Write a migration from what the models say and the database lacks, under the next number."""
    numbers = [int(path.name[:4]) for path in (MIGRATIONS / "versions").glob("[0-9][0-9][0-9][0-9]_*.py")]
    command.revision(
        alembic_config(engine), message=name, autogenerate=True, rev_id=f"{max(numbers, default=0) + 1:04d}"
    )
