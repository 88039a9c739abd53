"""What was before, on a mentorship's page: the mentee is asked what of it their new mentor may read, and whoever may
read something finds it."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from lti_tool.panels import Card, NextStep, Urgency
from mentoring.mentorships.earlier.reading import answers, kinds_in
from mentoring.mentorships.models import Part
from mentoring.mentorships.sections import Look, Section
from mentoring.names import in_sentence


def section(look: Look) -> Card | None:
    if not look.can_write:
        return None
    if look.part is Part.MENTEE:
        return _for_mentee(look)
    return _for_mentor(look) if look.part is Part.MENTOR else None


def _for_mentee(look: Look) -> Card | None:
    if not kinds_in(look.mentorship):
        return None
    name, url = in_sentence(look.mentorship.mentor.name), page_of(look, "earlier")
    said = answers(look.session, look.mentorship)
    sentence = _("You decide what %(name)s may read of what was before they came.", name=name)
    step = NextStep(sentence=sentence, label=_("Decide"), url=url)
    return Card(
        title=_("What your new mentor may read"),
        template="mentorships/_earlier.html",
        context={"name": name, "url": url, "given": any(said.values()), "has_said": bool(said)},
        urgency=Urgency.QUIET if said else Urgency.NEXT,
        next_step=None if said else step,
    )


def _for_mentor(look: Look) -> Card | None:
    """Nothing is said of what they may not read: a no is told to nobody."""
    if look.mentorship.replaces_id is None:
        return None
    said = answers(look.session, look.mentorship)
    if not any(said.get(kind.key) for kind in kinds_in(look.mentorship) if kind.show is not None):
        return None
    name = in_sentence(look.mentorship.mentee.name)
    return Card(
        title=_("What was before"),
        template="mentorships/_earlier_given.html",
        context={"name": name, "url": page_of(look, "read_earlier")},
    )


def page_of(look: Look, endpoint: str) -> str:
    return url_for(f"mentorships.{endpoint}", course=look.me.course.public_id, mentorship_id=look.mentorship.public_id)


SECTION = Section(key="earlier", order=38, fill=section)
