"""A course from before reports went by mail can have them mailed; nothing is arranged for anybody by itself."""

from __future__ import annotations

from alembic import command
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool.migrating import alembic_config, migrate
from quizzes.models import Attempt, Quiz
from quizzes.reports.mailing.models import ManagerReport, ReportConsent, ReportSchedule, ReportStop
from quizzes.reports.mailing.times import Rhythm
from tests.cast import THEN
from tests.quizzes.test_kinds_migration import fill


def test_what_was_there_stays_and_managers_have_one_schedule_a_quiz(old_database: Engine):
    command.upgrade(alembic_config(old_database), "0030")
    with old_database.begin() as connection:
        fill(connection)

    migrate(old_database)

    with Session(old_database) as session:
        quiz, attempts = session.scalars(select(Quiz)).one(), session.scalars(select(Attempt)).all()
        counts = [
            session.scalar(select(func.count()).select_from(kind))
            for kind in (ReportSchedule, ReportConsent, ManagerReport, ReportStop)
        ]
        assert (len(attempts) > 0, counts) == (True, [0, 0, 0, 0])
        me = attempts[0].enrolment_id
        _arrange(session, quiz, None)
        _arrange(session, quiz, me)
        assert [_is_refused(session, quiz, reader) for reader in (None, me)] == [True, True]


def _arrange(session: Session, quiz: Quiz, reader: int | None) -> None:
    session.add(ReportSchedule(quiz_id=quiz.id, reader_id=reader, rhythm=Rhythm.DAILY, said=THEN, told=""))
    session.commit()


def _is_refused(session: Session, quiz: Quiz, reader: int | None) -> bool:
    try:
        _arrange(session, quiz, reader)
    except IntegrityError:
        session.rollback()
        return True
    return False
