"""The one notice of a day: a line for everything that waits, and how to have less of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from lti_tool.mail import Words
from lti_tool.models import Enrolment
from mentoring.mentorships.naming import names_of
from mentoring.participants.models import Participant
from mentoring.together.nudges.facts import Facts
from mentoring.together.nudges.models import Nudge
from mentoring.together.nudges.rules import Rule

NUDGES = "nudges"
"""The kind of notice."""
MOST_LINES = 12


@dataclass(frozen=True)
class Line:
    """One nudge, and all that is needed to say it."""

    nudge: Nudge
    rule: Rule
    facts: Facts
    to: Participant
    others: Sequence[Participant]
    zone: ZoneInfo
    """Where whoever is told has their clocks."""

    def said_to(self, reader: Enrolment) -> str:
        """With the course's title, where it is another one than the notice stands in."""
        sentence = self.rule.sentence(self.facts, names_of(self.others))
        course = self.to.enrolment.course
        if course.id == reader.course_id:
            return sentence
        return str(_("In %(course)s: %(sentence)s", course=course.title, sentence=sentence))


def words(to: Enrolment, lines: Sequence[Line]) -> Words:
    number = len(lines)
    subject = ngettext("Something waits for you in mentoring", "%(num)d things wait for you in mentoring", number)
    more = number - MOST_LINES
    said = [line.said_to(to) for line in lines[:MOST_LINES]]
    if more > 0:
        said.append(ngettext("And one more.", "And %(num)d more.", more))
    return Words(
        subject,
        (*said, _("You are reminded once a day at most, and can stop any of this.")),
        _("See what waits, or stop reminders"),
        url_for("nudges.mine", course=to.course.public_id),
    )
