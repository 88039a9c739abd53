"""What waits for marking, on the home page of those who mark: nothing at all where nothing does."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.panels import Card, NextStep, Panel, Urgency
from quizzes.blueprint import STAFF
from quizzes.marks import queries


def card(me: Enrolment) -> Card | None:
    waiting = queries.how_many(db.session, me.course)
    if not waiting:
        return None
    sentence = ngettext("%(num)d answer waits for marking.", "%(num)d answers wait for marking.", waiting)
    url = url_for("marks.index", course=me.course.public_id)
    return Card(
        title=_("Marking"),
        template="marks/_card.html",
        context={"sentence": sentence, "url": url},
        urgency=Urgency.WAITING,
        next_step=NextStep(sentence=sentence, label=_("Mark answers"), url=url),
    )


PANEL = Panel(key="marking", order=29, open_to=STAFF, fill=card)
