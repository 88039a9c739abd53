"""Meetings on other pages: the section of a mentorship, a card of home pages, a panel of the mentor's brief."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from lti_tool import clock
from lti_tool.access import MEMBERS
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import local_time
from lti_tool.panels import BriefPanel, Card, NextStep, Panel, Urgency
from mentoring.mentorships.earlier.kinds import EarlierKind
from mentoring.mentorships.earlier.reading import was_there
from mentoring.mentorships.naming import names_of
from mentoring.mentorships.sections import Look, Section
from mentoring.participants.queries import has_part
from mentoring.programs.choices import Channel
from mentoring.together.meetings import occasions, queries
from mentoring.together.meetings.links import is_link
from mentoring.together.meetings.models import Meeting, MeetingState, Useful
from mentoring.together.meetings.telling import page_of
from mentoring.together.meetings.wording import FUNCTIONS, HOW, OUTLINES, PLACES, PROMPTS, STATES, USEFUL
from mentoring.together.summing_up import SummaryPart, Summed

FEW = 3
NEWEST, LATELY = 3, 5
SOME = 20
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
    urgency, step = _next(look, coming, past)
    return Card(
        title=_("Meetings"),
        template="meetings/_section.html",
        context={
            "look": look,
            "coming": coming,
            "past": past,
            "seats": occasions.seats_left(look),
            "words": WORDS,
            "may_be_more": len(past) == NEWEST,
            "reads": queries.reader(look),
            "was_there": was_there_for(look),
        },
        urgency=urgency,
        next_step=step,
    )


def _next(look: Look, coming: Sequence[Meeting], past: Sequence[Meeting]) -> tuple[Urgency, NextStep | None]:
    """What became of the last one, if nobody has said; else the next one, which is to be booked where there is none."""
    if not look.can_write:
        return Urgency.QUIET, None
    mine = was_there_for(look)
    open_ended = [each for each in past if each.is_planned and each.starts > look.at - TO_LOOK_BACK and mine(each)]
    if open_ended:
        return Urgency.USEFUL, _step(open_ended[0], look.me)
    if coming:
        names, when = _others(coming[0], look.me), local_time(coming[0].starts)
        sentence = _("You meet %(names)s on %(when)s.", names=names, when=when)
        return Urgency.QUIET, NextStep(sentence=sentence, label=_("Open the meeting"), url=page_of(coming[0]))
    url = url_for("meetings.new", course=look.me.course.public_id, mentorship_id=look.mentorship.public_id)
    sentence = _("No meeting is planned. Book the next one while you still know what it is to be about.")
    return Urgency.USEFUL, NextStep(sentence=sentence, label=_("Book a meeting"), url=url)


def was_there_for(look: Look) -> Callable[[Meeting], bool]:
    """Whether this visitor belonged to the mentorship when a meeting was."""
    me, mentorship = look.mine, look.mentorship
    return lambda meeting: me is not None and was_there(mentorship, me, meeting.starts)


SECTION = Section(key="meetings", order=15, fill=section)


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
    entries = queries.last_actions(db.session, mentor, mentee, LATELY)
    if not entries:
        return None
    return Card(title=_("What you agreed to do"), template="meetings/_actions.html", context={"entries": entries})


def agreed_before(look: Look) -> Card | None:
    """What the two of an earlier mentorship agreed to do, the newest first."""
    entries = queries.actions_in(look.session, look.mentorship, SOME)
    if not entries:
        return None
    return Card(title=_("What was agreed in meetings"), template="meetings/_actions.html", context={"entries": entries})


KIND = EarlierKind(key=queries.EARLIER, order=30, label=_l("What was written about your meetings"), show=agreed_before)


def summed(look: Look) -> Summed | None:
    """How often you met, and for how long; what you wrote about it stays where it stands."""
    found = queries.sums(look)
    held, minutes = found.get(MeetingState.HELD, (0, 0))
    missed, _missed_minutes = found.get(MeetingState.MISSED, (0, 0))
    if not held and not missed:
        return None
    facts = [
        (_("Held"), str(held)),
        (_("Time together"), ngettext("%(num)d minute", "%(num)d minutes", minutes)),
    ]
    return Summed(title=_("Meetings"), facts=[*facts, (_("Did not take place"), str(missed))] if missed else facts)


SUMMARY = SummaryPart(key="meetings", order=30, fill=summed, is_passed_on=True)
BRIEF = BriefPanel(key="meetings", order=20, fill=before_we_meet)
