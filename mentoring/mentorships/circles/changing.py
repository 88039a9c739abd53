"""Who belongs to a circle changes while it goes on. Each act is handed one that is held; the caller commits."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.models import Enrolment
from mentoring.events import CircleJoined, CircleLeft
from mentoring.mentorships import ending
from mentoring.mentorships.agreement import signing
from mentoring.mentorships.allowing import Act
from mentoring.mentorships.circles import telling
from mentoring.mentorships.circles.fitting import against
from mentoring.mentorships.circles.forming import enter
from mentoring.mentorships.ledger import placed_among
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.postcards import about_circle
from mentoring.mentorships.refusing import Refusal, require
from mentoring.names import in_sentence
from mentoring.pairing.circles.peering import sizes_of
from mentoring.participants.joining import hold
from mentoring.participants.models import Participant
from mentoring.participants.queries import is_here

PUT_IN, TAKEN_OUT, MEMBER_LEFT = "put_in", "taken_out", "member_left"
A_MOMENT = timedelta(microseconds=1)
FEWEST = 2
"""A circle of fewer is none."""


def leave(session: Session, circle: Mentorship, *, by: Enrolment, at: datetime, reason: str, note: str = "") -> None:
    """One of them leaves, alone and without being blamed: why stands in the history, which instructors read."""
    require(circle, Act.LEAVE, by)
    remove(session, circle, _member(circle, by), by=by, at=at, reason=reason, note=note)


def take_out(session: Session, circle: Mentorship, person: Enrolment, *, by: Enrolment, at: datetime) -> None:
    """An instructor takes somebody out. Raises Refusal."""
    require(circle, Act.TAKE_OUT, by)
    remove(session, circle, _member(circle, person), by=by, at=at, reason=TAKEN_OUT)


def remove(
    session: Session,
    circle: Mentorship,
    person: Participant,
    *,
    by: Enrolment | None,
    at: datetime,
    reason: str,
    note: str = "",
) -> None:
    """They belong to it no longer; it goes on while two or more remain, and ends otherwise."""
    for member in circle.members:
        if member.participant is person and member.until is None:
            member.until = at
    for place in [place for place in circle.places if place.mentee is person]:
        circle.places.remove(place)
    circle.remark(by=by, at=at, reason=reason, note=note)
    session.flush()
    is_theirs = by is not None and by.id == person.enrolment_id
    told = {"by": None, "reason": ""} if is_theirs else {"by": by.who if by else None, "reason": reason}
    outbox.announce(session, CircleLeft(**about_circle(circle, at), who=person.enrolment.who, **told))
    is_over = len(circle.people) < FEWEST
    if is_over:
        # A moment later: whoever left is not one of those who were there to the last.
        ending.end(session, circle, by=None, at=at + A_MOMENT, reason=ending.TOO_FEW_LEFT)
    telling.left(session, circle, person, by=by, at=at, others_go_on=not is_over)
    if not is_over:
        signing.settle_without(session, circle, at=at)


def put_in(session: Session, circle: Mentorship, person: Enrolment, *, by: Enrolment, at: datetime) -> None:
    """An instructor puts somebody in who has no circle. Raises Refusal if there is no room or a rule is against it.

    The caller holds the person, too.
    """
    require(circle, Act.PUT_IN, by)
    new = hold(session, circle.cohort, [person]).get(person.id)
    name = in_sentence(person.name)
    if new is None or not is_here(person):
        raise Refusal(_("%(name)s is no longer in the course, so nothing was changed.", name=name))
    if placed_among(session, [new]):
        raise Refusal(_("%(name)s has a circle already. Take them out of it first.", name=name))
    most = sizes_of(circle.cohort.version).largest
    if len(circle.people) >= most:
        raise Refusal(_("A circle has %(most)d people at most, and this one is full. Choose another one.", most=most))
    for sentence in against(session, circle, new, at=at):
        raise Refusal(sentence)
    enter(circle, new, at=at)
    circle.remark(by=by, at=at, reason=PUT_IN)
    session.flush()
    outbox.announce(session, CircleJoined(**about_circle(circle, at), who=person.who, by=by.who))
    telling.joined(session, circle, new, at=at)


def _member(circle: Mentorship, person: Enrolment) -> Participant:
    found = next((each for each in circle.people if each.enrolment_id == person.id), None)
    if found is None:
        raise Refusal(_("%(name)s is not in this circle any more.", name=in_sentence(person.name)))
    return found
