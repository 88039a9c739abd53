"""Who mentors whom, and what they do together."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lti_tool import activities, mail, observing, panels
from lti_tool.activities import Activity, Offer
from lti_tool.mail import NoticeKind
from lti_tool.models import Course, Enrolment, Placement, Role
from lti_tool.panels import NavigationItem
from lti_tool.placing import copies


def init_app(app: Flask) -> None:
    # The pages need models, and whoever only reads our events needs neither.
    from lti_tool.db import db
    from mentoring import looking_after, personal, together
    from mentoring.mentorships import blueprint as mentorships
    from mentoring.mentorships import (  # noqa: F401
        breaks,
        briefing,
        clocks,
        coordinator_views,
        leaving,
        objective,
        request_views,
        sections,
        task_views,
        tasks,
        telling,
    )
    from mentoring.mentorships import panels as mentorship_panels
    from mentoring.mentorships.agreement import section as agreement
    from mentoring.mentorships.agreement import views as _agreement_views  # noqa: F401
    from mentoring.mentorships.circles import views as _circle_views  # noqa: F401  # more pages of the mentorships'
    from mentoring.mentorships.earlier import ask, kinds
    from mentoring.mentorships.earlier import section as earlier
    from mentoring.mentorships.earlier import views as _earlier_views  # noqa: F401
    from mentoring.mentorships.timeline import section as timeline
    from mentoring.mentorships.timeline import steps as timeline_steps
    from mentoring.mentorships.timeline import views as _timeline_views  # noqa: F401
    from mentoring.pairing import overview
    from mentoring.pairing import views as pairing
    from mentoring.pairing.circles import views as circle_drafts
    from mentoring.pairing.runs import (
        asking,
        help_views,
        inquiry_views,
        person_views,
        putting_up,
        weight_views,
        working,
    )
    from mentoring.pairing.runs import views as runs
    from mentoring.participants import directory_views as directory
    from mentoring.participants import list_views as participants
    from mentoring.participants import own_views as taking_part
    from mentoring.participants import panels as participant_panels
    from mentoring.participants import person_views as _person_views  # noqa: F401  # more pages of the mentors' blueprint
    from mentoring.participants import wish_views as _wish_views  # noqa: F401  # more pages about my part
    from mentoring.programs import cohort_views as _cohort_views  # noqa: F401  # its pages hang on the program's
    from mentoring.programs import copying, newcomers, outcomes, starting
    from mentoring.programs import panels as program_panels
    from mentoring.programs import views as programs
    from mentoring.together import summing_up
    from mentoring.training import gate
    from mentoring.training import panels as training_panels
    from mentoring.training import views as training

    outcomes.init_app(app)
    drafts = (runs.bp, person_views.bp, help_views.bp, inquiry_views.bp, weight_views.bp, circle_drafts.bp)
    people = (participants.bp, taking_part.bp, directory.bp, training.bp)
    for bp in (*people, pairing.bp, *drafts, mentorships.bp, programs.bp):
        app.register_blueprint(bp)
    own = (participant_panels.PANEL, training_panels.PANEL)
    for panel in (overview.PANEL, *mentorship_panels.PANELS, *program_panels.PANELS, *own):
        panels.register(app, panel)
    instructors, others = (Role.INSTRUCTOR,), (Role.ASSISTANT, Role.LEARNER)
    for label, endpoint, order, open_to in (
        (_l("Program"), "programs.program", 5, instructors),
        (_l("My part"), "taking_part.mine", 8, others),
        (_l("Mentors"), "directory.mentors", 9, others),
        (_l("Notebook"), "notebook.notebook", 12, others),
        (_l("Mentors"), "participants.mentors", 10, instructors),
        (_l("Pairing"), "pairing.board", 20, instructors),
        (_l("Mentorships"), "mentorships.everything", 30, instructors),
    ):
        panels.register_navigation(app, NavigationItem(label=label, endpoint=endpoint, order=order, open_to=open_to))
    activities.register(
        app,
        Activity(
            key="mentoring", title=_l("Mentoring"), is_graded=False, open=_open_home, is_home=True, offers=_offers
        ),
    )
    copies.register(app, copying.COPIER)
    sections.init_app(app)
    for section in (
        *(objective.SECTION, timeline.SECTION, agreement.SECTION, tasks.SECTION, earlier.SECTION),
        briefing.SECTION,
    ):
        sections.register(app, section)
    kinds.init_app(app)
    for kind_of_earlier in (ask.KIND, agreement.KIND, timeline.KIND):
        kinds.register(app, kind_of_earlier)
    summing_up.init_app(app)
    panels.register_brief(app, briefing.PANEL)
    together.init_app(app)
    looking_after.init_app(app)
    leaving.init_app(app)
    clocks.init_app(app)
    breaks.init_app(app)
    working.init_app(app)
    asking.init_app(app)
    putting_up.init_app(app)
    for kind in _notice_kinds():
        mail.register_kind(app, kind)
    newcomers.init_app(app)
    personal.init_app(app)
    gate.init_app(app)
    timeline_steps.init_app(app)
    observing.register_policy(app, lambda course: starting.lets_observers_follow(db.session, course))
    observing.register_teller(app, telling.lines, order=10)


def _notice_kinds() -> list[NoticeKind]:
    """What people are told of mentoring, by kinds that each chooses about."""
    return [
        NoticeKind("invitations", _l("Invitations to take part"), order=10),
        NoticeKind("proposals", _l("Proposed mentorships that wait for an answer"), order=20),
        NoticeKind("requests", _l("Requests from mentees, and what becomes of yours"), order=30),
        NoticeKind("mentorships", _l("What happens in your mentorships"), order=40),
        NoticeKind("drafts", _l("Drafts of pairs that wait for you, if you teach"), order=50),
    ]


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
