"""How campaigns join the application: pages, the activity, home cards, notices, and what opens and closes by itself."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from lti_tool import activities, mail, outbox, panels
from lti_tool.access import MEMBERS
from lti_tool.panels import NavigationItem
from reviews.campaigns import cards, evaluating, leaving, moments, opening, releasing, telling
from reviews.campaigns import design_views as _design_pages  # noqa: F401
from reviews.campaigns import group_views as _group_pages  # noqa: F401
from reviews.campaigns import naming_views as _naming_pages  # noqa: F401
from reviews.campaigns import people_views as _people_pages  # noqa: F401
from reviews.campaigns import placed_views as _placed_pages  # noqa: F401
from reviews.campaigns import plan_views as _plan_pages  # noqa: F401
from reviews.campaigns import views as _pages  # noqa: F401
from reviews.campaigns.clocks import ClockCarrier
from reviews.campaigns.pages import bp
from reviews.campaigns.running import LANE


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    outbox.register_carrier(app, LANE, ClockCarrier())
    mail.register_kind(app, telling.KIND)
    activities.register(app, opening.ACTIVITY)
    for panel in cards.PANELS:
        panels.register(app, panel)
    panels.register_navigation(
        app,
        NavigationItem(
            label=_l("Reviews"),
            endpoint="reviews.index",
            order=40,
            open_to=MEMBERS,
            under_it=("campaigns", "review_answers", "review_results", "instruments"),
        ),
    )
    moments.init_app(app)
    releasing.init_app(app)
    leaving.init_app(app)
    evaluating.init_app(app)
