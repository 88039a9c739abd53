"""Reviews that open by themselves: by days, the middle, the end or a milestone of a mentorship, or by joining a run.

A letter falls due for each mentorship and campaign. It looks again at what holds then: a mentorship that was prolonged
opens later, one that rests when its people go on, one that is over opens nothing, and what was opened already opens
once. Both sides of a pair close and are released together; of a 360-degree review each person's round closes by itself;
who is asked about the program or in a survey answers until it is closed by hand. A moment that was over before the
campaign took answers opens nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import Flask
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.models import Enrolment, Person, Platform
from mentoring.events import (
    CircleCompleted,
    CircleFormed,
    CircleResumed,
    GoalReached,
    MentorAssigned,
    MentorshipCompleted,
    MentorshipResumed,
    MilestoneReached,
    PersonLetIn,
    ProgramJoined,
    ReadyForMatching,
)
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.states import MentorshipState
from mentoring.mentorships.timeline.models import Step
from mentoring.mentorships.timeline.reaching import reach
from mentoring.participants.models import ParticipantState
from mentoring.participants.queries import is_here, is_seeking, participants_of
from mentoring.programs.models import Cohort
from reviews.campaigns import arranging, known, releasing, running
from reviews.campaigns.models import Assignment, Campaign, Target
from reviews.campaigns.phases import AssignmentState, Phase
from reviews.campaigns.rules import MENTOR, CampaignKind, Moment
from reviews.campaigns.timing import moment_of
from reviews.events import CampaignOpened, ReviewProgressed

OF_MENTORSHIPS = (Moment.DAYS, Moment.INTERVAL, Moment.MID, Moment.END, Moment.MILESTONE)
STEPS = {Moment.MID: Step.MID_EVALUATION, Moment.END: Step.END_EVALUATION}
"""What is reached on the timeline when both have answered."""


def init_app(app: Flask) -> None:
    outbox.subscribe(app, CampaignOpened, _hear_of_opening)
    outbox.subscribe_to_many(app, MentorAssigned, _hear_of_pairs)
    outbox.subscribe(app, CircleFormed, _hear_of_circle)
    outbox.subscribe(app, MentorshipResumed, _hear_of_going_on)
    outbox.subscribe(app, CircleResumed, _hear_of_circle)
    outbox.subscribe(app, MilestoneReached, _hear_of_milestone)
    outbox.subscribe(app, GoalReached, _hear_of_milestone)
    outbox.subscribe(app, MentorshipCompleted, _hear_of_completion)
    outbox.subscribe(app, CircleCompleted, _hear_of_completion)
    outbox.subscribe(app, ReadyForMatching, _hear_of_joining)
    outbox.subscribe(app, ProgramJoined, _hear_of_joining)
    outbox.subscribe(app, PersonLetIn, _hear_of_joining)
    outbox.subscribe(app, ReviewProgressed, _hear_of_answers)


def plan(session: Session, campaign: Campaign, mentorship: Mentorship, *, at: datetime, nth: int = 1) -> None:
    """Have the next round of this mentorship open when it is due, at once if it was due in a pause.

    What was over before the campaign took answers opens no more. Of several that fell into one pause the last opens.
    """
    due, then = (moment_of(session, campaign, mentorship, each) for each in (nth, nth + 1))
    while then is not None and (then <= at or _is_over(due, campaign)):
        nth, due, then = nth + 1, then, moment_of(session, campaign, mentorship, nth + 2)
    if due is not None and not _is_over(due, campaign):
        _post_opening(session, campaign, mentorship, nth, max(due, at))


def _is_over(due: datetime | None, campaign: Campaign) -> bool:
    """Whether that was before the campaign took answers."""
    return due is not None and campaign.started is not None and due < campaign.started


def _post_opening(session: Session, campaign: Campaign, mentorship: Mentorship, nth: int, due: datetime) -> None:
    body = {"campaign": campaign.id, "what": "pair", "mentorship": mentorship.id, "nth": nth, "due": due.isoformat()}
    outbox.post(session, running.LANE, body, due=due, key=f"review-pair:{campaign.id}:{mentorship.id}:{nth}")


def open_round(session: Session, campaign: Campaign, mentorship_id: int, nth: int, *, at: datetime) -> None:
    """What a letter does when it falls due; the caller holds the campaign and commits.

    A mentorship that rests opens nothing: it is planned anew when its people go on.
    """
    mentorship = session.get(Mentorship, mentorship_id, populate_existing=True)
    if campaign.phase is not Phase.COLLECTING or mentorship is None or not mentorship.is_standing:
        return
    due = moment_of(session, campaign, mentorship, nth)
    if due is None or mentorship.state is MentorshipState.PAUSED:
        return
    if due > at:
        # The mentorship was prolonged meanwhile.
        _post_opening(session, campaign, mentorship, nth, due)
        return
    _open(session, campaign, mentorship, nth, at)
    if campaign.moment is Moment.INTERVAL:
        plan(session, campaign, mentorship, at=at, nth=nth + 1)


def _open(session: Session, campaign: Campaign, mentorship: Mentorship, nth: int, at: datetime) -> None:
    match campaign.kind:
        case CampaignKind.PAIR:
            made = arranging.arrange_pair(session, campaign, mentorship, opens=at, nth=nth, at=at)
            _post_closing(session, campaign, made)
        case CampaignKind.REVIEW:
            _post_closing(session, campaign, arranging.arrange_reviewed(session, campaign, mentorship, opens=at, at=at))
        case CampaignKind.PROGRAM | CampaignKind.SURVEY:
            arranging.ask_of_whole(session, campaign, mentorship, at=at)


def _post_closing(session: Session, campaign: Campaign, targets: Sequence[Target]) -> None:
    for target in targets:
        if target.closes is not None:
            body = {"campaign": campaign.id, "what": "window", "target": target.id, "due": target.closes.isoformat()}
            outbox.post(session, running.LANE, body, due=target.closes, key=f"review-window:{target.id}")


def close_window(session: Session, campaign: Campaign, target_id: int, due: datetime, *, at: datetime) -> None:
    """Its time is over, with the other side's; both are released together where nobody has to. The caller commits."""
    target = session.get(Target, target_id, populate_existing=True)
    if target is None or target.closes != due or target.closed is not None:
        return
    running.close_target(session, target, at=at)
    releasing.after_closing(session, campaign, [target], at=at)


def _hear_of_opening(session: Session, event: CampaignOpened) -> None:
    campaign = session.scalars(select(Campaign).where(Campaign.public_id == event.campaign)).one()
    if campaign.moment in OF_MENTORSHIPS and campaign.moment is not Moment.MILESTONE:
        for mentorship in arranging.standing_pairs(session, campaign):
            plan(session, campaign, mentorship, at=event.at)
    if campaign.moment is Moment.BASELINE and campaign.cohort is not None:
        _open_baselines(session, campaign, campaign.cohort, event.at)


def _hear_of_pairs(session: Session, events: Sequence[MentorAssigned]) -> None:
    """A whole class may be paired at once: asked once for all of them whether anything waits for it."""
    _plan_all(session, {event.mentorship: event.at for event in events}, OF_MENTORSHIPS)


def _hear_of_circle(session: Session, event: CircleFormed | CircleResumed) -> None:
    _plan_all(session, {event.circle: event.at}, OF_MENTORSHIPS)


def _hear_of_going_on(session: Session, event: MentorshipResumed) -> None:
    """What fell due while they rested opens now."""
    _plan_all(session, {event.mentorship: event.at}, OF_MENTORSHIPS)


def _hear_of_milestone(session: Session, event: MilestoneReached | GoalReached) -> None:
    _plan_all(session, {event.mentorship: event.at}, (Moment.MILESTONE,))


def _plan_all(session: Session, at: Mapping[str, datetime], moments: Sequence[Moment]) -> None:
    """Plan the rounds of these mentorships, in all campaigns that wait for one of these moments."""
    waiting = session.execute(
        select(Campaign, Mentorship)
        .join(Mentorship, Mentorship.cohort_id == Campaign.cohort_id)
        .where(Mentorship.public_id.in_(at), Campaign.phase == Phase.COLLECTING, Campaign.moment.in_(moments))
        .order_by(Campaign.id, Mentorship.id)
    )
    for campaign, mentorship in waiting.all():
        plan(session, campaign, mentorship, at=at[mentorship.public_id])


def _hear_of_completion(session: Session, event: MentorshipCompleted | CircleCompleted) -> None:
    """What comes at the end opens with the end, also if that came earlier than planned."""
    public_id = event.circle if isinstance(event, CircleCompleted) else event.mentorship
    mentorship = session.scalars(select(Mentorship).where(Mentorship.public_id == public_id)).one()
    for campaign in _collecting(session, mentorship.cohort, (Moment.END,)):
        _open(session, campaign, mentorship, 1, event.at)


def _hear_of_joining(session: Session, event: ReadyForMatching | ProgramJoined | PersonLetIn) -> None:
    cohort = session.scalars(select(Cohort).where(Cohort.public_id == event.cohort)).one()
    for campaign in _collecting(session, cohort, (Moment.BASELINE,)):
        _open_baselines(session, campaign, cohort, event.at)


def _open_baselines(session: Session, campaign: Campaign, cohort: Cohort, at: datetime) -> None:
    """Whoever is to be matched, has no mentor yet and was not reviewed before is, from now on."""
    waiting = [
        part.enrolment
        for part in participants_of(session, cohort).values()
        if part.state is ParticipantState.TAKING_PART and is_seeking(part.enrolment, part) and is_here(part.enrolment)
    ]
    mentored = known.raters_of_all(session, MENTOR, waiting)
    people = [person for person in waiting if not mentored.get(person.id)]
    _post_closing(session, campaign, arranging.open_for(session, campaign, people, opens=at, at=at))


def _collecting(session: Session, cohort: Cohort, moments: Sequence[Moment]) -> Sequence[Campaign]:
    return session.scalars(
        select(Campaign)
        .where(Campaign.cohort_id == cohort.id, Campaign.phase == Phase.COLLECTING, Campaign.moment.in_(moments))
        .order_by(Campaign.id)
    ).all()


def _hear_of_answers(session: Session, event: ReviewProgressed) -> None:
    """When both of a pair have answered, their evaluation stands as done on the timeline: looked for only among the
    pairs of whoever has answered now."""
    if event.kind != CampaignKind.PAIR:
        return
    campaign = session.scalars(select(Campaign).where(Campaign.public_id == event.campaign)).one()
    step = STEPS.get(campaign.moment)
    if step is None:
        return
    of_theirs = (
        select(Target.mentorship_id)
        .join(Target.assignments)
        .join(Assignment.rater)
        .join(Enrolment.person)
        .join(Person.platform)
        .where(
            Target.campaign_id == campaign.id,
            Person.subject == event.who.subject,
            Platform.public_id == event.who.platform,
        )
    )
    is_open = (
        exists()
        .where(Target.campaign_id == campaign.id, Target.mentorship_id == Mentorship.id)
        .where(Assignment.target_id == Target.id, Assignment.state != AssignmentState.SUBMITTED)
    )
    done = select(Mentorship).where(Mentorship.id.in_(of_theirs), ~is_open).order_by(Mentorship.id)
    for mentorship in session.scalars(done):
        reach(session, mentorship, step, at=event.at)
