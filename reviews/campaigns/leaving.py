"""A rater who leaves the course is asked no more, and asked again when they return while there is time."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from lti_tool import outbox
from lti_tool.events import PersonLeftCourse, PersonReturned, Where, Who
from lti_tool.models import Course, Enrolment, Person, Platform
from reviews.campaigns.models import Assignment, Campaign, Target
from reviews.campaigns.phases import TO_ANSWER, AssignmentState, Phase


def init_app(app: Flask) -> None:
    outbox.subscribe(app, PersonLeftCourse, _hear_of_leaving)
    outbox.subscribe(app, PersonReturned, _hear_of_return)


def _hear_of_leaving(session: Session, event: PersonLeftCourse) -> None:
    """What they were asked is over, and what they had written so far goes."""
    for assignment in _asked(session, event.who, event.where, tuple(TO_ANSWER)):
        assignment.move(AssignmentState.EXPIRED)
        assignment.sealed_draft = None


def _hear_of_return(session: Session, event: PersonReturned) -> None:
    for assignment in _asked(session, event.who, event.where, (AssignmentState.EXPIRED,)):
        if assignment.target.takes_answers(event.at):
            assignment.move(AssignmentState.INVITED)


def _asked(session: Session, who: Who, where: Where, states: Sequence[AssignmentState]) -> Sequence[Assignment]:
    """What they were asked in campaigns that collect, and that stands so."""
    return session.scalars(
        select(Assignment)
        .join(Assignment.target)
        .join(Target.campaign)
        .join(Campaign.course)
        .join(Enrolment, Enrolment.id == Assignment.rater_id)
        .join(Enrolment.person)
        .join(Person.platform)
        .where(
            Course.public_id == where.course,
            Platform.public_id == who.platform,
            Person.subject == who.subject,
            Campaign.phase == Phase.COLLECTING,
            Assignment.state.in_(states),
            Assignment.invited.is_not(None),
        )
        .options(contains_eager(Assignment.target).contains_eager(Target.campaign))
        .order_by(Assignment.id)
    ).all()
