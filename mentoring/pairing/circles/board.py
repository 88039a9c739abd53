"""The board of a program of peers: who is in which circle, and who is in none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from lti_tool.members import people_of
from lti_tool.models import Enrolment
from lti_tool.roster.groups import Choice
from mentoring.mentorships.models import Membership, Mentorship
from mentoring.mentorships.naming import by_name, title_of
from mentoring.mentorships.states import STANDING
from mentoring.names import answers_to
from mentoring.pairing.circles.peering import sizes_of
from mentoring.participants.models import Participant
from mentoring.participants.queries import is_seeking, participants_of
from mentoring.programs.models import Cohort


@dataclass(frozen=True)
class Standing:
    """A circle that stands, or a pair that was made before the program was one of peers."""

    mentorship: Mentorship
    most: int
    """How many people a circle has."""

    @property
    def title(self) -> str:
        return title_of(self.mentorship)

    @property
    def people(self) -> Sequence[Participant]:
        return by_name(self.mentorship.people)

    @property
    def free(self) -> int:
        """How many more could come into it."""
        return max(self.most - len(self.mentorship.people), 0) if self.mentorship.is_circle else 0


@dataclass(frozen=True)
class Board:
    """Circles as they stand."""

    circles: Sequence[Standing]
    without: Sequence[Enrolment]
    seeking: int
    """How many people are to be in a circle."""
    smallest: int

    @property
    def placed(self) -> int:
        return self.seeking - len(self.without)

    @property
    def can_suggest(self) -> bool:
        """Whether enough people have no circle to make another one."""
        return len(self.without) >= self.smallest

    def within(self, choice: Choice, search: str) -> tuple[list[Standing], list[Enrolment]]:
        """The circles and the people without one that answer to a group and a search."""

        def answers(person: Enrolment) -> bool:
            return choice.shows(person.id) and (not search or answers_to(person, search))

        circles = [each for each in self.circles if any(answers(person.enrolment) for person in each.people)]
        return circles, [person for person in self.without if answers(person)]


def board_of(session: Session, cohort: Cohort) -> Board:
    """The board of a cohort of peers, read in the same few queries however many people there are."""
    participants = participants_of(session, cohort)
    circles = session.scalars(
        select(Mentorship)
        .where(Mentorship.cohort_id == cohort.id, Mentorship.state.in_(STANDING))
        .options(
            selectinload(Mentorship.members).joinedload(Membership.participant, innerjoin=True),
            selectinload(Mentorship.places),
        )
        .order_by(Mentorship.id)
    ).all()
    placed = {place.mentee_id for circle in circles for place in circle.places}
    seeking = [
        person for person in people_of(session, cohort.course) if is_seeking(person, participants.get(person.id))
    ]
    without = [
        person for person in seeking if person.id not in participants or participants[person.id].id not in placed
    ]
    sizes = sizes_of(cohort.version)
    found = sorted((Standing(circle, sizes.largest) for circle in circles), key=lambda each: each.title.casefold())
    return Board(found, without, len(seeking), sizes.smallest)
