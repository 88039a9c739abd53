"""What reviews hold about a person: results about them, and, as a rater, what can still be told to be theirs.

A result about somebody is theirs as much as their raters': once it is released they are given what was published, which
gives no rater away, and nothing that was not (GDPR, Article 15(4)). Until then they are told that there is one to come
and who releases it. What an anonymous rater has said leads to nobody, so it is neither given out to them nor erased
with them; and nothing is put together anew without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session, contains_eager, joinedload

from lti_tool import personal_data
from lti_tool.models import Enrolment, Person
from lti_tool.personal_data import Keeper, Plain, enrolments_of
from reviews.answering.models import Remark, Response
from reviews.campaigns.models import Assignment, Campaign, Target
from reviews.campaigns.phases import Phase
from reviews.campaigns.rules import ReleasedBy
from reviews.instruments.models import InstrumentVersion
from reviews.results import packing
from reviews.results.models import DevelopmentGoal, ReportSnapshot, ResultAccess

ORDER = 25
NOT_YET = (Phase.DRAFT, Phase.NOMINATING, Phase.APPROVING)
"""Nobody has said anything yet."""
RELEASES: Mapping[ReleasedBy, str] = {
    ReleasedBy.STAFF: "an instructor of the course",
    ReleasedBy.COACH: "the coach or mentor named for them, or an instructor of the course",
    ReleasedBy.AT_CLOSE: "nobody: once it is closed it is released by itself",
}


def init_app(app: Flask) -> None:
    personal_data.register(app, Keeper(key="reviews", order=ORDER, export=export, erase=erase))


def export(session: Session, person: Person) -> Plain:
    theirs = [each.id for each in enrolments_of(session, person)]
    return {
        "results": [_result(session, target, snapshot) for target, snapshot in _about(session, theirs)],
        "asked": [_asked(session, each) for each in _assignments(session, person, theirs)],
    }


def _result(session: Session, target: Target, snapshot: ReportSnapshot | None) -> dict[str, Any]:
    campaign = target.campaign
    about: dict[str, Any] = {"campaign": campaign.title, "purpose": campaign.purpose.value, "put_together": None}
    if snapshot is not None:
        looked = session.scalars(
            select(ResultAccess).where(ResultAccess.snapshot_id == snapshot.id).order_by(ResultAccess.id)
        )
        about["put_together"] = snapshot.created.isoformat()
        about["looked_at"] = [{"at": each.at.isoformat(), "how": each.action.value} for each in looked]
    if snapshot is None or snapshot.released is None:
        return {**about, "released": None, "is_released_by": RELEASES[campaign.released_by]}
    return {**about, "released": snapshot.released.isoformat(), "published": snapshot.published}


def _asked(session: Session, assignment: Assignment) -> dict[str, Any]:
    """Their own part; about whom it is, is that person's."""
    answers = session.scalars(select(Response).where(Response.assignment_id == assignment.id))
    words = session.scalars(select(Remark).where(Remark.assignment_id == assignment.id).order_by(Remark.about))
    return {
        "campaign": assignment.target.campaign.title,
        "as": assignment.group.key,
        "state": assignment.state.value,
        "handed_in": assignment.submitted.isoformat() if assignment.submitted else None,
        "reason": assignment.reason,
        "ratings": [each.ratings for each in answers],
        "comments": [{"about": each.about, "text": each.text} for each in words],
    }


def erase(session: Session, person: Person, at: datetime) -> Sequence[str]:
    theirs = [each.id for each in enrolments_of(session, person)]
    asked = [each.id for each in _assignments(session, person, theirs)]
    said = _forget_rater(session, asked)
    about = _forget_subject(session, theirs)
    packing.forget(session, person)
    session.execute(update(ResultAccess).where(ResultAccess.viewer_id.in_(theirs)).values(viewer_id=None))
    session.execute(update(Target).where(Target.coach_id.in_(theirs)).values(coach_id=None))
    session.execute(update(Campaign).where(Campaign.made_by_id.in_(theirs)).values(made_by_id=None))
    # What versions say never changes, so this goes past what guards them.
    session.execute(update(InstrumentVersion).where(InstrumentVersion.made_by_id.in_(theirs)).values(made_by_id=None))
    session.flush()
    session.expire_all()
    return [
        f"Erased: that they were asked for {len(asked)} reviews, what they had not handed in, and {said} answers that"
        " were told to be theirs.",
        "Kept: answers in anonymous groups, which lead to nobody; no result is put together anew without them.",
        f"Erased: {about} results about them, with the answers behind them. Figures of whole courses stay.",
    ]


def _forget_rater(session: Session, assignments: Sequence[int]) -> int:
    """Their assignments with all that hangs on them; how many answers that were."""
    said = len(session.scalars(select(Response.id).where(Response.assignment_id.in_(assignments))).all())
    for model in (Response, Remark):
        session.execute(delete(model).where(model.assignment_id.in_(assignments)))
    session.execute(delete(Assignment).where(Assignment.id.in_(assignments)))
    return said


def _forget_subject(session: Session, enrolments: Sequence[int]) -> int:
    """What others said about them, and what was made of it; how many results that were.

    Who was asked about them stays, for it is what those people did; that somebody outside was named goes with its name.
    """
    targets = list(session.scalars(select(Target.id).where(Target.enrolment_id.in_(enrolments))))
    snapshots = list(session.scalars(select(ReportSnapshot.id).where(ReportSnapshot.target_id.in_(targets))))
    session.execute(delete(ResultAccess).where(ResultAccess.snapshot_id.in_(snapshots)))
    session.execute(delete(ReportSnapshot).where(ReportSnapshot.id.in_(snapshots)))
    session.execute(delete(DevelopmentGoal).where(DevelopmentGoal.target_id.in_(targets)))
    for model in (Response, Remark):
        session.execute(delete(model).where(model.target_id.in_(targets)))
    session.execute(delete(Assignment).where(Assignment.target_id.in_(targets), Assignment.mail.is_not(None)))
    session.execute(update(Assignment).where(Assignment.target_id.in_(targets)).values(sealed_draft=None, reason=""))
    return len(snapshots)


def _about(session: Session, enrolments: Sequence[int]) -> Sequence[tuple[Target, ReportSnapshot | None]]:
    """Everything in which answers about them are or were collected, with the result as far as there is one."""
    return [
        (target, snapshot)
        for target, snapshot in session.execute(
            select(Target, ReportSnapshot)
            .join(Target.campaign)
            .outerjoin(ReportSnapshot, (ReportSnapshot.target_id == Target.id) & ReportSnapshot.revoked.is_(None))
            .where(Target.enrolment_id.in_(enrolments), Campaign.phase.not_in(NOT_YET))
            .options(contains_eager(Target.campaign))
            .order_by(Target.id, ReportSnapshot.id)
        )
    ]


def _assignments(session: Session, person: Person, enrolments: Sequence[int]) -> Sequence[Assignment]:
    """Those as a person of the course, and those by mail in courses that they are in themselves."""
    courses = select(Enrolment.course_id).where(Enrolment.id.in_(enrolments))
    # Whose mail nobody knows has none here: nothing equals an empty one.
    by_mail = (Assignment.mail == person.email.casefold()) & (Assignment.mail != "") & Campaign.course_id.in_(courses)
    return session.scalars(
        select(Assignment)
        .join(Assignment.target)
        .join(Target.campaign)
        .where(or_(Assignment.rater_id.in_(enrolments), by_mail))
        .options(joinedload(Assignment.target).joinedload(Target.campaign))
        .order_by(Assignment.id)
    ).all()
