"""Migrations lead to what the models say, on both databases, and never take rows along."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import create_engine, event, text
from sqlalchemy.orm import Session

from lti_tool import migrating
from lti_tool.db import Base, QueuedConnection, db, prepare
from tests.cast import Cast


def test_the_migrations_lead_to_the_models(app: Flask, session: Session):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, Base.metadata) == []


def test_the_migrations_are_one_numbered_line():
    names = sorted(path.name for path in (migrating.MIGRATIONS / "versions").glob("*.py"))

    assert [name[:4] for name in names] == [f"{n:04d}" for n in range(1, len(names) + 1)]
    assert migrating.head_of_code() == names[-1][:4]


def test_migrating_twice_changes_nothing(app: Flask, session: Session):
    before = migrating.head_of_database(db.engine)

    migrating.migrate(db.engine)

    assert migrating.head_of_database(db.engine) == before == migrating.head_of_code()


REBUILD = """
from alembic import op
import sqlalchemy as sa
revision, down_revision, branch_labels, depends_on = "9999", None, None, None
def upgrade():
    with op.batch_alter_table("parent", recreate="always") as batch:
        batch.add_column(sa.Column("nickname", sa.String()))
    {after}
"""


def _family(folder: Path, monkeypatch: pytest.MonkeyPatch, after: str = "pass") -> str:
    """A database with a parent and a child that goes with it, and one migration that rebuilds the parent."""
    scripts = folder / "migrations"
    (scripts / "versions").mkdir(parents=True)
    (scripts / "env.py").write_text((migrating.MIGRATIONS / "env.py").read_text())
    (scripts / "versions" / "9999_rebuild.py").write_text(REBUILD.format(after=after))
    monkeypatch.setattr(migrating, "MIGRATIONS", scripts)
    monkeypatch.setattr(migrating, "head_of_code", lambda: "9999")
    return f"sqlite:///{folder / 'family.sqlite'}"


def _rebuild(url: str) -> list[str]:
    engine = create_engine(url, connect_args={"factory": QueuedConnection})
    prepare(engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
        connection.execute(
            text("CREATE TABLE child (name TEXT, parent_id INTEGER REFERENCES parent(id) ON DELETE CASCADE)")
        )
        connection.execute(text("INSERT INTO parent VALUES (1)"))
        connection.execute(text("INSERT INTO child VALUES ('kept', 1)"))
    try:
        migrating.migrate(engine)
        with engine.connect() as connection:
            return [row.name for row in connection.execute(text("SELECT name FROM child"))]
    finally:
        engine.dispose()


def test_a_rebuilt_table_keeps_its_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert _rebuild(_family(tmp_path, monkeypatch)) == ["kept"]


def test_without_our_care_the_children_would_be_gone(tmp_path: Path):
    """Shows that the test above can fail: the same rebuild with foreign keys left on."""
    engine = create_engine(f"sqlite:///{tmp_path / 'family.sqlite'}")
    event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA foreign_keys = ON"))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
        connection.execute(
            text("CREATE TABLE child (name TEXT, parent_id INTEGER REFERENCES parent(id) ON DELETE CASCADE)")
        )
        connection.execute(text("INSERT INTO parent VALUES (1)"))
        connection.execute(text("INSERT INTO child VALUES ('kept', 1)"))

    with engine.begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("parent", recreate="always"):
            pass
        left = connection.execute(text("SELECT count(*) FROM child")).scalar()
    engine.dispose()

    assert left == 0


def test_a_migration_that_would_orphan_rows_is_refused_and_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    url = _family(tmp_path, monkeypatch, after='op.execute("DELETE FROM parent")')

    with pytest.raises(RuntimeError, match="would leave 1 rows without their parents"):
        _rebuild(url)

    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM parent")).scalar() == 1
    engine.dispose()


def test_rows_of_every_kind_survive_a_second_migration_run(session: Session, cast: Cast):
    leo = cast.enrol(cast.course(), "Leo")

    migrating.migrate(db.engine)

    session.refresh(leo)
    assert leo.person.name == "Leo"


def test_the_newest_number_is_the_newest_migration():
    """What starting up goes by, without loading alembic."""
    assert migrating.head_of_code() == ScriptDirectory.from_config(migrating.alembic_config()).get_current_head()
