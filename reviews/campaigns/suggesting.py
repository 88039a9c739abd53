"""Whom somebody who is reviewed may want to name: those they work with, as far as the tool knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from lti_tool import members
from lti_tool.contacts.queries import managers_of
from lti_tool.models import Enrolment
from lti_tool.names import in_sentence
from lti_tool.roster.groups import CourseGroup, GroupMembership
from mentoring.mentorships.models import Mentorship, Place
from mentoring.mentorships.states import STANDING
from mentoring.participants.models import Participant
from reviews.campaigns.models import RaterGroup, Target
from reviews.campaigns.rules import EXTERNAL, REPORT, NominatedBy

MOST = 6
"""Suggestions for a group: more would be a list of the class."""


@dataclass(frozen=True)
class Suggestion:
    """Somebody, and where they and the reviewed person meet."""

    person: Enrolment
    why: str


def suggestions(session: Session, target: Target, groups: Sequence[RaterGroup]) -> Mapping[int, Sequence[Suggestion]]:
    """For each group that the reviewed person names, by its row number; nobody who is asked already."""
    me = target.enrolment
    if me is None:
        return {}
    asked = {each.rater_id for each in target.assignments} | {me.id}
    people = {each.id: each for each in members.people_of(session, me.course) if each.id not in asked}
    reports = {person for person, manager in managers_of(session, me.course).items() if manager == me.id}
    found: dict[int, Sequence[Suggestion]] = {}
    for group in groups:
        if group.nominated_by is not NominatedBy.SUBJECT or group.key == EXTERNAL:
            continue
        if group.key == REPORT:
            found[group.id] = [
                Suggestion(person, _("You are their manager")) for person in people.values() if person.id in reports
            ]
        else:
            found[group.id] = list(islice(_around(session, me, people), MOST))
    return found


def _around(session: Session, me: Enrolment, people: Mapping[int, Enrolment]) -> Iterator[Suggestion]:
    """Those with the same mentor first, then those of the same groups of the course, each once."""
    seen: set[int] = set()
    for person, mentor in _same_mentor(session, me):
        if person in people and person not in seen:
            seen.add(person)
            yield Suggestion(people[person], _("Has the same mentor: %(name)s", name=in_sentence(mentor.name)))
    for person, labels in _same_groups(session, me).items():
        if person in people and person not in seen:
            seen.add(person)
            yield Suggestion(people[person], _("In the same group: %(group)s", group=labels[0]))


def _same_mentor(session: Session, me: Enrolment) -> Iterator[tuple[int, Enrolment]]:
    mine, theirs = aliased(Place), aliased(Place)
    my_part, their_part, mentors = aliased(Participant), aliased(Participant), aliased(Participant)
    rows = session.execute(
        select(their_part.enrolment_id, Enrolment)
        .select_from(mine)
        .join(my_part, my_part.id == mine.mentee_id)
        .join(theirs, theirs.mentor_id == mine.mentor_id)
        .join(their_part, their_part.id == theirs.mentee_id)
        .join(mentors, mentors.id == mine.mentor_id)
        .join(Enrolment, Enrolment.id == mentors.enrolment_id)
        .join(Mentorship, Mentorship.id == theirs.mentorship_id)
        .where(my_part.enrolment_id == me.id, Mentorship.state.in_(STANDING))
        .order_by(their_part.enrolment_id)
    )
    return ((person, mentor) for person, mentor in rows)


def _same_groups(session: Session, me: Enrolment) -> Mapping[int, Sequence[str]]:
    mine = select(GroupMembership.group_id).where(GroupMembership.enrolment_id == me.id)
    rows = session.execute(
        select(GroupMembership.enrolment_id, CourseGroup)
        .join(CourseGroup, CourseGroup.id == GroupMembership.group_id)
        .where(CourseGroup.id.in_(mine), CourseGroup.course_id == me.course_id)
        .order_by(GroupMembership.enrolment_id, CourseGroup.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for person, group in rows:
        found[person].append(group.label)
    return found
