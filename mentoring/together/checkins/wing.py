"""Check-ins as one of the wings."""

from __future__ import annotations

from flask import Flask

from lti_tool import outbox
from mentoring.together.checkins import (
    asking,
    keeping,
    naming_views,  # noqa: F401  # their pages hang on the blueprints
    public_views,  # noqa: F401
    showing,
    views,  # noqa: F401
)
from mentoring.together.checkins.arranging import LANE
from mentoring.together.checkins.blueprint import bp, public
from mentoring.together.wing import Wing


def _begin(app: Flask) -> None:
    outbox.register_carrier(app, LANE, asking.carrier())
    # The secret in its address is the proof, and whoever was mailed it has no session that could bring another.
    app.extensions["csrf"].exempt(public)


WING = Wing(
    key="check_ins",
    export=keeping.export,
    forget=keeping.forget,
    blueprints=(bp, public),
    sections=(showing.SECTION,),
    brief=(showing.BRIEF,),
    begin=_begin,
)
