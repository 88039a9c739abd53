"""Thanks as one of the wings."""

from __future__ import annotations

from mentoring.together.thanks import keeping, showing
from mentoring.together.thanks.views import bp
from mentoring.together.wing import Wing

WING = Wing(
    key="thanks",
    export=keeping.export,
    forget=keeping.forget,
    blueprints=(bp,),
    sections=(showing.SECTION,),
    summary=(showing.SUMMARY,),
)
