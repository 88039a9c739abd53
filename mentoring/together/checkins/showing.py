"""Check-ins on other pages: the section of a mentorship, and a panel of the mentor's brief."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.panels import BriefPanel, Card, NextStep, Urgency
from mentoring.mentorships.models import Membership, Mentorship, Part
from mentoring.mentorships.sections import Look, Section
from mentoring.mentorships.states import STANDING
from mentoring.names import in_sentence
from mentoring.participants.models import Participant
from mentoring.together.checkins.models import CheckIn
from mentoring.together.checkins.standing import Arrangement, arrangements_of, asked_in, is_anything, seen_in
from mentoring.together.checkins.wording import CHANGES, OBSTACLES

FEW = 3


def section(look: Look) -> Card | None:
    """For a pair in which somebody outside is asked, or was."""
    if look.mentorship.is_circle or not is_anything(look):
        return None
    is_mentee = look.part is Part.MENTEE
    reads_how = is_mentee or look.mine is None
    arrangements = asked_in(arrangements_of(look.session, look.mentorship)) if reads_how else []
    found = seen_in(look, FEW + 1)
    if not found and not arrangements:
        return None
    step = _step(look, arrangements) if is_mentee and look.can_write else None
    return Card(
        title=_("Check-ins with somebody outside"),
        template="checkins/_section.html",
        context={
            "look": look,
            "is_mentee": is_mentee,
            "arrangements": arrangements,
            "found": found[:FEW],
            "are_more": len(found) > FEW,
            "changes": CHANGES,
            "obstacles": OBSTACLES,
        },
        urgency=Urgency.USEFUL if step else Urgency.QUIET,
        next_step=step,
    )


def _step(look: Look, arrangements: Sequence[Arrangement]) -> NextStep | None:
    waiting = next((each.person for each in arrangements if each.waits_for_mentee), None)
    if waiting is None:
        return None
    url = url_for(
        "mentorships.mentorship",
        course=look.me.course.public_id,
        mentorship_id=look.mentorship.public_id,
        _anchor="section-check-ins",
    )
    sentence = _("May %(name)s be asked now and then what change they see? You decide.", name=in_sentence(waiting.name))
    return NextStep(sentence=sentence, label=_("Decide about check-ins"), url=url)


SECTION = Section(key="check-ins", order=70, fill=section)


_mine, _theirs = aliased(Membership), aliased(Membership)
_me, _them = aliased(Participant), aliased(Participant)
_LAST = (
    select(CheckIn)
    .join(CheckIn.mentorship)
    .join(_mine, _mine.mentorship_id == Mentorship.id)
    .join(_me, _me.id == _mine.participant_id)
    .join(_theirs, _theirs.mentorship_id == Mentorship.id)
    .join(_them, _them.id == _theirs.participant_id)
    .where(
        _me.enrolment_id == bindparam("mentor"),
        _them.enrolment_id == bindparam("mentee"),
        _theirs.part == Part.MENTEE,
        _mine.until.is_(None),
        Mentorship.state.in_(STANDING),
        CheckIn.asked >= _mine.since,
        CheckIn.answered.is_not(None),
    )
    .order_by(CheckIn.answered.desc())
    .limit(1)
)


def before_we_meet(mentor: Enrolment, mentee: Enrolment) -> Card | None:
    """What was said last from outside, to whoever mentored then."""
    found = db.session.scalar(_LAST, {"mentor": mentor.id, "mentee": mentee.id})
    if found is None:
        return None
    context = {"check_in": found, "changes": CHANGES}
    return Card(title=_("What change others see"), template="checkins/_brief.html", context=context)


BRIEF = BriefPanel(key="check-ins", order=45, fill=before_we_meet)
