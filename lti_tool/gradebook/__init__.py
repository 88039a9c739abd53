"""The gradebook: scores on their way to the LMS (Assignment and Grade Services 2.0), and what it makes of them.

One row per activity and person, newest value wins. `hearing` takes grades in, `sending` brings them out through
`columns` and `scores`, `comparing` reads `results` back, `mending` starts again what stood still, `reviewing` opens
one learner's result from the LMS's own gradebook.
"""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from lti_tool import outbox, panels
from lti_tool.events import GradeChanged
from lti_tool.gradebook import showing, views
from lti_tool.gradebook.comparing import ComparingCarrier
from lti_tool.gradebook.hearing import hear
from lti_tool.gradebook.models import ColumnState, Grade, GradeColumn, GradeState, Trouble
from lti_tool.gradebook.sending import GradeCarrier
from lti_tool.gradebook.showing import own
from lti_tool.models import Role
from lti_tool.panels import NavigationItem, Panel

__all__ = ["ColumnState", "Grade", "GradeColumn", "GradeState", "Trouble", "init_app", "own"]


def init_app(app: Flask) -> None:
    outbox.subscribe(app, GradeChanged, hear)
    outbox.register_carrier(app, "gradebook", GradeCarrier())
    outbox.register_carrier(app, "grade-comparing", ComparingCarrier())
    app.register_blueprint(views.bp)
    panels.register(app, Panel(key="gradebook", order=90, open_to=(Role.INSTRUCTOR,), fill=showing.stuck_card))
    panels.register_navigation(
        app,
        NavigationItem(
            label=_l("Gradebook"), endpoint="gradebook.index", order=80, open_to=views.STAFF, is_seldom=True
        ),
    )
