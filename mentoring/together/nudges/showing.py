"""What home pages and the mentorship's page say about silence."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.panels import Card, Panel
from mentoring.mentorships.listing import left_over, stalled
from mentoring.mentorships.naming import title_of
from mentoring.mentorships.sections import Look, Section
from mentoring.mentorships.silence import silent_mentors
from mentoring.mentorships.wording import REASONS, STATES
from mentoring.programs.starting import current
from mentoring.together.nudges import stopping
from mentoring.together.nudges.fading import first_few
from mentoring.together.nudges.reading import UNDER_WAY
from mentoring.together.nudges.rescuing import rescues


def waiting_too_long(me: Enrolment) -> Card | None:
    """For instructors, in one place: who has waited for whom since when, who was left over, who lets asks go by, and
    which mentorships fade."""
    cohort = current(db.session, me.course)
    if cohort is None:
        return None
    at = clock.now()
    found, all_stalled = stalled(db.session, cohort, at=at)
    left, all_left = left_over(db.session, cohort)
    silent = silent_mentors(db.session, cohort.id)
    fading, all_fading = first_few(db.session, cohort, at=at)
    if not found and not left and not silent and not fading:
        return None
    return Card(
        title=_("Waiting too long"),
        template="mentorships/_waiting.html",
        context={
            "stalled": found,
            "left_over": left,
            "silent": silent,
            "more": all_stalled - len(found) + all_left - len(left),
            "fading": fading,
            "more_fading": all_fading - len(fading),
            "rescues": rescues,
            "fading_url": url_for("nudges.fading", course=me.course.public_id),
            "all_url": url_for("mentorships.everything", course=me.course.public_id),
            "pairing_url": url_for("pairing.board", course=me.course.public_id),
            "states": STATES,
            "reasons": REASONS,
            "title_of": title_of,
        },
    )


PANEL = Panel(key="waiting-too-long", order=3, open_to=(Role.INSTRUCTOR,), fill=waiting_too_long)


def section(look: Look) -> Card | None:
    """For its people: have no reminders for a while, or have them back."""
    if not look.can_write or look.mentorship.state not in UNDER_WAY:
        return None
    return Card(
        title=_("Reminders"),
        template="nudges/_rest.html",
        context={"look": look, "until": stopping.rests_until(look.session, look.mentorship, look.at)},
    )


SECTION = Section(key="reminders", order=90, fill=section)
