"""A coordinator changes who mentors: somebody steps in, or a new mentorship follows one that ended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.models import Enrolment
from mentoring.events import MentorSubstituted
from mentoring.mentorships import ending, telling_people
from mentoring.mentorships.allowing import Act
from mentoring.mentorships.barring import Bars, usual_bars
from mentoring.mentorships.ledger import Ledger, Pair, taken_by
from mentoring.mentorships.models import Membership, Mentorship, Origin, Part
from mentoring.mentorships.postcards import about
from mentoring.mentorships.proposing import Story, propose_as
from mentoring.mentorships.refusing import barred, require
from mentoring.pairing.rules import obstacle
from mentoring.participants.joining import hold
from mentoring.participants.models import Participant

REMATCHED, SUBSTITUTED = "rematched", "substituted"


def substitute(
    session: Session,
    mentorship: Mentorship,
    mentor: Enrolment,
    *,
    by: Enrolment,
    at: datetime,
    bars: Bars = usual_bars,
) -> None:
    """This person mentors in the other's place from now on, whose part is over; the place moves with it.

    Raises Refusal if a rule stands against it. The caller holds the mentorship and its people, and commits.
    """
    require(mentorship, Act.SUBSTITUTE, by)
    was, steps_in = mentorship.mentor, _free(session, mentorship, mentor, at, bars)
    for member in mentorship.members:
        if member.participant is was and member.until is None:
            member.until = at
    session.flush()
    mentorship.members.append(Membership(participant=steps_in, part=Part.SUBSTITUTE, since=at))
    for place in mentorship.places:
        place.mentor = steps_in
    if all(person.enrolment.is_active for person in mentorship.people):
        # Whoever was missing has somebody in their place: nobody is waited for any more.
        mentorship.grace_ends = None
    mentorship.remark(by=by, at=at, reason=SUBSTITUTED)
    session.flush()
    event = MentorSubstituted(**about(mentorship, at), by=by.who, instead_of=was.enrolment.who)
    outbox.announce(session, event)
    telling_people.substituted(session, mentorship, was, at=at)


def _free(session: Session, mentorship: Mentorship, mentor: Enrolment, at: datetime, bars: Bars) -> Participant:
    """The substitute, held, whom no rule keeps from this mentee."""
    mentee = mentorship.mentee
    held = hold(session, mentorship.cohort, [mentee.enrolment, mentor])
    all_places = Ledger(held, taken_by(session, held.values()))
    pair = Pair(mentee.enrolment, mentor, mentorship.kind)
    is_the_same = mentor.id == mentorship.mentor.enrolment_id
    places = all_places if is_the_same else all_places.without(mentorship)
    rule = obstacle(places.situation(pair))
    if rule is None:
        rule = bars(session, mentee, [held[mentor.id]], mentorship.kind.key, at).get(held[mentor.id].id)
    if rule is not None:
        raise barred(rule, mentee.enrolment, mentor)
    return held[mentor.id]


def rematch(
    session: Session,
    mentorship: Mentorship,
    mentor: Enrolment,
    *,
    by: Enrolment,
    at: datetime,
    bars: Bars = usual_bars,
) -> Mentorship:
    """A new mentorship with another mentor, which remembers the one it replaces; that one ends, if it had not.

    Raises Refusal if a rule stands against it; the caller then rolls back, and the old one stands as it was.
    """
    require(mentorship, Act.REMATCH, by)
    if mentorship.is_standing:
        ending.end(session, mentorship, by=by, at=at, reason=REMATCHED)
    mentee = mentorship.mentee.enrolment
    pair = Pair(mentee, mentor, mentorship.kind)
    story = Story(origin=Origin.ASSIGNED, replaces=mentorship)
    result = propose_as(session, mentorship.cohort, [pair], story, by=by, at=at, bars=bars)
    for refused in result.refused:
        raise barred(refused.rule, mentee, mentor)
    [made] = result.made
    return made
