"""Who mentors, and how many places they have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from lti_tool.models import Enrolment
from mentoring.names import in_sentence
from mentoring.participants.joining import hold, join
from mentoring.participants.models import OUTSIDE, MentorOffer, Participant, ParticipantState
from mentoring.participants.queries import is_here, loads
from mentoring.programs.models import Cohort


@dataclass(frozen=True)
class Offering:
    """So many places with this person; 0 says that they do not mentor this term."""

    person: Enrolment
    capacity: int
    kinds: tuple[str, ...] | None = None
    """Keys of the kinds of mentor they would be; None leaves them as they are."""


@dataclass(frozen=True)
class RefusedOffering:
    """An offering that cannot be, and what would put it right."""

    offering: Offering
    sentence: str


def offer(session: Session, cohort: Cohort, offerings: Sequence[Offering], *, at: datetime) -> list[RefusedOffering]:
    """Let these people mentor with these capacities; the caller commits if nothing was refused.

    If one of them is refused no capacity changes at all. A capacity below the mentees somebody has is refused.
    """
    join(session, cohort, [offering.person for offering in offerings if offering.capacity > 0], at=at)
    held = hold(session, cohort, [offering.person for offering in offerings])
    load = loads(session, held.values())
    refused = [
        RefusedOffering(offering, sentence)
        for offering in offerings
        if (sentence := obstacle(offering, _load_of(held.get(offering.person.id), load)))
    ]
    if refused:
        return refused
    for offering in offerings:
        if (participant := held.get(offering.person.id)) is not None:
            _write(participant, offering, at)
    session.flush()
    return []


def let_everybody(
    session: Session, cohort: Cohort, people: Sequence[Enrolment], places: int, *, at: datetime
) -> tuple[list[Enrolment], list[RefusedOffering]]:
    """Let those of these people mentor who do not yet; whoever does keeps their number. The caller commits.

    Comes back with those who mentor from now on, and, if one of them cannot be, with why: then nothing changes.
    """
    join(session, cohort, people, at=at)
    held = hold(session, cohort, people)
    new = [person for person in people if not held[person.id].capacity]
    return new, offer(session, cohort, [Offering(person, places) for person in new], at=at)


def _load_of(participant: Participant | None, loads: dict[int, int]) -> int:
    return loads.get(participant.id, 0) if participant else 0


def obstacle(offering: Offering, load: int) -> str:
    """What stands in the way of this capacity; empty if nothing does."""
    name = in_sentence(offering.person.name)
    sentence = ""
    if offering.capacity > 0 and not is_here(offering.person):
        sentence = _("%(name)s is no longer in the course and cannot mentor. Take the tick away.", name=name)
    elif offering.capacity == 0 < load:
        sentence = ngettext(
            "%(name)s has a mentee. End that pair on the pairing page first, then take the tick away.",
            "%(name)s has %(num)d mentees. End those pairs on the pairing page first, then take the tick away.",
            load,
            name=name,
        )
    elif offering.capacity < load:
        sentence = _(
            "%(name)s has %(load)d mentees already. Leave %(load)d places or more, or end a pair first.",
            name=name,
            load=load,
        )
    return sentence


def _write(participant: Participant, offering: Offering, at: datetime) -> None:
    capacity = offering.capacity
    participant.as_mentor = capacity > 0
    if capacity > 0 and participant.state in OUTSIDE:
        participant.state = ParticipantState.TAKING_PART
    if participant.offer is None:
        participant.offer = MentorOffer(capacity=capacity, created=at, changed=at)
    elif participant.offer.capacity != capacity:
        participant.offer.capacity, participant.offer.changed = capacity, at
    if offering.kinds is not None and tuple(participant.offer.kinds or ()) != offering.kinds:
        participant.offer.kinds, participant.offer.changed = list(offering.kinds), at
