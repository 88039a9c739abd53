"""What observers are told about a learner's mentoring: whether there is a mentor or a circle, not who they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from lti_tool.db import db
from lti_tool.models import Course, Enrolment
from lti_tool.observing import Line
from mentoring.mentorships.models import Mentorship, Place
from mentoring.mentorships.states import STANDING
from mentoring.participants.models import Participant
from mentoring.programs.starting import current


def lines(learners: Sequence[Enrolment]) -> Mapping[int, Sequence[Line]]:
    places = db.session.execute(
        select(Participant.enrolment_id, Place.mentor_id)
        .join(Place, Place.mentee_id == Participant.id)
        .join(Place.mentorship)
        .where(Participant.enrolment_id.in_([learner.id for learner in learners]), Mentorship.state.in_(STANDING))
    ).all()
    mentored = {learner for learner, mentor in places if mentor is not None}
    in_circles = {learner for learner, mentor in places if mentor is None}
    among_peers = {course.id: _is_of_peers(course) for course in {learner.course for learner in learners}}
    return {
        learner.id: [_circle_line(learner.id in in_circles)]
        if learner.id in in_circles or (among_peers[learner.course_id] and learner.id not in mentored)
        else [_mentor_line(learner.id in mentored)]
        for learner in learners
    }


def _is_of_peers(course: Course) -> bool:
    cohort = current(db.session, course)
    return cohort is not None and cohort.version.is_of_peers


def _mentor_line(has_one: bool) -> Line:
    if has_one:
        return Line(label=_("Mentor"), value=_("Has one"), tone="done")
    return Line(label=_("Mentor"), value=_("Has none yet"), tone="waiting")


def _circle_line(has_one: bool) -> Line:
    if has_one:
        return Line(label=_("Circle"), value=_("Belongs to one"), tone="done")
    return Line(label=_("Circle"), value=_("Belongs to none yet"), tone="waiting")
