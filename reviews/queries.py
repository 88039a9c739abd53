"""What somebody may see of reviews: what they are asked, what is about them, and what they run."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from lti_tool.models import Course, Enrolment
from reviews.campaigns.models import Assignment, Campaign, Target
from reviews.campaigns.phases import TO_ANSWER, AssignmentState, Phase
from reviews.results.models import ReportSnapshot

ASKED = (*TO_ANSWER, AssignmentState.SUBMITTED, AssignmentState.DECLINED)


def campaigns_of(session: Session, course: Course) -> Sequence[Campaign]:
    """The course's campaigns, the newest first."""
    wanted = select(Campaign).where(Campaign.course_id == course.id).options(selectinload(Campaign.groups))
    return session.scalars(wanted.order_by(Campaign.created.desc(), Campaign.id.desc())).all()


def asked_of(session: Session, me: Enrolment) -> Sequence[Assignment]:
    """What I am asked to answer, or have answered or declined, in campaigns that collect; in the order they close."""
    return session.scalars(
        select(Assignment)
        .join(Assignment.target)
        .join(Target.campaign)
        .where(
            Assignment.rater_id == me.id,
            Assignment.state.in_(ASKED),
            Assignment.invited.is_not(None),
            Campaign.phase == Phase.COLLECTING,
            Target.closed.is_(None),
        )
        .options(
            contains_eager(Assignment.target).options(contains_eager(Target.campaign), joinedload(Target.enrolment))
        )
        .order_by(Campaign.closes, Assignment.id)
    ).all()


def mine_to_nominate(session: Session, me: Enrolment) -> Sequence[Target]:
    """Reviews of me for which I name raters now."""
    return session.scalars(
        select(Target)
        .join(Target.campaign)
        .where(Target.enrolment_id == me.id, Campaign.phase == Phase.NOMINATING)
        .options(contains_eager(Target.campaign))
        .order_by(Campaign.nominate_by, Target.id)
    ).all()


def results_of(session: Session, me: Enrolment) -> Sequence[ReportSnapshot]:
    """Results about me that were released, the newest first."""
    return session.scalars(
        select(ReportSnapshot)
        .join(ReportSnapshot.target)
        .join(Target.campaign)
        .where(Target.enrolment_id == me.id, ReportSnapshot.released.is_not(None), ReportSnapshot.revoked.is_(None))
        .options(contains_eager(ReportSnapshot.target).contains_eager(Target.campaign))
        .order_by(ReportSnapshot.released.desc())
    ).all()
