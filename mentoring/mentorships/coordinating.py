"""Whom a coordinator may put in a mentor's place, as forms."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm

from lti_tool import clock
from lti_tool.db import db
from lti_tool.models import Enrolment
from mentoring.mentorships.allowing import Act
from mentoring.mentorships.forms import SomebodyForm, somebody_form
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.requesting import who_may_be_asked
from mentoring.names import in_sentence
from mentoring.participants.models import Participant
from mentoring.participants.queries import loads

LABELS = {Act.SUBSTITUTE: _l("Who mentors from now on?"), Act.REMATCH: _l("Who is the next mentor?")}


def mentor_form(mentorship: Mentorship, act: Act) -> SomebodyForm:
    """A choice of the mentors with a free place whom no rule keeps from the mentee."""
    return _form(act, _mentors(mentorship))


def _form(act: Act, mentors: Sequence[tuple[Enrolment, str]]) -> SomebodyForm:
    return somebody_form(name=act.value, label=LABELS[act], people=mentors)


def _mentors(mentorship: Mentorship) -> list[tuple[Enrolment, str]]:
    """Each of them with their free places, in words."""
    mentee = mentorship.mentee.enrolment
    found = who_may_be_asked(db.session, mentorship.cohort, mentee, kinds=[mentorship.kind], at=clock.now())
    others = [each for each in found if each.id != mentorship.mentor.id]
    taken = loads(db.session, others)
    return [(each.enrolment, _line(each, each.capacity - taken[each.id])) for each in others]


def _line(mentor: Participant, free: int) -> str:
    name = in_sentence(mentor.name)
    return str(ngettext("%(name)s — one place free", "%(name)s — %(num)d places free", free, name=name))


def mentors_for(mentorship: Mentorship, acts: Collection[Act], wrong: FlaskForm | None) -> dict[str, Any]:
    """The forms of the acts that need another mentor, by the act; the one that was sent as it was."""
    mentors = _mentors(mentorship)
    return {
        act.value: wrong if isinstance(wrong, SomebodyForm) and act.value in wrong else _form(act, mentors)
        for act in (Act.SUBSTITUTE, Act.REMATCH)
        if act in acts
    }
