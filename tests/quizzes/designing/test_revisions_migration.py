"""Quizzes from before there were revisions go on as they were, and their attempts are derived as they were drawn."""

from __future__ import annotations

import json
from datetime import timedelta

from alembic import command
from flask import Flask
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from lti_tool.migrating import alembic_config, migrate
from lti_tool.models import Enrolment
from quizzes import starting
from quizzes.deriving import derive
from quizzes.designing.models import QuizRevision
from quizzes.designing.plan import Plan, RulePlan, SectionPlan
from quizzes.designing.reviewing import EVERYTHING, PRESETS, Moment, Preset, Review
from quizzes.designing.settings import Settings
from quizzes.drawing.from_pool import Candidate, draw
from quizzes.models import Attempt, Quiz
from tests.cast import THEN
from tests.quizzes.test_kinds_migration import fill

OLD = draw(
    [Candidate(question=1001, version=1002, options=2), Candidate(question=1002, version=1003, options=2)],
    2,
    bytes(16),
)
"""What the attempt's seed made of its pool when it began."""


def test_an_old_quiz_is_its_first_revision_and_goes_on(app: Flask, old_database: Engine):
    command.upgrade(alembic_config(old_database), "0030")
    with old_database.begin() as connection:
        fill(connection)
        connection.execute(text("UPDATE attempt SET pool = '[1002, 1003]', maximum = 2.0"))
        if connection.dialect.name == "postgresql":
            # Rows that came with their numbers leave the counters behind.
            for table in ("attempt", "answer"):
                connection.execute(text(f"ALTER SEQUENCE {table}_id_seq RESTART WITH 100"))

    migrate(old_database)

    with Session(old_database) as session:
        quiz = session.scalars(select(Quiz)).one()
        bank = quiz.bank
        assert (bank.name, quiz.published.n, quiz.published.title) == ("small", 1, quiz.title)
        assert quiz.published.outlined == Plan(sections=(SectionPlan(slots=(RulePlan(bank=bank.id, count=2),)),))
        assert quiz.settings == Settings(limit=timedelta(minutes=1), attempts=2, pass_percent=50)
        assert quiz.settings.review == PRESETS[Preset.AFTER_LAST]
        old = session.scalars(select(Attempt)).one()
        assert (old.revision, old.has_passed, old.outline) == (quiz.published, True, None)
        assert derive(session, old) == OLD

        leo = session.get_one(Enrolment, 1)
        with app.app_context():
            new = starting.start(session, quiz, leo, seed=bytes(16), at=THEN)
        session.commit()

        assert (new.n, new.algorithm) == (2, "hmac-sha256-fy/2")
        assert sorted(answer.version_id for answer in new.answers) == [1002, 1003]
        assert session.scalars(select(QuizRevision)).one() is new.revision


def test_what_settings_said_of_running_attempts_and_was_never_shown_is_not_shown_now(old_database: Engine):
    command.upgrade(alembic_config(old_database), "0030")
    with old_database.begin() as connection:
        fill(connection)
    command.upgrade(alembic_config(old_database), "0040")
    said = {Moment.DURING: EVERYTHING, Moment.LATER: EVERYTHING}
    with old_database.begin() as connection:
        settings = json.dumps(Settings(review=Review(at=said, keys_wait=False)).as_json())
        connection.execute(text("UPDATE quiz_revision SET settings = :settings"), {"settings": settings})

    migrate(old_database)

    with Session(old_database) as session:
        review = session.scalars(select(QuizRevision)).one().rules.review
        assert (review.on_check, review.at[Moment.LATER], review.keys_wait) == (frozenset(), EVERYTHING, False)
