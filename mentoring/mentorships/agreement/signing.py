"""The agreement is written down, signed, and holds when all have signed. Each act is handed a mentorship that is held;
the caller commits."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.models import Enrolment
from mentoring.events import AgreementProposed, AgreementSigned
from mentoring.mentorships import living
from mentoring.mentorships.agreement import telling
from mentoring.mentorships.agreement.models import Agreement, Signature
from mentoring.mentorships.agreement.standing import Agreed, Terms, agreed
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.postcards import within
from mentoring.mentorships.refusing import Refusal
from mentoring.mentorships.states import MentorshipState
from mentoring.mentorships.timeline import reaching
from mentoring.mentorships.timeline.models import Step
from mentoring.mentorships.winding import wind
from mentoring.participants.models import Participant


def propose(session: Session, mentorship: Mentorship, terms: Terms, *, by: Participant, at: datetime) -> Agreement:
    """Write the next version, signed by whoever wrote it; the others are asked to sign."""
    so_far = agreed(session, mentorship)
    version = Agreement(mentorship=mentorship, number=so_far.number + 1, by=by, created=at, **vars(terms))
    session.add(version)
    session.flush()
    told = within(mentorship, by, at)
    outbox.announce(session, AgreementProposed(**told, agreement=version.public_id, version=version.number))
    _sign(session, mentorship, Agreed([*so_far.versions, version], so_far.people), by=by, at=at)
    telling.to_sign(session, mentorship, version, by=by, at=at)
    return version


def sign(session: Session, mentorship: Mentorship, *, seen: int, by: Participant, at: datetime) -> Agreement:
    """Sign the version that was seen, once; raises Refusal where it is no longer the newest, or cannot hold."""
    so_far = agreed(session, mentorship)
    newest = so_far.newest
    if newest is None or newest.number != seen:
        raise Refusal(_("The agreement was changed meanwhile, so nothing is signed. Read it again, and sign it then."))
    if so_far.is_withheld_from(by):
        raise Refusal(_("It was written before you came, so there is nothing for you to sign. Write a new version."))
    if newest.signed is None and newest.ends <= at:
        raise Refusal(_("The end date in it has passed, so nothing is signed. Write a new version with another one."))
    if so_far.waits_for(by):
        _sign(session, mentorship, so_far, by=by, at=at)
        if newest.signed == at:
            telling.holds(session, mentorship, newest, by=by, at=at)
    return newest


def _sign(session: Session, mentorship: Mentorship, so_far: Agreed, *, by: Participant, at: datetime) -> None:
    newest = so_far.newest
    assert newest is not None
    newest.signatures.append(Signature(participant=by, participant_id=by.id, at=at))
    is_by_all = not so_far.missing
    session.flush()
    told = within(mentorship, by, at)
    event = AgreementSigned(**told, agreement=newest.public_id, version=newest.number, is_by_all=is_by_all)
    outbox.announce(session, event)
    _settle(session, mentorship, so_far, by=by.enrolment, at=at)


def settle_without(session: Session, mentorship: Mentorship, *, at: datetime) -> None:
    """Somebody does not belong to it any more: perhaps theirs was the one signature that was missing."""
    so_far = agreed(session, mentorship)
    newest = so_far.newest
    if newest is not None and newest.ends > at:
        _settle(session, mentorship, so_far, by=None, at=at)
        if newest.signed == at:
            telling.holds(session, mentorship, newest, by=None, at=at)


def _settle(session: Session, mentorship: Mentorship, so_far: Agreed, *, by: Enrolment | None, at: datetime) -> None:
    """Let the newest version hold if all have signed it: its end is the planned one, and what has not begun begins."""
    newest = so_far.newest
    if newest is None or newest.signed is not None or so_far.missing:
        return
    newest.signed = at
    _move_end(session, mentorship, newest.ends)
    reaching.reach(session, mentorship, Step.OUTLINE, at=at)
    reaching.reach(session, mentorship, Step.SCHEDULE, at=at)
    if mentorship.state is MentorshipState.ACCEPTED:
        living.begin(session, mentorship, by=by, at=at)


def _move_end(session: Session, mentorship: Mentorship, ends: datetime) -> None:
    """The planned end and its clocks; letters that were posted for the old one do nothing when they arrive."""
    if ends == mentorship.planned_end:
        return
    reaching.stretch(session, mentorship, ends)
    mentorship.planned_end = ends
    if mentorship.state is MentorshipState.ACTIVE:
        # Perhaps they had been told already that their time is up.
        mentorship.nudged = None
    wind(session, mentorship)
