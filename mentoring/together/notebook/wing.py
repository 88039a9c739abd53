"""The notebook as one of the wings."""

from __future__ import annotations

from mentoring.together.notebook import (
    keeping,
    showing,
    views,  # noqa: F401  # its pages hang on the blueprint
)
from mentoring.together.notebook.blueprint import bp
from mentoring.together.wing import Wing

WING = Wing(
    key="notebook",
    export=keeping.export,
    forget=keeping.forget,
    blueprints=(bp,),
    sections=(showing.SECTION,),
)
