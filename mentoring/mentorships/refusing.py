"""Why something cannot be done with a mentorship just now, in a sentence for whoever wanted to."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lti_tool.models import Enrolment
from mentoring.mentorships.allowing import CIRCLES, TABLE, Act, Seat, Table, may
from mentoring.mentorships.models import Mentorship, NotPossible, Origin, Part
from mentoring.mentorships.states import MentorshipState
from mentoring.names import in_sentence
from mentoring.pairing.rules import Rule
from mentoring.programs.choices import MustAgree


class Refusal(NotPossible):
    """An act that is not done; nothing has changed."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


S = MentorshipState
_AS_IT_IS = {
    S.PROPOSED: _l("That cannot be done while an answer is waited for."),
    S.INFO_ASKED: _l("The mentor has asked back, and waits for what the mentee says."),
    S.ACCEPTED: _l("The two are a pair already, and have not begun yet."),
    S.ACTIVE: _l("The two are a pair and have begun."),
    S.PAUSED: _l("The two have paused. Resume first."),
    S.COMPLETED: _l("This mentorship is completed."),
    S.ENDED_EARLY: _l("This mentorship has ended meanwhile."),
    S.CANCELLED: _l("This mentorship was called off meanwhile."),
    S.DECLINED: _l("The answer was no already."),
    S.WITHDRAWN: _l("This was taken back meanwhile; nothing is left to answer."),
    S.EXPIRED: _l("The time for an answer is over. Whoever asked may ask again."),
    S.SUPERSEDED: _l("This came to nothing meanwhile: somebody else was found, or one of the two left the course."),
}

_AS_CIRCLES_ARE = {
    **_AS_IT_IS,
    S.ACCEPTED: _l("That cannot be done with a circle that has not met yet."),
    S.ACTIVE: _l("That cannot be done with a circle that is under way."),
    S.PAUSED: _l("The circle has paused. Let it go on first."),
    S.COMPLETED: _l("This circle is completed."),
    S.ENDED_EARLY: _l("This circle has ended meanwhile."),
    S.CANCELLED: _l("This circle was called off meanwhile."),
}

_BARRED = {
    Rule.ONESELF: _l("Nobody mentors themselves. Choose somebody else."),
    Rule.SAME_PAIR: _l("%(mentor)s mentors %(mentee)s already, or has been asked to. Choose somebody else."),
    Rule.KIND_FILLED: _l("%(mentee)s has every mentor of this kind already, or somebody was asked."),
    Rule.NO_PLACE: _l("%(mentor)s has no free place left. Choose somebody else for %(mentee)s."),
    Rule.NO_OFFER: _l("%(mentor)s does not mentor at present. Choose somebody else for %(mentee)s."),
    Rule.NOT_OFFERED: _l("%(mentor)s does not mentor in this way. Choose somebody else for %(mentee)s."),
    Rule.MENTOR_GONE: _l(
        "%(mentor)s is no longer in the course, or does not take part. Choose somebody else for %(mentee)s."
    ),
    Rule.MENTEE_GONE: _l("%(mentee)s is no longer in the course, or has not agreed to take part."),
    Rule.LANGUAGE: _l("%(mentor)s and %(mentee)s have no language in common. Choose somebody else."),
    Rule.HOURS: _l("%(mentor)s and %(mentee)s have too few free hours in common. Choose somebody else."),
    Rule.EXPERIENCE: _l("%(mentor)s has not the years of experience that the program asks for. Choose somebody else."),
}
"""Of a rule that is not here nothing is said but that there is one: exclusions and conflicts are private."""


def require(mentorship: Mentorship, act: Act, by: Enrolment | None) -> None:
    """Raises Refusal if this may not be done now, or not by them; the clock is asked for the state alone."""
    if by is None:
        return
    if not may(act, mentorship.state, seats_of(mentorship, by), table_of(mentorship)):
        raise Refusal(why_not(mentorship, act))


def table_of(mentorship: Mentorship) -> Table:
    """Where it stands who may do what."""
    return CIRCLES if mentorship.is_circle else TABLE


def why_not(mentorship: Mentorship, act: Act) -> str:
    if may(act, mentorship.state, list(Seat), table_of(mentorship)):
        return str(_("That is for somebody else to do, or it is not your turn."))
    return str((_AS_CIRCLES_ARE if mentorship.is_circle else _AS_IT_IS)[mentorship.state])


def barred(rule: Rule, mentee: Enrolment, mentor: Enrolment) -> Refusal:
    sentence = _BARRED.get(rule) or _l("%(mentor)s and %(mentee)s cannot be a pair here. Choose somebody else.")
    names = {"mentee": in_sentence(mentee.name), "mentor": in_sentence(mentor.name)}
    return Refusal(str(sentence) % names)


def sides(mentorship: Mentorship) -> tuple[Part, ...]:
    """Who has to say yes, in the order in which they are asked. Whoever asks has said so by asking."""
    if mentorship.origin is Origin.REQUEST or mentorship.cohort.version.must_agree is not MustAgree.BOTH:
        return (Part.MENTOR,)
    return (Part.MENTOR, Part.MENTEE)


def part_of(mentorship: Mentorship, person: Enrolment) -> Part | None:
    """On which side they are: a substitute is on the mentor's. In a circle, whether they belong to it."""
    if mentorship.is_circle:
        return Part.PEER if any(each.enrolment_id == person.id for each in mentorship.people) else None
    if mentorship.mentor.enrolment_id == person.id:
        return Part.MENTOR
    return Part.MENTEE if mentorship.mentee.enrolment_id == person.id else None


def seats_of(mentorship: Mentorship, person: Enrolment) -> set[Seat]:
    """What this person is to the mentorship now."""
    part = part_of(mentorship, person)
    is_turn = part is not None and part is mentorship.waits_for
    found = {
        Seat.COORDINATOR: person.is_instructor,
        Seat.MEMBER: part is not None,
        Seat.TURN: is_turn,
        Seat.MENTORS_TURN: is_turn and part is Part.MENTOR,
        Seat.INVITED: part in sides(mentorship),
        Seat.ASKER: part is Part.MENTEE and mentorship.origin is Origin.REQUEST,
    }
    return {seat for seat, is_theirs in found.items() if is_theirs}
