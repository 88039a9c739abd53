"""Who mentors whom, and what they do together."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lti_tool import activities, observing, panels
from lti_tool.activities import Activity, Offer
from lti_tool.models import Course, Enrolment, Placement, Role
from lti_tool.panels import NavigationItem
from lti_tool.placing import copies


def init_app(app: Flask) -> None:
    # The pages need models, and whoever only reads our events needs neither.
    from lti_tool.db import db
    from mentoring.mentorships import leaving, telling
    from mentoring.mentorships import panels as mentorship_panels
    from mentoring.mentorships import views as mentorships
    from mentoring.pairing import overview
    from mentoring.pairing import views as pairing
    from mentoring.participants import views as participants
    from mentoring.programs import copying, starting
    from mentoring.programs import views as programs

    for bp in (participants.bp, pairing.bp, mentorships.bp, programs.bp):
        app.register_blueprint(bp)
    for panel in (overview.PANEL, *mentorship_panels.PANELS):
        panels.register(app, panel)
    for label, endpoint, order in (
        (_l("Mentors"), "participants.mentors", 10),
        (_l("Pairing"), "pairing.board", 20),
        (_l("Settings"), "programs.settings", 90),
    ):
        item = NavigationItem(label=label, endpoint=endpoint, order=order, open_to=(Role.INSTRUCTOR,))
        panels.register_navigation(app, item)
    activities.register(
        app,
        Activity(
            key="mentoring", title=_l("Mentoring"), is_graded=False, open=_open_home, is_home=True, offers=_offers
        ),
    )
    copies.register(app, copying.COPIER)
    leaving.init_app(app)
    observing.register_policy(app, lambda course: starting.lets_observers_follow(db.session, course))
    observing.register_teller(app, telling.lines, order=10)


def _open_home(me: Enrolment, _placement: Placement | None) -> str:
    return url_for("courses.home", course=me.course.public_id)


def _offers(_course: Course | None) -> list[Offer]:
    home = Offer(
        key="mentoring",
        activity="mentoring",
        title=_("Mentoring"),
        description=_("Everybody's start page: mentors, mentees, and what comes next for each."),
    )
    return [home]
