"""How the pages of raters, the mails to people outside and the reminders join the application."""

from __future__ import annotations

from flask import Flask

from lti_tool import mail, outbox
from reviews.answering import models as _answers  # noqa: F401
from reviews.answering import together_views as _together  # noqa: F401
from reviews.answering import views as _pages  # noqa: F401
from reviews.answering.blueprint import bp
from reviews.answering.outside import asking
from reviews.answering.outside import views as _outside  # noqa: F401
from reviews.answering.outside.blueprint import public
from reviews.answering.reminding import letters
from reviews.answering.reminding import views as _reminders  # noqa: F401
from reviews.events import CampaignOpened


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.register_blueprint(public)
    # The secret in its address is the proof, and whoever was mailed it has no session that could bring another.
    app.extensions["csrf"].exempt(public)
    mail.register_kind(app, letters.KIND)
    for lane, carrier in ((asking.LANE, asking.carrier()), (letters.LANE, letters.ReminderCarrier())):
        outbox.register_carrier(app, lane, carrier)
    outbox.subscribe(app, CampaignOpened, asking.hear_of_opening)
    outbox.subscribe(app, CampaignOpened, letters.hear_of_opening)
