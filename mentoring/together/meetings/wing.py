"""Meetings as one of the wings."""

from __future__ import annotations

from flask import Flask

from mentoring.together.meetings import (
    closing,
    ending,
    feed_views,
    keeping,
    occasion_views,  # noqa: F401  # more pages of the same blueprint
    reminding,
    showing,
    views,  # noqa: F401  # its pages hang on the blueprint
)
from mentoring.together.meetings.blueprint import bp
from mentoring.together.wing import Wing


def _begin(app: Flask) -> None:
    ending.init_app(app)
    reminding.init_app(app)
    closing.init_app(app)


WING = Wing(
    key="meetings",
    export=keeping.export,
    forget=keeping.forget,
    blueprints=(bp, feed_views.public),
    sections=(showing.SECTION,),
    panels=(showing.PANEL,),
    brief=(showing.BRIEF,),
    earlier=(showing.KIND,),
    summary=(showing.SUMMARY,),
    notices=(reminding.KIND,),
    begin=_begin,
)
