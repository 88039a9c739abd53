"""What a mentor reads before they meet their mentee: one page, put together from what every feature contributes."""

from __future__ import annotations

from flask import abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import aliased

from lti_tool import clock, panels
from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from lti_tool.panels import BriefPanel, Card
from mentoring.mentorships.agreement.section import page_of, words_about
from mentoring.mentorships.agreement.standing import agreed
from mentoring.mentorships.blueprint import ONE, bp, mine
from mentoring.mentorships.models import Mentorship, Part, Place
from mentoring.mentorships.sections import Look, Section
from mentoring.mentorships.states import STANDING
from mentoring.mentorships.timeline.reaching import entries_of
from mentoring.mentorships.timeline.section import detail
from mentoring.mentorships.timeline.words import title_of_entry
from mentoring.participants.models import Participant

ENTRIES_AT_ONCE = 3


@bp.get(f"{ONE}/brief")
@open_to(*MEMBERS)
def brief(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    """For whoever mentors in a pair now, and for nobody else."""
    look = mine(me, mentorship_id)
    mentorship = look.mentorship
    if mentorship.is_circle or look.part is not Part.MENTOR or not look.can_write:
        abort(404)
    mentee = mentorship.mentee
    cards = panels.brief_for(me, mentee.enrolment)
    return render("mentorships/brief.html", me=me, mentorship=mentorship, name=mentee.name, cards=cards)


def mentorship_card(mentor: Enrolment, mentee: Enrolment) -> Card | None:
    """The mentorship's own part: what is to be done, what comes next, what is agreed."""
    mentorship = between(mentor, mentee)
    if mentorship is None:
        return None
    at = clock.now()
    so_far = agreed(db.session, mentorship)
    ahead = [each for each in entries_of(db.session, mentorship) if each.done is None]
    return Card(
        title=_("Where you stand"),
        template="mentorships/_brief.html",
        context={
            **words_about(mentorship, so_far),
            "tasks": [task for task in mentorship.tasks if task.done is None],
            "entries": [(title_of_entry(each), detail(each, at)) for each in ahead[:ENTRIES_AT_ONCE]],
            "agreement_url": page_of(mentor, mentorship),
            "url": url_for(
                "mentorships.mentorship", course=mentor.course.public_id, mentorship_id=mentorship.public_id
            ),
        },
    )


def between(mentor: Enrolment, mentee: Enrolment) -> Mentorship | None:
    """The one in which the one mentors the other now: nobody has the same mentor twice."""
    theirs = aliased(Participant)
    return db.session.scalar(
        select(Mentorship)
        .join(Place, Place.mentorship_id == Mentorship.id)
        .join(Participant, Place.mentor_id == Participant.id)
        .join(theirs, Place.mentee_id == theirs.id)
        .where(Participant.enrolment_id == mentor.id, theirs.enrolment_id == mentee.id, Mentorship.state.in_(STANDING))
        .order_by(Mentorship.id.desc())
        .limit(1)
    )


PANEL = BriefPanel(key="mentorship", order=10, fill=mentorship_card)


def from_the_brief(look: Look) -> Card | None:
    """For whoever mentors in a pair now, what other features have to say of the mentee."""
    if look.mentorship.is_circle or look.part is not Part.MENTOR or not look.can_write:
        return None
    cards = panels.brief_for(look.me, look.mentorship.mentee.enrolment, on_page=True)
    if not cards:
        return None
    return Card(title=_("Before you meet"), template="mentorships/_from_the_brief.html", context={"cards": cards})


SECTION = Section(key="from-the-brief", order=90, fill=from_the_brief)
