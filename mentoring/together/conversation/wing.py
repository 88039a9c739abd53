"""The conversation as one of the wings."""

from __future__ import annotations

from mentoring.together.conversation import keeping, showing, telling, views
from mentoring.together.wing import Wing

WING = Wing(
    key="messages",
    export=keeping.export,
    forget=keeping.forget,
    blueprints=(views.bp,),
    sections=(showing.SECTION,),
    notices=(telling.KIND,),
)
