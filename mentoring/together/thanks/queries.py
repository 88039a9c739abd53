"""The thanks that somebody has received, and those they have written."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from lti_tool.models import Enrolment
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.sections import Look
from mentoring.participants.models import Participant
from mentoring.together.thanks.models import Thanks


def received(session: Session, me: Enrolment) -> Sequence[Thanks]:
    """All that is mine in this course, the newest first."""
    return session.scalars(_read(select(Thanks).join(Thanks.to).where(Participant.enrolment_id == me.id))).all()


def one(session: Session, me: Enrolment, public_id: str) -> Thanks | None:
    """One of mine."""
    mine = select(Thanks).join(Thanks.to).where(Participant.enrolment_id == me.id, Thanks.public_id == public_id)
    return session.scalar(mine)


def shown(session: Session, mentor: Enrolment) -> Sequence[Thanks]:
    """Those they show to instructors, the newest first."""
    theirs = select(Thanks).join(Thanks.to).where(Participant.enrolment_id == mentor.id, Thanks.is_shown)
    return session.scalars(_read(theirs)).all()


def between(look: Look) -> Sequence[Thanks]:
    """What I received in this mentorship, the oldest first."""
    if look.mine is None:
        return ()
    mine = select(Thanks).where(Thanks.mentorship_id == look.mentorship.id, Thanks.to_id == look.mine.id)
    return look.session.scalars(_read(mine)).all()[::-1]


def has_written(session: Session, mentorship: Mentorship, me: Participant) -> bool:
    written = select(func.count()).where(Thanks.mentorship_id == mentorship.id, Thanks.by_id == me.id)
    return bool(session.scalar(written))


def _read(query: Select[Thanks]) -> Select[Thanks]:
    return query.options(joinedload(Thanks.by), joinedload(Thanks.contact)).order_by(Thanks.at.desc(), Thanks.id.desc())
