"""Codes of mentorships in words: what a state is called, and the reasons people choose among."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from mentoring.mentorships.states import MentorshipState

S = MentorshipState

STATES: dict[MentorshipState, tuple[LazyString, str]] = {
    S.PROPOSED: (_l("Asked"), "waiting"),
    S.INFO_ASKED: (_l("Asked back"), "waiting"),
    S.ACCEPTED: (_l("Not met yet"), "waiting"),
    S.ACTIVE: (_l("Under way"), "done"),
    S.PAUSED: (_l("Paused"), "plain"),
    S.COMPLETED: (_l("Completed"), "done"),
    S.ENDED_EARLY: (_l("Ended early"), "plain"),
    S.CANCELLED: (_l("Called off"), "plain"),
    S.DECLINED: (_l("Declined"), "plain"),
    S.WITHDRAWN: (_l("Taken back"), "plain"),
    S.EXPIRED: (_l("Not answered"), "wrong"),
    S.SUPERSEDED: (_l("Settled otherwise"), "plain"),
}
"""What a state is called, and its tone."""

WHY_NOT: dict[str, LazyString] = {
    "no_time": _l("I have no time at present"),
    "not_my_field": _l("It is not my field"),
    "too_close": _l("We are too close, at work or in private"),
    "other": _l("Another reason"),
}
"""Why somebody says no; a mentee says it with the same words."""

WHY_END: dict[str, LazyString] = {
    "reached": _l("We have reached what we wanted"),
    "no_more_time": _l("I have no time any more"),
    "no_contact": _l("I do not reach the other one"),
    "not_a_fit": _l("We do not suit each other"),
    "other": _l("Another reason"),
}

WHY_THEY_END: dict[str, LazyString] = {
    "reached": _l("They have reached what they wanted"),
    "no_more_time": _l("One of them has no time any more"),
    "no_contact": _l("One does not reach the other"),
    "not_a_fit": _l("They do not suit each other"),
    "other": _l("Another reason"),
}
"""The same in the words of an instructor who ends it."""

WHY_LEAVE: dict[str, LazyString] = {
    "reached": _l("I have reached what I wanted"),
    "no_more_time": _l("I have no time any more"),
    "no_contact": _l("We do not find times to meet"),
    "not_a_fit": _l("I do not feel at home in it"),
    "other": _l("Another reason"),
}
"""Why somebody leaves a circle."""

WHY_END_CIRCLE: dict[str, LazyString] = {
    "reached": _l("They have reached what they wanted"),
    "no_contact": _l("They do not meet"),
    "not_a_fit": _l("They do not suit each other"),
    "other": _l("Another reason"),
}

BY_ITSELF: dict[str, LazyString] = {
    "unpaired": _l("An instructor took the pair apart"),
    "rematched": _l("Another mentor follows"),
    "mentee_left": _l("The mentee has left the course"),
    "mentor_left": _l("The mentor has left the course"),
    "mentor_silent": _l("The mentor did not answer"),
    "mentee_silent": _l("The mentee did not answer"),
    "mentor_agreed": _l("The mentor said yes"),
    "mentee_agreed": _l("The mentee said yes"),
    "never_began": _l("The two never met"),
    "slot_given_up": _l("The booked time was called off"),
    "other_accepted": _l("Somebody else was found"),
    "kept_apart": _l("The two are not to be matched"),
    "passed_on": _l("An instructor passed it on"),
    "substituted": _l("Somebody stepped in as mentor"),
    "put_in": _l("An instructor put somebody in"),
    "taken_out": _l("An instructor took somebody out"),
    "member_left": _l("Somebody has left the course"),
    "too_few_left": _l("Too few were left"),
    "written_to": _l("An instructor wrote to them"),
}

REASONS: dict[str, LazyString] = {**WHY_NOT, **WHY_END, **BY_ITSELF}
"""Every code of a history, for instructors."""

OF_CIRCLES: dict[str, LazyString] = {**WHY_END_CIRCLE, **WHY_LEAVE, **BY_ITSELF, "never_began": _l("They never met")}
"""The same of a circle's."""
