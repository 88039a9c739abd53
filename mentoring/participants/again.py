"""The same as last term: what somebody said in an earlier cohort of this course is what they say again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from lti_tool.models import Enrolment
from mentoring.participants.models import Came, Participant
from mentoring.participants.said import About, Lists, Needed, Offered, among
from mentoring.participants.saying import about_of, lists_of, needed_by, offered_by, say_need, say_offer
from mentoring.participants.taking_part import enter
from mentoring.programs.models import Cohort


def last_part(session: Session, cohort: Cohort | None, me: Enrolment) -> Participant | None:
    """My newest part in an earlier cohort in which I said something. An enrolment belongs to one course, so it does."""
    if cohort is None:
        return None
    return session.scalar(
        select(Participant)
        .outerjoin(Participant.offer)
        .outerjoin(Participant.need)
        .where(
            Participant.enrolment_id == me.id,
            Participant.cohort_id < cohort.id,
            or_(Participant.offer.has(), Participant.need.has()),
        )
        .options(joinedload(Participant.offer), joinedload(Participant.need))
        .order_by(Participant.cohort_id.desc())
        .limit(1)
    )


def say_again(session: Session, cohort: Cohort, me: Enrolment, last: Participant, *, at: datetime) -> Participant:
    """Take over what can still be chosen; the caller commits. Consent is not taken over: it is given each time.

    Raises TooFewPlaces, as `say_offer` does.
    """
    lists = lists_of(cohort.version)
    about = _about(about_of(last), lists)
    participant = enter(session, cohort, me, came=Came.JOINED, at=at)
    if last.offer is not None:
        said = offered_by(last, default_capacity=cohort.version.default_capacity)
        say_offer(session, cohort, me, _chosen(said, lists), about, at=at)
        participant.shows = list(last.shows)
    if last.need is not None:
        say_need(session, cohort, me, _chosen(needed_by(last), lists), about, at=at)
    return participant


def _about(about: About, lists: Lists) -> About:
    answers = {
        question.key: about.answers[question.key]
        for question in lists.questions
        if about.answers.get(question.key) in question.answers
    }
    return replace(about, interests=among(about.interests, lists.interests), answers=answers)


Said = TypeVar("Said", Offered, Needed)


def _chosen(said: Said, lists: Lists) -> Said:
    return replace(
        said,
        kinds=among(said.kinds, lists.kinds),
        skills=among(said.skills, lists.skills),
        topics=among(said.topics, lists.topics),
    )
