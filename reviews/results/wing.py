"""How results join the reviews: their pages, and what people are told about them."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from lti_tool import mail, panels
from lti_tool.mail import NoticeKind
from reviews.results import accompanying, many, packing, program
from reviews.results import cohort_views as _cohorts  # noqa: F401
from reviews.results import file_views as _files  # noqa: F401
from reviews.results import views as _pages  # noqa: F401
from reviews.results.blueprint import bp
from reviews.results.panels import PANEL
from reviews.results.telling import KIND


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    mail.register_kind(app, NoticeKind(KIND, _l("Results of reviews"), order=60))
    panels.register(app, PANEL)
    panels.register(app, accompanying.PANEL)
    packing.init_app(app)
    many.init_app(app)
    program.init_app(app)
