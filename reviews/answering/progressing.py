"""How far a rater has come, told so that nobody who reads it, beside the results, learns whom they have rated.

See *What is told of raters* in docs/disclosure.md.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reviews.campaigns.models import Assignment, Campaign, RaterGroup, Target
from reviews.campaigns.phases import TO_ANSWER, AssignmentState
from reviews.campaigns.rules import CampaignKind
from reviews.events import TOLD_OF_CAMPAIGN, TOLD_OF_COURSE, ReviewProgressed
from reviews.instruments.content import SELF

FEWEST_REVIEWED = 5
"""So many people have to be reviewed together before a rater's progress is told of their campaign."""
FEWEST_OTHERS = 3
"""Only who is asked about by so many others hides whom somebody has rated: of fewer, nothing may be published."""
ASKED = TO_ANSWER | {AssignmentState.SUBMITTED}


def progressed(session: Session, assignment: Assignment, at: datetime) -> ReviewProgressed:
    """What is announced when somebody of the course has handed in."""
    campaign, rater = assignment.target.campaign, assignment.rater
    assert rater is not None
    done, of = _progress_of(session, assignment)
    return ReviewProgressed(
        # The day, and no more: the moment would lead from the statement to the answers.
        at=at.replace(hour=0, minute=0, second=0, microsecond=0),
        who=rater.who,
        where=campaign.course.where,
        campaign=campaign.public_id,
        kind=campaign.kind.value,
        title=campaign.title,
        done=done,
        of=of,
        told_of=_told_of(session, campaign, of),
    )


def _progress_of(session: Session, assignment: Assignment) -> tuple[int, int]:
    """Of what its rater is asked for in this campaign, how many are handed in, and of how many."""
    mine = (
        select(Assignment.state, func.count())
        .join(Assignment.target)
        .where(Target.campaign_id == assignment.target.campaign_id, Assignment.rater_id == assignment.rater_id)
        .group_by(Assignment.state)
    )
    counts: dict[AssignmentState, int] = dict(session.execute(mine).all())
    done = counts.get(AssignmentState.SUBMITTED, 0)
    return done, done + sum(counts.get(each, 0) for each in TO_ANSWER)


def _told_of(session: Session, campaign: Campaign, of: int) -> str:
    """The campaign, where the tool tells of nobody else in it, or of so many that each is less likely than not.

    Who mentors whom is told anyway, and in a pair evaluation each is asked about the other. A review that opens for one
    person after the other is told of nobody: the day would say about whom it was.
    """
    match campaign.kind:
        case CampaignKind.PROGRAM | CampaignKind.SURVEY:
            return TOLD_OF_CAMPAIGN
        case CampaignKind.PAIR:
            return TOLD_OF_COURSE
        case CampaignKind.REVIEW:
            is_hidden = campaign.is_by_date and _reviewed(session, campaign) >= max(FEWEST_REVIEWED, 2 * of)
            return TOLD_OF_CAMPAIGN if is_hidden else ""


def _reviewed(session: Session, campaign: Campaign) -> int:
    """About how many people enough others are asked."""
    enough = (
        select(Target.id)
        .join(Target.assignments)
        .join(Assignment.group)
        .where(Target.campaign_id == campaign.id, Assignment.state.in_(ASKED), RaterGroup.key != SELF)
        .group_by(Target.id)
        .having(func.count() >= FEWEST_OTHERS)
    )
    return session.scalar(select(func.count()).select_from(enough.subquery())) or 0
