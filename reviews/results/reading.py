"""Who may read a result, and that they have."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from lti_tool import outbox
from lti_tool.models import Enrolment
from reviews.campaigns.models import Campaign, Target
from reviews.events import ReviewRead
from reviews.results.models import Access, ReportSnapshot, ResultAccess

MOST_SHOWN = 200


def may_release(target: Target, me: Enrolment) -> bool:
    """Instructors may, and the coach who was named for this person."""
    return me.course_id == target.campaign.course_id and (me.is_instructor or target.coach_id == me.id)


def readable(session: Session, me: Enrolment, public_id: str) -> ReportSnapshot | None:
    """The result with this id, if I may read it: mine once it is released, one I coach, any of a course I teach."""
    wanted = (
        select(ReportSnapshot)
        .join(ReportSnapshot.target)
        .join(Target.campaign)
        .where(ReportSnapshot.public_id == public_id, Campaign.course_id == me.course_id)
    )
    snapshot = session.scalar(wanted.where(ReportSnapshot.revoked.is_(None)))
    if snapshot is None or snapshot.target is None:
        return None
    is_mine = snapshot.target.enrolment_id == me.id and snapshot.released is not None
    return snapshot if is_mine or may_release(snapshot.target, me) else None


def note(session: Session, snapshot: ReportSnapshot, me: Enrolment, action: Access, *, at: datetime) -> None:
    """Whoever it is about can read that I looked; the caller commits."""
    target = snapshot.target
    is_subject = target is not None and target.enrolment_id == me.id
    if is_subject and target is not None and not me.is_test and not _has_read(session, snapshot, me):
        campaign = target.campaign
        about = {"campaign": campaign.public_id, "kind": campaign.kind.value, "title": campaign.title}
        outbox.announce(session, ReviewRead(at=at, who=me.who, where=campaign.course.where, **about))
    session.add(ResultAccess(snapshot=snapshot, viewer=me, at=at, action=action))


def _has_read(session: Session, snapshot: ReportSnapshot, me: Enrolment) -> bool:
    wanted = exists().where(ResultAccess.snapshot_id == snapshot.id, ResultAccess.viewer_id == me.id)
    return bool(session.scalar(select(wanted)))


def accesses(session: Session, snapshot: ReportSnapshot, me: Enrolment) -> Sequence[ResultAccess]:
    """Who else has looked, the newest first."""
    return session.scalars(
        select(ResultAccess)
        .where(ResultAccess.snapshot_id == snapshot.id, ResultAccess.viewer_id.is_distinct_from(me.id))
        .order_by(ResultAccess.id.desc())
        .limit(MOST_SHOWN)
        .options(joinedload(ResultAccess.viewer).joinedload(Enrolment.person))
    ).all()
