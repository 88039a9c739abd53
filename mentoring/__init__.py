"""Who mentors whom, and what they do together."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import lazy_gettext as _l

from lti_tool import activities, panels
from lti_tool.activities import Activity
from lti_tool.models import Enrolment, Placement, Role
from lti_tool.panels import NavigationItem


def init_app(app: Flask) -> None:
    # The pages need models, and whoever only reads our events needs neither.
    from mentoring.mentorships import panels as mentorship_panels
    from mentoring.mentorships import views as mentorships
    from mentoring.pairing import overview
    from mentoring.pairing import views as pairing
    from mentoring.participants import views as participants

    for bp in (participants.bp, pairing.bp, mentorships.bp):
        app.register_blueprint(bp)
    for panel in (overview.PANEL, *mentorship_panels.PANELS):
        panels.register(app, panel)
    for label, endpoint, order in (
        (_l("Mentors"), "participants.mentors", 10),
        (_l("Pairing"), "pairing.board", 20),
    ):
        item = NavigationItem(label=label, endpoint=endpoint, order=order, open_to=(Role.INSTRUCTOR,))
        panels.register_navigation(app, item)
    activities.register(app, Activity(key="mentoring", title=_l("Mentoring"), is_graded=False, open=_open_home))


def _open_home(me: Enrolment, _placement: Placement | None) -> str:
    return url_for("courses.home", course=me.course.public_id)
