"""Runs of a program: planned, opened, moved on, closed; each step with what stands in its way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lti_tool.models import Course
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.states import STANDING
from mentoring.programs import newcomers
from mentoring.programs.choices import CURRENT, FOLLOWING, CohortState
from mentoring.programs.models import Cohort, Program, ProgramVersion
from mentoring.programs.starting import newest, open_up


def cohorts_of(session: Session, course: Course) -> Sequence[Cohort]:
    """Every run of the course's program, the newest first."""
    return session.scalars(_of(course).order_by(Cohort.id.desc())).all()


def cohort_of(session: Session, course: Course, public_id: str) -> Cohort | None:
    return session.scalar(_of(course).where(Cohort.public_id == public_id))


def cohort_to_change(session: Session, course: Course, public_id: str) -> Cohort | None:
    """The same as the database has it now, held until the caller commits, after everything else of the program."""
    held = select(Program.id).where(Program.course_id == course.id).order_by(Program.id).with_for_update()
    session.scalars(held).all()
    return session.scalar(
        _of(course)
        .where(Cohort.public_id == public_id)
        .with_for_update(of=Cohort)
        .execution_options(populate_existing=True)
    )


def _of(course: Course) -> Select[Cohort]:
    return select(Cohort).join(Cohort.version).join(ProgramVersion.program).where(Program.course_id == course.id)


def change(
    session: Session,
    cohort: Cohort,
    *,
    title: str,
    starts: datetime,
    ends: datetime | None,
    invites_newcomers: bool,
    at: datetime,
) -> None:
    """Give it other words and dates; the caller commits. Whoever is to be asked from now on is asked soon."""
    cohort.title, cohort.starts, cohort.ends = title, starts, ends
    cohort.invites_newcomers = invites_newcomers
    session.flush()
    newcomers.look_soon(session, cohort, at)


def move(session: Session, cohort: Cohort, to: CohortState, *, at: datetime) -> str:
    """Bring a held cohort to this state; the caller commits if nothing stood in the way. What did, in a sentence."""
    obstacle = _obstacle(session, cohort, to)
    if obstacle:
        return obstacle
    if cohort.state == CohortState.DRAFT and to == CohortState.OPEN:
        cohort.version = newest(session, cohort.course) or cohort.version
        open_up(cohort, at)
    else:
        cohort.state = to
    session.flush()
    newcomers.look_soon(session, cohort, at)
    return ""


def _obstacle(session: Session, cohort: Cohort, to: CohortState) -> str:
    if to not in FOLLOWING.get(cohort.state, ()):
        return str(_("The run is not where this page thought it was. Look at where it is now, and choose again."))
    if cohort.state == CohortState.DRAFT and to == CohortState.OPEN:
        return _another(session, cohort)
    if to in (CohortState.CLOSED, CohortState.CANCELLED):
        return _pairs_that_stand(session, cohort)
    return ""


def _another(session: Session, cohort: Cohort) -> str:
    open_now = session.scalar(
        _of(cohort.course).where(Cohort.state.in_(CURRENT), Cohort.id != cohort.id).order_by(Cohort.id).limit(1)
    )
    if open_now is None:
        return ""
    if not open_now.title:
        return str(_("Another run is open. Close that one first, then open this."))
    return str(_("Another run, %(title)s, is open. Close that one first, then open this.", title=open_now.title))


def _pairs_that_stand(session: Session, cohort: Cohort) -> str:
    pairs = standing_in(session, cohort)
    if not pairs:
        return ""
    said: str = ngettext(
        "One pair of this run still stands. End it on the pairing page, or wait until it is over.",
        "%(num)d pairs of this run still stand. End them on the pairing page, or wait until they are over.",
        pairs,
    )
    return said


def standing_in(session: Session, cohort: Cohort) -> int:
    """How many pairs of this run stand."""
    return (
        session.scalar(select(func.count()).where(Mentorship.cohort_id == cohort.id, Mentorship.state.in_(STANDING)))
        or 0
    )
