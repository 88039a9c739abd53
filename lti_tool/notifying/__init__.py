"""Notices to people: written beside the change they tell of, shown in the tool, and brought by mail where wished.

`telling` writes a notice and posts its letter, `wishes` says who wants what when, `quiet` when nobody is to be
disturbed, `writing` makes the mail, `carrying` brings it through a `post_offices`, `unsubscribing` stops it.

Nothing here is cleared away yet: notices, and the addresses to unsubscribe by, stay for as long as the enrolment does.
`RETENTION_MONTHS` is to end that; and whoever is erased is to go from others' notices, which may name them.
"""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from lti_tool import outbox, panels
from lti_tool.models import Role
from lti_tool.notifying import checking_mail, kinds, post_offices, showing, unsubscribing_views, views
from lti_tool.notifying.carrying import MailCarrier
from lti_tool.notifying.telling import LANE
from lti_tool.operating import checking
from lti_tool.panels import NavigationItem, Panel


def init_app(app: Flask) -> None:
    kinds.init_app(app)
    post_offices.init_app(app)
    outbox.register_carrier(app, LANE, MailCarrier())
    app.register_blueprint(views.bp)
    app.register_blueprint(unsubscribing_views.bp)
    panels.register(app, Panel(key="notices", order=95, open_to=tuple(Role), fill=showing.unread_card))
    panels.register_navigation(
        app,
        NavigationItem(label=_l("Notices"), endpoint="notices.index", order=95, open_to=tuple(Role), is_seldom=True),
    )
    checking.register(app, checking_mail.sections, order=15)
