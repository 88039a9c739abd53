"""How the program is doing, by those who are in it: a card on the home page of those who teach."""

from __future__ import annotations

from flask_babel import gettext as _

from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.panels import Card, Panel
from reviews.results import program

MOST = 4


def _fill(me: Enrolment) -> Card | None:
    lines = program.newest(db.session, me.course, most=MOST)
    if not lines:
        return None
    return Card(
        title=_("What people say of the program"),
        template="review_results/_program_card.html",
        context={"lines": lines},
    )


PANEL = Panel(key="program-evaluation", order=30, open_to=(Role.INSTRUCTOR,), fill=_fill)
