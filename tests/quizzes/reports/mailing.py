"""What tests of reports by mail begin with: an instructor with an address, a manager, and a mail server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.contacts.models import Outsider
from lti_tool.contacts.recording import Wish, record
from lti_tool.manager_mail.standing import hash_of
from lti_tool.models import Enrolment
from lti_tool.notifying.models import PersonalNotice
from lti_tool.running import delivering
from quizzes.models import Quiz
from quizzes.reports.mailing import agreeing, scheduling
from quizzes.reports.mailing.models import ManagerReport
from quizzes.reports.mailing.times import Rhythm
from tests.cast import THEN, Cast
from tests.lti_tool.mail_server import MailServerInHand, Taken

A_DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
VERA = Outsider("Vera Stein", "vera@firm.example")
"""Leo's manager, who is not in the course."""


@dataclass
class Office:
    """A course with a quiz, whoever teaches it, somebody who takes it, and a mail server."""

    app: Flask
    session: Session
    cast: Cast
    quiz: Quiz
    ines: Enrolment
    leo: Enrolment
    there: MailServerInHand

    def managed(self, manager: Outsider | Enrolment | None = VERA, who: Enrolment | None = None) -> None:
        wish = Wish(who or self.leo, manager)
        assert record(self.session, self.quiz.course, [wish], by=self.ines, at=THEN) == []
        self.session.commit()

    def arranged(self, rhythm: Rhythm, *, of: Enrolment | None = None, weekday: int = 0, at: datetime = THEN) -> None:
        """For Ines where she is named, else for managers."""
        scheduling.arrange(self.session, self.quiz, of, rhythm, weekday, by=self.ines, at=at)
        self.session.commit()

    def agreed(self, who: Enrolment | None = None, *, mail: str = VERA.mail, at: datetime = THEN) -> None:
        with clock.moved_to(at):
            agreeing.agree(self.session, self.quiz, who or self.leo, whom=hash_of(mail), at=at)
        self.session.commit()

    def delivered(self, at: datetime) -> list[Taken]:
        """What the mail server took, of all that was due then."""
        before = len(self.there.taken)
        self.session.rollback()
        with clock.moved_to(at):
            delivering.drain(self.app)
        self.session.rollback()
        self.session.expire_all()
        return self.there.taken[before:]

    def to(self, mail: str, at: datetime) -> list[Taken]:
        return [taken for taken in self.delivered(at) if taken.recipient == mail]

    def reports(self) -> list[ManagerReport]:
        self.session.rollback()
        self.session.expire_all()
        return list(self.session.scalars(select(ManagerReport).order_by(ManagerReport.id)))

    def notices_of(self, who: Enrolment) -> list[str]:
        self.session.rollback()
        found = select(PersonalNotice.subject).where(PersonalNotice.enrolment_id == who.id)
        return list(self.session.scalars(found.order_by(PersonalNotice.id)))

    def visit(self, who: Enrolment) -> FlaskClient:
        return self.cast.visit(self.app.test_client(), who)

    @property
    def page(self) -> str:
        return f"/courses/{self.quiz.course.public_id}/quizzes/{self.quiz.public_id}"


def stop_link_in(taken: Taken) -> str:
    found = re.search(r"http://[^/\s]+(/quiz-report/[\w-]+/stop)\n", taken.part("plain"))
    assert found is not None, taken.part("plain")
    return found[1]
