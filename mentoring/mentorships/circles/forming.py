"""Circles are made: several at once, each as a whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.models import Enrolment
from mentoring.events import CircleFormed
from mentoring.mentorships.agreeing import start_counting
from mentoring.mentorships.circles import telling
from mentoring.mentorships.ledger import placed_among
from mentoring.mentorships.models import Membership, Mentorship, Origin, Part, Place
from mentoring.mentorships.postcards import about_circle
from mentoring.mentorships.states import MentorshipState
from mentoring.mentorships.timeline.reaching import lay_out
from mentoring.mentorships.winding import wind
from mentoring.participants.models import Participant
from mentoring.programs.models import Cohort
from mentoring.programs.starting import settled


class Taken(Exception):
    """Somebody has a circle already; nothing was made."""

    def __init__(self, people: Sequence[Participant]) -> None:
        super().__init__("Somebody has a circle already.")
        self.people = people


def form(
    session: Session,
    cohort: Cohort,
    circles: Sequence[Sequence[Participant]],
    *,
    by: Enrolment,
    at: datetime,
    run_id: int | None = None,
) -> list[Mentorship]:
    """Let these people be in circles from now on, whom the caller holds; the caller commits. Raises Taken.

    Nobody has to agree: among peers nobody takes on more than the others.
    """
    people = [person for circle in circles for person in circle]
    if placed := placed_among(session, people):
        raise Taken([person for person in people if person.id in placed])
    cohort = settled(session, cohort)
    made = [_make(cohort, circle, by=by, at=at, run_id=run_id) for circle in circles]
    session.add_all(made)
    session.flush()
    lay_out(session, made)
    for circle in made:
        outbox.announce(session, CircleFormed(**about_circle(circle, at), by=by.who))
        telling.formed(session, circle, at=at)
        wind(session, circle)
    return made


def _make(
    cohort: Cohort, people: Sequence[Participant], *, by: Enrolment, at: datetime, run_id: int | None
) -> Mentorship:
    circle = Mentorship(
        cohort=cohort,
        kind=cohort.version.kinds[0],
        state=MentorshipState.ACCEPTED,
        origin=Origin.RUN,
        run_id=run_id,
        created=at,
    )
    for person in people:
        enter(circle, person, at=at)
    start_counting(circle, Part.PEER, at=at)
    circle.begin(by=by, at=at)
    return circle


def enter(circle: Mentorship, person: Participant, *, at: datetime) -> None:
    """This person belongs to it from now on; the caller has seen that they have no other."""
    person.as_mentee = True
    circle.members.append(Membership(participant=person, part=Part.PEER, since=at))
    circle.places.append(Place(mentee=person, kind=circle.kind, since=at))
