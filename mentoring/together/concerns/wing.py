"""Concerns as one of the wings."""

from __future__ import annotations

from mentoring.together.concerns import (
    block_views,  # noqa: F401  # its pages hang on the blueprint
    keeping,
    orphaned,
    showing,
    views,  # noqa: F401
)
from mentoring.together.concerns.blueprint import bp
from mentoring.together.wing import Wing

WING = Wing(
    key="concerns",
    export=keeping.export,
    forget=keeping.forget,
    blueprints=(bp,),
    sections=(showing.SECTION,),
    panels=(showing.PANEL,),
    begin=orphaned.init_app,
)
