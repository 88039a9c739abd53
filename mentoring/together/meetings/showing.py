"""Meetings on other pages: the section of a mentorship, a card of home pages, a panel of the mentor's brief."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.access import MEMBERS
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import local_time
from lti_tool.panels import BriefPanel, Card, NextStep, Panel, Urgency
from mentoring.mentorships.naming import names_of
from mentoring.mentorships.sections import Look, Section
from mentoring.participants.queries import has_part
from mentoring.programs.choices import Channel
from mentoring.together.meetings import queries
from mentoring.together.meetings.links import is_link
from mentoring.together.meetings.models import Meeting, Useful
from mentoring.together.meetings.telling import page_of
from mentoring.together.meetings.wording import FUNCTIONS, HOW, OUTLINES, PLACES, PROMPTS, STATES, USEFUL

FEW = 3
NEWEST = 5
TO_LOOK_BACK = timedelta(days=14)
"""For how long a home page asks what became of a meeting."""

WORDS = {
    "states": STATES,
    "how": HOW,
    "places": PLACES,
    "prompts": PROMPTS,
    "functions": FUNCTIONS,
    "outlines": {key: name for key, (name, _lines) in OUTLINES.items()},
    "useful": USEFUL,
    "is_link": is_link,
    "any": Channel.ANY,
    "very": Useful.VERY,
}
"""What the templates of meetings are given beside the meetings."""


def section(look: Look) -> Card | None:
    """What is next and what was; where it is over and nobody met, nothing."""
    coming, past = queries.coming(look, FEW), queries.newest(look, NEWEST)
    if not coming and not past and not look.can_write:
        return None
    return Card(
        title=_("Meetings"),
        template="meetings/_section.html",
        context={"look": look, "coming": coming, "past": past, "words": WORDS, "may_be_more": len(past) == NEWEST},
    )


SECTION = Section(key="meetings", order=20, fill=section)


def next_meeting(me: Enrolment) -> Card | None:
    """What is next, and what became of the last one where nobody has said."""
    if not has_part(db.session, me):
        return None
    at = clock.now()
    found = queries.mine_since(db.session, me, at - TO_LOOK_BACK)
    coming = next((meeting for meeting in found if meeting.ends > at), None)
    open_ended = [meeting for meeting in found if meeting.ends <= at]
    if coming is None and not open_ended:
        return None
    return Card(
        title=_("Next meeting") if coming else _("Meetings"),
        template="meetings/_next.html",
        context={
            "coming": coming,
            "with": _others(coming, me) if coming else "",
            "open": open_ended,
            "page_of": page_of,
            "words": WORDS,
        },
        urgency=Urgency.USEFUL if open_ended else Urgency.QUIET,
        next_step=_step(open_ended[-1], me) if open_ended else None,
    )


def _step(meeting: Meeting, me: Enrolment) -> NextStep:
    names, when = _others(meeting, me), local_time(meeting.starts)
    return NextStep(
        sentence=_("Did you meet %(names)s on %(when)s? It takes twenty seconds to say.", names=names, when=when),
        label=_("Say how it was"),
        url=page_of(meeting),
    )


def _others(meeting: Meeting, me: Enrolment) -> str:
    return names_of(person for person in meeting.mentorship.people if person.enrolment_id != me.id)


PANEL = Panel(key="next-meeting", order=6, open_to=MEMBERS, fill=next_meeting)


def before_we_meet(mentor: Enrolment, mentee: Enrolment) -> Card | None:
    """What the two agreed to do when they last met, as they wrote it down."""
    entries = queries.last_actions(db.session, mentor, mentee, NEWEST)
    if not entries:
        return None
    return Card(title=_("What you agreed to do"), template="meetings/_actions.html", context={"entries": entries})


BRIEF = BriefPanel(key="meetings", order=20, fill=before_we_meet)
