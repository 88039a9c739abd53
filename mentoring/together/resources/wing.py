"""Resources as one of the wings."""

from __future__ import annotations

from flask import Flask

from lti_tool import uploads
from mentoring.together.resources import (
    keeping,
    program_views,  # noqa: F401  # its pages hang on the blueprint
    queries,
    showing,
    views,  # noqa: F401
)
from mentoring.together.resources.blueprint import bp
from mentoring.together.wing import Wing


def _begin(app: Flask) -> None:
    uploads.register_keeper(app, queries.names_in_use)


WING = Wing(
    key="resources",
    export=keeping.export,
    forget=keeping.forget,
    blueprints=(bp,),
    sections=(showing.SECTION,),
    begin=_begin,
)
