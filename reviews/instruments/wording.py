"""What the parts of instruments are called on pages."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from reviews.instruments.content import Comments, InstrumentKind

KINDS: Mapping[InstrumentKind, LazyString] = {
    InstrumentKind.REVIEW: _l("360-degree review"),
    InstrumentKind.PAIR: _l("Evaluation within a mentorship"),
    InstrumentKind.PROGRAM: _l("Program evaluation"),
    InstrumentKind.SURVEY: _l("Survey"),
    InstrumentKind.CHECKLIST: _l("Observation checklist"),
}
COMMENTS: Mapping[Comments, LazyString] = {
    Comments.OPTIONAL: _l("May be given"),
    Comments.REQUIRED: _l("Have to be given"),
    Comments.DISABLED: _l("Are not asked for"),
}
