"""An instructor says how often managers are asked, and each mentee whether theirs may be; the caller commits."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.db import find_or_create
from lti_tool.models import Enrolment
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.refusing import Refusal
from mentoring.mentorships.states import STANDING
from mentoring.programs.models import Cohort
from mentoring.together.checkins.models import CheckInConsent, CheckInRhythm
from mentoring.together.checkins.standing import arrangement_of, rhythm_of

LANE = "mentoring-check-ins"


def set_rhythm(session: Session, cohort: Cohort, weeks: int | None, *, by: Enrolment, at: datetime) -> None:
    """So many weeks from one question to the next, counted from now; None asks nobody any more."""
    if weeks is None:
        if (was := rhythm_of(session, cohort.id)) is not None:
            session.delete(was)
        for consent in _given(session, cohort):
            consent.next_due = None
        return
    rhythm, is_new = find_or_create(
        session, CheckInRhythm, {"cohort_id": cohort.id}, weeks=weeks, said_by_id=by.id, said=at
    )
    if not is_new and rhythm.weeks == weeks:
        return
    rhythm.weeks, rhythm.said_by_id, rhythm.said = weeks, by.id, at
    for consent in _given(session, cohort):
        post_next(session, consent, at + rhythm.length)


def _given(session: Session, cohort: Cohort) -> list[CheckInConsent]:
    """The yeses of mentorships that stand, held."""
    standing = select(Mentorship.id).where(Mentorship.cohort_id == cohort.id, Mentorship.state.in_(STANDING))
    return list(
        session.scalars(
            select(CheckInConsent)
            .where(CheckInConsent.mentorship_id.in_(standing), CheckInConsent.is_given)
            .order_by(CheckInConsent.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def agree(session: Session, mentorship: Mentorship, *, whom: str, at: datetime) -> None:
    """The mentee agrees that whom they saw is asked, for the first time a whole rhythm from now."""
    arrangement = arrangement_of(session, mentorship, to_change=True)
    if arrangement.rhythm is None:
        raise Refusal(_("Check-ins are switched off meanwhile, so nobody is asked anything."))
    if not arrangement.whom or arrangement.whom != whom:
        raise Refusal(_("Who your manager is, or their mail, has changed meanwhile. Look at it again, then decide."))
    consent = _consent(session, mentorship, is_given=True, whom=whom, at=at)
    post_next(session, consent, at + arrangement.rhythm.length)


def refuse(session: Session, mentorship: Mentorship, *, at: datetime) -> None:
    """The mentee would rather not: nobody is asked, and addresses that were mailed before lead nowhere any more."""
    consent = _consent(session, mentorship, is_given=False, whom="", at=at)
    consent.next_due = None


def _consent(session: Session, mentorship: Mentorship, *, is_given: bool, whom: str, at: datetime) -> CheckInConsent:
    said = {"is_given": is_given, "whom": whom, "said": at}
    consent, _is_new = find_or_create(session, CheckInConsent, {"mentorship_id": mentorship.id}, **said)
    consent.is_given, consent.whom, consent.said = is_given, whom, at
    return consent


def post_next(session: Session, consent: CheckInConsent, due: datetime) -> None:
    """The manager is asked then; letters posted for another moment do nothing when they arrive."""
    consent.next_due = due
    outbox.post(session, LANE, {"mentorship": consent.mentorship_id, "due": due.isoformat()}, due=due)
