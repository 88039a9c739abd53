"""Who is asked how often, and whether the mentee agrees; the caller commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

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
from mentoring.together.checkins.models import AskedAs, CheckInConsent, CheckInOwnRhythm, CheckInRhythm
from mentoring.together.checkins.standing import Arrangement, arrangements_of, own_rhythm_of, rhythm_of

LANE = "mentoring-check-ins"


def set_rhythm(session: Session, cohort: Cohort, weeks: int | None, *, by: Enrolment, at: datetime) -> None:
    """So many weeks from one question to the next, counted from now; None asks nobody any more.

    Where a single mentorship has a rhythm of its own, that stays.
    """
    was = rhythm_of(session, cohort.id)
    if weeks == (was.weeks if was else None):
        return
    if weeks is None:
        session.delete(was)
    else:
        rhythm, _new = find_or_create(
            session, CheckInRhythm, {"cohort_id": cohort.id}, weeks=weeks, said_by_id=by.id, said=at
        )
        rhythm.weeks, rhythm.said_by_id, rhythm.said = weeks, by.id, at
    _count_anew(session, _given(session, cohort), weeks, at)


def _given(session: Session, cohort: Cohort) -> list[CheckInConsent]:
    """The yeses of mentorships that stand and go by the cohort's rhythm, held."""
    own = select(CheckInOwnRhythm.mentorship_id)
    standing = select(Mentorship.id).where(
        Mentorship.cohort_id == cohort.id, Mentorship.state.in_(STANDING), Mentorship.id.not_in(own)
    )
    return list(
        session.scalars(
            select(CheckInConsent)
            .where(CheckInConsent.mentorship_id.in_(standing), CheckInConsent.is_given)
            .order_by(CheckInConsent.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def set_own_rhythm(session: Session, mentorship: Mentorship, weeks: int | None, *, by: Enrolment, at: datetime) -> None:
    """Another rhythm for this mentorship alone, counted from now; None asks nobody in it."""
    own, is_new = find_or_create(
        session, CheckInOwnRhythm, {"mentorship_id": mentorship.id}, weeks=weeks, said_by_id=by.id, said=at
    )
    if not is_new and own.weeks == weeks:
        return
    own.weeks, own.said_by_id, own.said = weeks, by.id, at
    _count_anew(session, _given_in(session, mentorship), weeks, at)


def follow_cohort(session: Session, mentorship: Mentorship, *, at: datetime) -> None:
    """Asked as often as everybody again."""
    own, rhythm = own_rhythm_of(session, mentorship), rhythm_of(session, mentorship.cohort_id)
    if own is None:
        return
    session.delete(own)
    _count_anew(session, _given_in(session, mentorship), rhythm.weeks if rhythm else None, at)


def _given_in(session: Session, mentorship: Mentorship) -> list[CheckInConsent]:
    arrangements = arrangements_of(session, mentorship, to_change=True)
    return [each.consent for each in arrangements if each.consent is not None and each.consent.is_given]


def _count_anew(session: Session, consents: Sequence[CheckInConsent], weeks: int | None, at: datetime) -> None:
    for consent in consents:
        if weeks is None:
            consent.next_due = None
        else:
            post_next(session, consent, at + timedelta(weeks=weeks))


def agree(session: Session, mentorship: Mentorship, *, whom: str, at: datetime) -> None:
    """The mentee agrees that whom they saw is asked, for the first time a whole rhythm from now."""
    arrangements = arrangements_of(session, mentorship, to_change=True)
    if arrangements[0].weeks is None:
        raise Refusal(_("Check-ins are switched off meanwhile, so nobody is asked anything."))
    for each in arrangements:
        if whom and each.whom == whom and not each.is_replaced:
            agree_to(session, each, at=at)
            return
    raise Refusal(_("Who is to be asked, or their mail, has changed meanwhile. Look at it again, then decide."))


def agree_to(session: Session, arrangement: Arrangement, *, at: datetime) -> None:
    consent = _consent(session, arrangement, is_given=True, whom=arrangement.whom, at=at)
    consent.next_due = None
    if arrangement.weeks is not None:
        post_next(session, consent, at + arrangement.length)


def refuse(session: Session, mentorship: Mentorship, *, whom: str, at: datetime) -> None:
    """The mentee would rather not: they are not asked, and addresses mailed before lead nowhere any more.

    Where nobody is recognized in `whom`, the no is one to everybody.
    """
    arrangements = arrangements_of(session, mentorship, to_change=True)
    meant = [each for each in arrangements if whom and each.whom == whom and not each.is_replaced]
    for each in meant or arrangements:
        consent = _consent(session, each, is_given=False, whom="", at=at)
        consent.next_due = None


def _consent(session: Session, arrangement: Arrangement, *, is_given: bool, whom: str, at: datetime) -> CheckInConsent:
    said = {"is_given": is_given, "whom": whom, "said": at}
    key = {"mentorship_id": arrangement.mentorship.id, "asked_as": arrangement.asked_as}
    consent, _is_new = find_or_create(session, CheckInConsent, key, **said)
    consent.is_given, consent.whom, consent.said = is_given, whom, at
    return consent


def post_next(session: Session, consent: CheckInConsent, due: datetime) -> None:
    """They are asked then; letters posted for another moment do nothing when they arrive."""
    consent.next_due = due
    body = {"mentorship": consent.mentorship_id, "as": consent.asked_as.value, "due": due.isoformat()}
    outbox.post(session, LANE, body, due=due)


def asked_as(body: Mapping[str, Any]) -> AskedAs:
    """Whom a letter is about; those of old were about managers."""
    return AskedAs(body.get("as", AskedAs.MANAGER.value))
