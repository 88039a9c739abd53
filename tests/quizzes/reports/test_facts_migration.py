"""Attempts from before there were facts get the same as if they were handed in now."""

from __future__ import annotations

from alembic import command
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lti_tool.migrating import alembic_config, migrate
from quizzes.models import Quiz
from quizzes.reports import keeping
from quizzes.reports.models import AttemptFacts, LiveSums
from quizzes.reports.packing import unpack
from tests.quizzes.test_kinds_migration import fill


def test_attempts_that_are_closed_have_the_facts_that_gathering_finds(old_database: Engine):
    command.upgrade(alembic_config(old_database), "0030")
    with old_database.begin() as connection:
        fill(connection)

    migrate(old_database)

    with Session(old_database) as session:
        migrated = _all(session)
        keeping.gather(session, session.scalars(select(Quiz)).one())
        assert migrated == _all(session)
        [found] = map(unpack, migrated[0])
    assert [(each.mark, each.chosen, each.is_answered) for each in found.answers] == [
        (100_000, 0b10, True),
        (0, 0, False),
    ]
    assert migrated[1][0]["total"] == [1, 100_000, 10**10, 0, 0, 0]


def _all(session: Session) -> tuple[list[bytes], list[object]]:
    return (
        list(session.scalars(select(AttemptFacts.packed))),
        list(session.scalars(select(LiveSums.sums))),
    )
