"""Why those of a circle suit each other, and whether somebody else would."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mentoring.mentorships.models import Mentorship
from mentoring.names import in_sentence
from mentoring.pairing.circles.checking import rules_among
from mentoring.pairing.circles.peering import peers_of
from mentoring.pairing.circles.words import BETWEEN, GONE, shared
from mentoring.pairing.pooling import design_of
from mentoring.participants.models import Participant


def what_they_share(session: Session, circle: Mentorship, *, at: datetime) -> Sequence[str]:
    """What speaks for it as things stand, and is nobody's own; nothing once it has ended."""
    if circle.has_ended:
        return ()
    peers = peers_of(session, circle.cohort, circle.people, at=at)
    return shared(peers, weights=design_of(circle.cohort.version).weights)


def against(session: Session, circle: Mentorship, new: Participant, *, at: datetime) -> list[str]:
    """The hard rules that keep somebody from those of a circle, in sentences."""
    *members, newcomer = peers_of(session, circle.cohort, [*circle.people, new], at=at)
    if not newcomer.is_ready:
        return [str(GONE) % {"name": in_sentence(new.name)}]
    names = {person.public_id: in_sentence(person.name) for person in (*circle.people, new)}
    return [
        str(BETWEEN[rule]) % {"one": names[one.key], "other": names[other.key]} + " " + _("Choose somebody else.")
        for one, other, rules in rules_among(design_of(circle.cohort.version), [*members, newcomer])
        if other is newcomer
        for rule in rules
    ]
