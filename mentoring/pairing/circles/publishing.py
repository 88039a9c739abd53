"""A draft of circles becomes circles, as a whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from lti_tool.models import Enrolment
from mentoring.mentorships.circles.forming import form
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.naming import names_of
from mentoring.pairing.circles.checking import broken
from mentoring.pairing.circles.peering import gather
from mentoring.pairing.models import MatchRun, RunState
from mentoring.participants.joining import hold


@dataclass
class Published:
    """What came of it: circles, or what stands in the way."""

    made: Sequence[Mentorship] = ()
    refused: list[str] = field(default_factory=list)
    """Sentences that name a circle by its people, who is in the way, and the cure."""


def publish(session: Session, run: MatchRun, *, by: Enrolment, at: datetime) -> Published:
    """Make the circles of a draft that the caller holds; the caller commits if nothing was refused.

    Everybody concerned is held, and every hard rule looked at again as things stand now; one circle that breaks one
    keeps the whole draft a draft.
    """
    hold(session, run.cohort, [person.enrolment for circle in run.circles for person in circle.people])
    gathered = gather(session, run.cohort, at=at)
    refused = [
        f"{names_of(circle.people)}: " + " ".join(sentences)
        for circle in run.circles
        if (sentences := broken(gathered, circle.people))
    ]
    if refused:
        return Published(refused=refused)
    made = form(session, run.cohort, [circle.people for circle in run.circles], by=by, at=at, run_id=run.id)
    run.state, run.published, run.published_by, run.changed = RunState.PUBLISHED, at, by, at
    return Published(made=made)
