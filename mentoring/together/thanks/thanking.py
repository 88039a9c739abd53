"""Somebody thanks somebody, who may keep it, show it or throw it away. The caller holds the mentorship, and commits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool import mail, outbox
from lti_tool.contacts.models import Contact
from lti_tool.mail import Words
from mentoring.events import ThanksGiven
from mentoring.mentorships.models import Mentorship, Part
from mentoring.mentorships.naming import by_name
from mentoring.mentorships.postcards import within
from mentoring.mentorships.refusing import Refusal
from mentoring.mentorships.states import MentorshipState
from mentoring.mentorships.telling_people import MENTORSHIPS
from mentoring.names import in_sentence
from mentoring.participants.models import Participant
from mentoring.together.thanks.models import Thanks
from mentoring.together.twice import AGAIN

MOST = 20
"""Of one person, in one mentorship."""
AFTERWARDS = timedelta(days=60)
"""For how long after its completion they may still be written; an end that was none asks for no more words."""
_GUIDES = (Part.MENTOR, Part.CO_MENTOR, Part.SUBSTITUTE)


def is_open(mentorship: Mentorship, at: datetime) -> bool:
    """Whether its people may still thank one another."""
    if mentorship.is_standing:
        return True
    is_completed, ended = mentorship.state is MentorshipState.COMPLETED, mentorship.ended
    return is_completed and ended is not None and at <= ended + AFTERWARDS


def whom(mentorship: Mentorship, me: Participant) -> Sequence[Participant]:
    """Whom somebody may thank: a mentee whoever mentored them in it, a mentor their mentee, in a circle the others."""
    found = {person.id: person for person in mentorship.people}
    if not mentorship.is_circle and mentorship.mentee.id == me.id:
        found |= {each.participant_id: each.participant for each in mentorship.members if each.part in _GUIDES}
    return by_name(person for person in found.values() if person.id != me.id and person.enrolment.is_active)


def thank(
    session: Session, mentorship: Mentorship, to: Participant, words: str, *, by: Participant, at: datetime
) -> Thanks:
    """Written by one of its people, now or shortly after its completion; the same sent twice is one. Raises Refusal."""
    if not is_open(mentorship, at):
        raise Refusal(_("This is over for some time, so no thanks can be written here any more. Tell them yourself."))
    same = select(Thanks).where(
        Thanks.mentorship_id == mentorship.id,
        Thanks.by_id == by.id,
        Thanks.to_id == to.id,
        Thanks.words == words,
        Thanks.at > at - AGAIN,
    )
    if (before := session.scalar(same.limit(1))) is not None:
        return before
    written = select(func.count()).where(Thanks.mentorship_id == mentorship.id, Thanks.by_id == by.id)
    if (session.scalar(written) or 0) >= MOST:
        raise Refusal(_("You have thanked %(num)d times here. Say the next one in person.", num=MOST))
    given = _give(session, Thanks(mentorship=mentorship, to=to, by=by, words=words, at=at, is_shown=False))
    outbox.announce(session, ThanksGiven(**within(mentorship, by, at), to=to.enrolment.who))
    return given


def thank_from_outside(
    session: Session, mentorship: Mentorship, to: Participant, words: str, *, by: Contact, at: datetime
) -> Thanks:
    """Written by a mentee's manager or somebody else who is not in the course. Nobody whom statements could name."""
    return _give(session, Thanks(mentorship=mentorship, to=to, contact=by, words=words, at=at, is_shown=False))


def _give(session: Session, thanks: Thanks) -> Thanks:
    session.add(thanks)
    session.flush()

    def say() -> Words:
        subject = _("%(name)s thanks you", name=in_sentence(thanks.author))
        how = _("It is yours to keep, and nobody else reads it unless you show it.")
        url = url_for("thanks.received", course=thanks.mentorship.cohort.course.public_id)
        return Words(subject, (how,), _("Read it"), url)

    mail.tell(session, thanks.to.enrolment, MENTORSHIPS, say, key=f"thanks:{thanks.public_id}", at=thanks.at)
    return thanks
