"""Newcomers who are ready are put up for matching: a draft is made, and instructors hear of it, without a click."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import Flask
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, mail, outbox
from lti_tool.db import transaction
from lti_tool.mail import Words
from lti_tool.models import Course, Enrolment, Role
from lti_tool.outbox import Done, Errand, Outcome
from mentoring.events import ReadyForMatching
from mentoring.pairing.models import MatchRun
from mentoring.pairing.runs.beginning import Contradictory, NotStarted, begin, open_run
from mentoring.pairing.runs.drafting import hold_runs
from mentoring.programs.choices import CURRENT
from mentoring.programs.models import Cohort

LANE = "mentoring-putting-up"
DRAFTS = "drafts"
"""The kind of notice by which instructors hear that a draft waits for them."""
TOGETHER = timedelta(minutes=10)
"""Who becomes ready within this time is put up together."""


def init_app(app: Flask) -> None:
    outbox.subscribe(app, ReadyForMatching, _hear)
    outbox.register_carrier(app, LANE, PuttingUpCarrier())


def _hear(session: Session, event: ReadyForMatching) -> None:
    cohort = session.scalars(select(Cohort).where(Cohort.public_id == event.cohort)).one()
    outbox.post(session, LANE, {"cohort": cohort.id}, due=event.at + TOGETHER, key=f"putting-up:{cohort.id}")


class PuttingUpCarrier:
    """Makes the draft. One that is open is left as it is: whoever works on it suggests again when it suits them."""

    batch = 5

    def carry(self, errands: Sequence[Errand]) -> list[Outcome]:
        return [_put_up(errand) for errand in errands]


def _put_up(errand: Errand) -> Outcome:
    at = clock.now()
    with transaction() as session:
        cohort = session.get(Cohort, errand.body["cohort"])
        if cohort is None:
            return Done()
        hold_runs(session, cohort.course)
        session.refresh(cohort)
        if cohort.state not in CURRENT:
            return Done()
        run = open_run(session, cohort)
        try:
            run = run or begin(session, cohort, by=None, at=at)
        except (NotStarted, Contradictory):
            # Nobody is left to be matched, or nobody mentors yet: the instructor's home says so already.
            return Done()
        for teacher in _teachers(session, cohort.course):
            _tell(session, teacher, cohort, run, key=f"draft:{run.public_id}")
    return Done()


def _teachers(session: Session, course: Course) -> Sequence[Enrolment]:
    return session.scalars(
        select(Enrolment)
        .where(Enrolment.course_id == course.id, Enrolment.role == Role.INSTRUCTOR, Enrolment.is_active)
        .order_by(Enrolment.id)
    ).all()


def _tell(session: Session, teacher: Enrolment, cohort: Cohort, run: MatchRun, *, key: str) -> None:
    def say() -> Words:
        path = mail.path_to("runs.show", course=cohort.course.public_id, run_id=run.public_id)
        return Words(
            _("Newcomers can be matched: a draft of circles waits for you")
            if run.is_of_circles
            else _("Newcomers can be matched: a draft of pairs waits for you"),
            (_("Nobody but instructors sees it before you publish it."),),
            _("Open the draft"),
            path,
        )

    mail.tell(session, teacher, DRAFTS, say, key=key, at=clock.now())
