"""The end of a mentorship as one of the wings."""

from __future__ import annotations

from mentoring.together.closure import inviting, keeping, showing, summaries
from mentoring.together.closure.views import bp
from mentoring.together.wing import Wing

WING = Wing(
    key="closure",
    export=keeping.export,
    forget=keeping.forget,
    blueprints=(bp,),
    sections=(showing.SECTION,),
    earlier=(showing.KIND,),
    summary=summaries.PARTS,
    begin=inviting.init_app,
)
