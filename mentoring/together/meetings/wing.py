"""Meetings as one of the wings."""

from __future__ import annotations

from mentoring.together.meetings import (
    ending,
    feed_views,
    keeping,
    showing,
    views,  # noqa: F401  # its pages hang on the blueprint
)
from mentoring.together.meetings.blueprint import bp
from mentoring.together.wing import Wing

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
    begin=ending.init_app,
)
