"""What the program is for, at the head of a mentorship's page."""

from __future__ import annotations

from flask_babel import gettext as _

from lti_tool.panels import Card
from mentoring.mentorships.sections import Look, Section


def section(look: Look) -> Card | None:
    goal = look.mentorship.cohort.version.goal
    if not goal:
        return None
    return Card(title=_("What it is for"), template="mentorships/_objective.html", context={"goal": goal})


SECTION = Section(key="objective", order=10, fill=section)
