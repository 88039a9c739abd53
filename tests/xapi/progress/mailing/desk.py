"""What tests of progress reports by mail begin with: a lived-in course, a manager outside, and a mail server."""

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
from tests.cast import Cast
from tests.lti_tool.mail_server import MailServerInHand, Taken
from tests.mentoring.conftest import School
from tests.xapi.progress.conftest import NOW, Year
from xapi.progress.mailing import agreeing, scheduling, sending
from xapi.progress.mailing.models import ProgressReport, ProgressSchedule
from xapi.progress.mailing.times import Rhythm

A_DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
VERA = Outsider("Vera Stein", "vera@firm.example")
"""Leo's manager, who is not in the course."""
TUESDAY = 1
"""The weekday of NOW, nine o'clock: two hours after reports go."""


@dataclass
class Desk:
    app: Flask
    session: Session
    cast: Cast
    year: Year
    there: MailServerInHand

    @property
    def school(self) -> School:
        return self.year.school

    @property
    def leo(self) -> Enrolment:
        return self.school.leo

    @property
    def page(self) -> str:
        return f"/courses/{self.school.course.public_id}/progress"

    def managed(self, manager: Outsider | Enrolment | None = VERA, who: Enrolment | None = None) -> None:
        wish = Wish(who or self.leo, manager)
        assert record(self.session, self.school.course, [wish], by=self.school.ines, at=NOW) == []
        self.session.commit()

    def arranged(self, rhythm: Rhythm, *, weekday: int = TUESDAY, at: datetime = NOW) -> None:
        scheduling.arrange(self.session, self.school.course, rhythm, weekday, by=self.school.ines, at=at)
        self.session.commit()

    def stopped(self) -> None:
        found = self.schedule()
        assert found is not None
        found.stop()
        self.session.commit()

    def agreed(self, who: Enrolment | None = None, *, mail: str = VERA.mail) -> None:
        agreeing.agree(self.session, who or self.leo, whom=hash_of(mail), at=NOW)
        self.session.commit()

    def refused(self) -> None:
        agreeing.refuse(self.session, self.leo, at=NOW)
        self.session.commit()

    def asked_for(self, occasion: str = "now:aaaaaaaa", who: Enrolment | None = None) -> None:
        sending.post(self.session, [(who or self.leo).id], Rhythm.REQUEST, occasion, at=NOW)
        self.session.commit()

    def delivered(self, at: datetime = NOW) -> list[Taken]:
        """What the mail server took, of all progress reports that were due then."""
        before = len(self.there.taken)
        self.let_go()
        with clock.moved_to(at):
            for lane in (scheduling.LANE, sending.LANE):
                while delivering.serve(self.app, lane):
                    pass
        self.let_go()
        return self.there.taken[before:]

    def let_go(self) -> None:
        self.session.rollback()
        self.session.expire_all()

    def schedule(self) -> ProgressSchedule | None:
        return scheduling.schedule_of(self.session, self.school.course)

    def reports(self) -> list[ProgressReport]:
        self.let_go()
        return list(self.session.scalars(select(ProgressReport).order_by(ProgressReport.id)))

    def notices_of(self, who: Enrolment) -> list[str]:
        self.let_go()
        about = PersonalNotice.enrolment_id == who.id, PersonalNotice.kind == "progress-reports"
        return list(self.session.scalars(select(PersonalNotice.subject).where(*about).order_by(PersonalNotice.id)))

    def visit(self, who: Enrolment) -> FlaskClient:
        with clock.moved_to(NOW):
            return self.cast.visit(self.app.test_client(), who)


def stop_link_in(taken: Taken) -> str:
    found = re.search(r"http://[^/\s]+(/progress-report/[\w-]+/stop)\n", taken.part("plain"))
    assert found is not None, taken.part("plain")
    return found[1]
