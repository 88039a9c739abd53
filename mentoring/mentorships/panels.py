"""What the home page says about my mentors and my mentees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_date
from flask import url_for
from flask_babel import get_locale, get_timezone
from flask_babel import gettext as _
from sqlalchemy import bindparam, select

from lti_tool.access import MEMBERS
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.panels import Card, Panel
from mentoring.mentorships.models import Place
from mentoring.mentorships.queries import mentees_of, mentors_of
from mentoring.participants.models import Participant
from mentoring.participants.queries import is_seeking
from mentoring.programs.models import Cohort
from mentoring.programs.starting import current


@dataclass(frozen=True)
class Companion:
    """The other person of a mentorship, as the home page shows them."""

    name: str
    kind: str
    since: datetime
    since_words: str
    grace_ends: datetime | None
    """When the mentorship ends unless whoever left the course comes back."""
    grace_words: str


def your_mentor(me: Enrolment) -> Card | None:
    """Who mentors me; also said while nobody does, unless I mentor others and need nobody."""
    places = mentors_of(db.session, me)
    participant = _participant(me, current(db.session, me.course))
    if not places and not is_seeking(me, participant):
        return None
    return Card(
        title=_("Your mentors") if len(places) > 1 else _("Your mentor"),
        template="mentorships/_your_mentor.html",
        context={"mentors": [_companion(place, place.mentor) for place in places]},
    )


def your_mentees(me: Enrolment) -> Card | None:
    """Whom I mentor and how many places are left; nothing for those who do not mentor."""
    places = mentees_of(db.session, me)
    participant = _participant(me, current(db.session, me.course))
    capacity = participant.capacity if participant else 0
    if not places and not capacity:
        return None
    return Card(
        title=_("Your mentees"),
        template="mentorships/_your_mentees.html",
        context={
            "mentees": [_companion(place, place.mentee) for place in places],
            "free": max(capacity - len(places), 0),
            "capacity": capacity,
            "pairing_url": url_for("pairing.board", course=me.course.public_id) if me.is_instructor else "",
        },
    )


_PARTICIPANT = select(Participant).where(
    Participant.cohort_id == bindparam("cohort"), Participant.enrolment_id == bindparam("me")
)


def _participant(me: Enrolment, cohort: Cohort | None) -> Participant | None:
    if cohort is None:
        return None
    return db.session.scalar(_PARTICIPANT, {"cohort": cohort.id, "me": me.id})


def _companion(place: Place, other: Participant) -> Companion:
    grace_ends = place.mentorship.grace_ends
    return Companion(
        other.name,
        place.kind.label,
        place.since,
        _day(place.since),
        grace_ends,
        _day(grace_ends) if grace_ends else "",
    )


def _day(moment: datetime) -> str:
    return str(format_date(moment.astimezone(get_timezone()).date(), "long", locale=get_locale()))


PANELS: Sequence[Panel] = (
    Panel(key="your-mentor", order=10, open_to=(Role.LEARNER,), fill=your_mentor),
    Panel(key="your-mentees", order=20, open_to=MEMBERS, fill=your_mentees),
)
