"""How progress joins the tool: its pages, and links to them."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from lti_tool import panels
from lti_tool.models import Role
from lti_tool.panels import NavigationItem
from xapi.progress import keeping, panel, views
from xapi.progress.mailing import wing as mailing


def init_app(app: Flask) -> None:
    keeping.init_app(app)
    mailing.init_app(app)
    app.register_blueprint(views.bp)
    panels.register(app, panel.PANEL)
    panels.register_navigation(
        app,
        NavigationItem(label=_l("My progress"), endpoint="progress.mine", order=60, open_to=(Role.LEARNER,)),
    )
    panels.register_navigation(
        app,
        NavigationItem(
            label=_l("Progress"), endpoint="progress.course", order=60, open_to=(Role.INSTRUCTOR,), is_seldom=True
        ),
    )
