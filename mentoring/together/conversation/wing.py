"""The conversation as one of the wings."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from mentoring.mentorships.earlier.kinds import EarlierKind
from mentoring.together.conversation import keeping, queries, showing, telling, views
from mentoring.together.wing import Wing

WING = Wing(
    key="messages",
    export=keeping.export,
    forget=keeping.forget,
    blueprints=(views.bp,),
    sections=(showing.SECTION,),
    earlier=(EarlierKind(key=queries.EARLIER, order=70, label=_l("Your messages")),),
    notices=(telling.KIND,),
)
