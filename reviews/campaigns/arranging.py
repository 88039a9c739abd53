"""Who is reviewed in a campaign, and those of their raters that the tool knows by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import members
from lti_tool.db import find_or_create
from lti_tool.models import Course, Enrolment, Role
from mentoring.mentorships.models import Mentorship, Part
from mentoring.mentorships.states import STANDING
from mentoring.mentorships.timeline.steps import PARTS
from mentoring.participants.models import Participant
from mentoring.participants.queries import is_seeking, participants_of
from mentoring.programs.choices import ForWhom
from mentoring.programs.cohorts import cohorts_of
from mentoring.programs.models import Cohort
from mentoring.programs.starting import current
from reviews.answering.outside import asking
from reviews.campaigns import known
from reviews.campaigns.known import Rater
from reviews.campaigns.models import Assignment, Campaign, NotPossible, RaterGroup, Target
from reviews.campaigns.phases import AssignmentState, Phase
from reviews.campaigns.rules import EVERYONE, MENTEE, MENTOR, CampaignKind, NominatedBy

WHOLE = "whole"
ASKED_AS = {MENTEE: ForWhom.MENTEE, MENTOR: ForWhom.MENTOR}
"""Rater groups that are a side of a mentorship."""


def add_people(session: Session, campaign: Campaign, people: Iterable[Enrolment], *, at: datetime) -> list[Target]:
    """Have these people reviewed, each by whom the tool knows; those who are in it already stay as they are.

    Raises NotPossible once the campaign is closed, or for a campaign that is not about people.
    """
    if campaign.kind is not CampaignKind.REVIEW:
        raise NotPossible("Only a 360-degree review is about people one chooses.")
    if campaign.phase is not Phase.DRAFT and not campaign.is_running:
        raise NotPossible("The campaign is over.")
    people = list(people)
    made = [_target(session, campaign, person) for person in people]
    new = {target: person for (target, is_new), person in zip(made, people, strict=True) if is_new}
    ask_known(session, campaign, new, at=at)
    return [target for target, _is_new in made]


def _target(session: Session, campaign: Campaign, person: Enrolment) -> tuple[Target, bool]:
    key = {"campaign_id": campaign.id, "key": f"person:{person.id}"}
    return find_or_create(session, Target, key, enrolment_id=person.id, profile="")


def ask_known(session: Session, campaign: Campaign, about: Mapping[Target, Enrolment], *, at: datetime) -> None:
    """Have those rate each of these people whom the tool knows around them; who does so already stays as they are."""
    for group in campaign.groups:
        if group.nominated_by is NominatedBy.NOBODY:
            around = known.raters_of_all(session, group.key, about.values())
            for target, person in about.items():
                ask(session, target, group, around.get(person.id, ()), at=at)


def remove(session: Session, target: Target) -> None:
    """They are not reviewed after all. Raises NotPossible once answers are collected."""
    if target.campaign.phase in (Phase.COLLECTING, Phase.CLOSED, Phase.RELEASED, Phase.ARCHIVED):
        raise NotPossible("Answers are being collected, or were.")
    for assignment in target.assignments:
        session.delete(assignment)
    session.flush()
    session.delete(target)


def ask(session: Session, target: Target, group: RaterGroup, raters: Iterable[Rater], *, at: datetime) -> None:
    """Have these rate the target in this group; whoever does so already, in whatever group, is left as they are."""
    for rater in raters:
        key = {"rater_id": rater.enrolment.id} if rater.enrolment else {"mail": rater.mail}
        assignment, is_new = find_or_create(
            session,
            Assignment,
            {"target_id": target.id, **key},
            group_id=group.id,
            name=rater.name,
            state=AssignmentState.INVITED,
            invited=at if target.campaign.phase is Phase.COLLECTING else None,
        )
        if is_new:
            asking.ask(session, [assignment], at=at)


def people_for(session: Session, campaign: Campaign, whom: str) -> Sequence[Enrolment]:
    """Everybody who learns in the course, or the mentors or mentees of the campaign's run, or of the current one."""
    cohort = campaign.cohort or current(session, campaign.course)
    group = {"learners": EVERYONE, "mentors": MENTOR, "mentees": MENTEE}.get(whom, "")
    return _of_group(session, campaign.course, cohort, group)


def arrange_whole(session: Session, campaign: Campaign, *, at: datetime) -> Target:
    """The one target of a program evaluation or survey, and everybody who is to be asked about it now."""
    target = _whole(session, campaign)
    for group in campaign.groups:
        if group.nominated_by is NominatedBy.NOBODY:
            people = _of_group(session, campaign.course, campaign.cohort, group.key)
            ask(session, target, group, map(Rater, people), at=at)
    return target


def ask_of_whole(session: Session, campaign: Campaign, mentorship: Mentorship, *, at: datetime) -> Target:
    """The same, of the people of one mentorship: it has come to the moment at which they are asked."""
    target = _whole(session, campaign)
    for group in campaign.groups:
        if group.nominated_by is NominatedBy.NOBODY:
            people = people_of(mentorship, ASKED_AS.get(group.key, ForWhom.BOTH))
            ask(session, target, group, map(Rater, people), at=at)
    return target


def _whole(session: Session, campaign: Campaign) -> Target:
    target, _ = find_or_create(session, Target, {"campaign_id": campaign.id, "key": WHOLE}, profile="")
    return target


def people_of(mentorship: Mentorship, whom: ForWhom) -> list[Enrolment]:
    """Those of a mentorship, or of one that is over, those who belonged to it to the last."""
    return [
        each.participant.enrolment
        for each in mentorship.members
        if each.until == mentorship.ended and each.part in PARTS[whom]
    ]


def arrange_reviewed(
    session: Session, campaign: Campaign, mentorship: Mentorship, *, opens: datetime, at: datetime
) -> list[Target]:
    """A 360-degree review of those of this mentorship whom the campaign is about; who was reviewed before is not again.

    The other side is asked as well if the mentorship has just come to its end, when nobody is a mentor any more.
    """
    new = open_for(session, campaign, people_of(mentorship, campaign.reviewed), opens=opens, at=at)
    for key, side in ASKED_AS.items():
        for group in campaign.groups:
            if group.key == key and not mentorship.is_circle:
                others = people_of(mentorship, side)
                for target in new:
                    ask(session, target, group, [Rater(each) for each in others if each is not target.enrolment], at=at)
    return new


def open_for(
    session: Session, campaign: Campaign, people: Iterable[Enrolment], *, opens: datetime, at: datetime
) -> list[Target]:
    """Have these reviewed from `opens` on, as long as each stays open, by whom the tool knows; those who are in it
    already stay as they are. Those who are new."""
    new = {}
    for person in people:
        closes = opens + timedelta(days=campaign.open_days)
        key = {"campaign_id": campaign.id, "key": f"person:{person.id}"}
        values = {"enrolment_id": person.id, "profile": "", "opens": opens, "closes": closes}
        target, is_new = find_or_create(session, Target, key, **values)
        if is_new:
            new[target] = person
    ask_known(session, campaign, new, at=at)
    return list(new)


def _of_group(session: Session, course: Course, cohort: Cohort | None, group: str) -> Sequence[Enrolment]:
    people = members.people_of(session, course)
    if group == EVERYONE:
        return [each for each in people if each.role is Role.LEARNER]
    parts = participants_of(session, cohort)
    if group == MENTOR:
        return [each for each in people if each.id in parts and parts[each.id].as_mentor]
    if group == MENTEE:
        return [each for each in people if is_seeking(each, parts.get(each.id))]
    return []


def arrange_pair(
    session: Session, campaign: Campaign, mentorship: Mentorship, *, opens: datetime, nth: int = 1, at: datetime
) -> list[Target]:
    """Both sides of a mentorship evaluate each other from `opens` on; arranged twice it is the same evaluation.

    A circle's peers, who have no mentor, evaluate nobody in a pair.
    """
    sides = {MENTOR: Part.MENTOR, MENTEE: Part.MENTEE}
    people = {key: _side(mentorship, part) for key, part in sides.items()}
    if None in people.values():
        return []
    made = []
    for key, person in people.items():
        assert person is not None
        target, is_new = find_or_create(
            session,
            Target,
            {"campaign_id": campaign.id, "key": f"pair:{mentorship.id}:{person.enrolment_id}:{nth}"},
            enrolment_id=person.enrolment_id,
            mentorship_id=mentorship.id,
            profile="",
            opens=opens,
            closes=opens + timedelta(days=campaign.open_days),
        )
        if is_new:
            other = MENTEE if key == MENTOR else MENTOR
            rater = people[other]
            assert rater is not None
            ask(session, target, campaign.group(other), [Rater(rater.enrolment)], at=at)
        made.append(target)
    return made


def _side(mentorship: Mentorship, part: Part) -> Participant | None:
    """Who has this part now or, of one that is over, had it to the last."""
    return next(
        (each.participant for each in mentorship.members if each.part is part and each.until == mentorship.ended), None
    )


def standing_pairs(session: Session, campaign: Campaign) -> Sequence[Mentorship]:
    """The mentorships that stand now: of the campaign's cohort, or of all of the course where it belongs to none."""
    cohorts = [campaign.cohort] if campaign.cohort else cohorts_of(session, campaign.course)
    ids = [each.id for each in cohorts]
    wanted = select(Mentorship).where(Mentorship.cohort_id.in_(ids), Mentorship.state.in_(STANDING))
    return session.scalars(wanted.order_by(Mentorship.id)).all()
