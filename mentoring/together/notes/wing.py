"""Notes as one of the wings."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from mentoring.mentorships.earlier.kinds import EarlierKind
from mentoring.together.notes import (
    keeping,
    queries,
    showing,
    views,  # noqa: F401  # its pages hang on the blueprint
)
from mentoring.together.notes.blueprint import bp
from mentoring.together.wing import Wing

WING = Wing(
    key="notes",
    export=keeping.export,
    forget=keeping.forget,
    blueprints=(bp,),
    sections=(showing.SECTION,),
    earlier=(EarlierKind(key=queries.EARLIER, order=50, label=_l("Notes that all of you read")),),
)
