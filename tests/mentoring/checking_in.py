"""What tests of check-ins begin with: a pair whose mentee has a manager, and mails that are answered."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from lti_tool import clock
from lti_tool.contacts.models import Outsider
from lti_tool.contacts.recording import Wish, record
from lti_tool.models import Enrolment
from mentoring.mentorships import living
from mentoring.mentorships.models import Mentorship
from mentoring.together.checkins import arranging
from mentoring.together.checkins.models import CheckIn
from mentoring.together.checkins.standing import hash_of
from tests.cast import THEN
from tests.lti_tool.mail_server import MailServerInHand, Taken
from tests.mentoring.asking import deliver, held
from tests.mentoring.conftest import School

WEEK = timedelta(weeks=1)
VERA = Outsider("Vera Stein", "vera@firm.example")
WORDS = "Leo asks better questions"


def a_managed_pair(school: School) -> Mentorship:
    """Leo and Maya, under way; Vera manages Leo, and managers are asked every four weeks."""
    school.mentors(maya=5)
    pair = school.paired(school.leo, school.maya)
    living.begin(school.session, held(school, pair), by=school.leo, at=THEN)
    managed(school, VERA)
    rhythm(school, 4)
    return pair


def managed(school: School, manager: Outsider | Enrolment | None, who: Enrolment | None = None) -> None:
    wish = Wish(who or school.leo, manager)
    assert record(school.session, school.course, [wish], by=school.ines, at=THEN) == []
    school.session.commit()


def rhythm(school: School, weeks: int | None, at: datetime = THEN) -> None:
    arranging.set_rhythm(school.session, school.cohort, weeks, by=school.ines, at=at)
    school.session.commit()


def agreed(school: School, pair: Mentorship, mail: str = VERA.mail) -> None:
    arranging.agree(school.session, held(school, pair), whom=hash_of(mail), at=THEN)
    school.session.commit()


def address_of(pair: Mentorship, act: str = "") -> str:
    course = pair.cohort.course.public_id
    return f"/courses/{course}/mentoring/mentorships/{pair.public_id}{act}"


def section(answer: TestResponse) -> str:
    found = re.search(r'<section class="panel" id="section-check-ins".*?</section>', answer.text, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found.group())) if found else ""


def link_in(taken: Taken) -> str:
    found = re.search(r"http://[^/\s]+(/check-in/[\w-]+)\n", taken.part("plain"))
    assert found is not None, taken.part("plain")
    return found[1]


def asked(app: Flask, school: School, there: MailServerInHand, at: datetime = THEN + 4 * WEEK) -> str:
    """The address that Vera was mailed."""
    before = len(there.taken)
    deliver(app, school.session, at=at)
    vera = [taken for taken in there.taken[before:] if taken.recipient == VERA.mail]
    assert len(vera) == 1
    return link_in(vera[0])


def answered(app: Flask, link: str, *, at: datetime = THEN + 4 * WEEK, **said: Any) -> TestResponse:
    with clock.moved_to(at):
        return app.test_client().post(link, data={"seen": "some", "words": WORDS, **said})


def check_ins(school: School) -> list[CheckIn]:
    school.session.rollback()
    school.session.expire_all()
    return list(school.session.scalars(select(CheckIn).order_by(CheckIn.id)))
