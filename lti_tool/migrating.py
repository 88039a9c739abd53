"""Bringing a database to the newest shape, forward only, with data in it.

Alembic is loaded only where there is something to migrate: starting up and telling that we are ready go without it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

MIGRATIONS = Path(__file__).parent.parent / "migrations"
A_MIGRATION = "[0-9][0-9][0-9][0-9]_*.py"


def alembic_config(engine: Engine | None = None) -> AlembicConfig:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    if engine is not None:
        config.attributes["engine"] = engine
    return config


@cache
def head_of_code() -> str | None:
    """The newest migration there is: they are numbered in the order in which they follow one another."""
    return max((path.name[:4] for path in (MIGRATIONS / "versions").glob(A_MIGRATION)), default=None)


def head_of_database(engine: Engine) -> str | None:
    """The migration at which this database stands; None for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def migrate(engine: Engine) -> None:
    """Upgrade to the newest migration; quick when there is nothing to do."""
    if head_of_database(engine) != head_of_code():
        from alembic import command

        command.upgrade(alembic_config(engine), "head")


def new_migration(engine: Engine, name: str) -> None:
    """Write a migration from what the models say and the database lacks, under the next number."""
    from alembic import command

    numbers = [int(path.name[:4]) for path in (MIGRATIONS / "versions").glob(A_MIGRATION)]
    command.revision(
        alembic_config(engine), message=name, autogenerate=True, rev_id=f"{max(numbers, default=0) + 1:04d}"
    )
