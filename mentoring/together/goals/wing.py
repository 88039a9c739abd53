"""Goals as one of the wings."""

from __future__ import annotations

from mentoring.together.goals import (
    keeping,
    showing,
    views,  # noqa: F401  # its pages hang on the blueprint
)
from mentoring.together.goals.blueprint import bp
from mentoring.together.wing import Wing

WING = Wing(
    key="goals",
    export=keeping.export,
    forget=keeping.forget,
    blueprints=(bp,),
    sections=(showing.SECTION,),
    panels=(showing.PANEL,),
    brief=(showing.BRIEF,),
)
