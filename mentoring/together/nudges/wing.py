"""Reminders as one of the wings."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from lti_tool.access import MEMBERS
from lti_tool.mail import NoticeKind
from mentoring.together.nudges import (
    fading_views,  # noqa: F401  # its pages hang on the blueprint
    keeping,
    rules,
    sending,
    showing,
    sweeping,
    views,  # noqa: F401  # its pages hang on the blueprint
)
from mentoring.together.nudges.blueprint import bp
from mentoring.together.nudges.saying import NUDGES
from mentoring.together.wing import Wing


def _begin(app: Flask) -> None:
    rules.init_app(app)
    sweeping.init_app(app)
    sending.init_app(app)


REMINDERS = NoticeKind(
    NUDGES, _l("Reminders, in one mail a day at most"), order=45, choices="nudges.mine", choosers=MEMBERS
)
WING = Wing(
    key="reminders",
    export=keeping.export,
    forget=keeping.forget,
    blueprints=(bp,),
    sections=(showing.SECTION,),
    panels=(showing.PANEL,),
    notices=(REMINDERS,),
    begin=_begin,
)
