"""Goals as one of the wings."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from mentoring.mentorships.earlier.kinds import EarlierKind
from mentoring.together.goals import (
    keeping,
    nudging,
    queries,
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
    earlier=(EarlierKind(key=queries.EARLIER, order=40, label=_l("What was written about your goals")),),
    panels=(showing.PANEL,),
    brief=(showing.BRIEF,),
    begin=nudging.init_app,
)
