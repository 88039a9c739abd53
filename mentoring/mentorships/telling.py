"""What observers are told about a learner's mentoring: whether there is a mentor, not who it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.observing import Line
from mentoring.mentorships.models import Mentorship, Place
from mentoring.mentorships.states import STANDING
from mentoring.participants.models import Participant


def lines(learners: Sequence[Enrolment]) -> Mapping[int, Sequence[Line]]:
    mentored = set(
        db.session.scalars(
            select(Participant.enrolment_id)
            .join(Place, Place.mentee_id == Participant.id)
            .join(Place.mentorship)
            .where(
                Participant.enrolment_id.in_([learner.id for learner in learners]),
                Mentorship.state.in_(STANDING),
            )
        )
    )
    return {
        learner.id: [
            Line(label=_("Mentor"), value=_("Has one"), tone="done")
            if learner.id in mentored
            else Line(label=_("Mentor"), value=_("Has none yet"), tone="waiting")
        ]
        for learner in learners
    }
