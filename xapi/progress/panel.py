"""The way to progress from the home page of those who teach."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from lti_tool.models import Enrolment, Role
from lti_tool.panels import Card, Panel


def card(me: Enrolment) -> Card:
    url = url_for("progress.course", course=me.course.public_id)
    return Card(title=_("Progress"), template="progress/_card.html", context={"url": url})


PANEL = Panel(key="progress", order=95, open_to=(Role.INSTRUCTOR,), fill=card)
