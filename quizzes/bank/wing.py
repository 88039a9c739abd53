"""How the bank joins the application: its pages, and the link that leads to them."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from lti_tool import panels, uploads
from lti_tool.models import Role
from lti_tool.panels import NavigationItem
from lti_tool.placing import copies
from quizzes.bank import bank_views as _bank_views  # noqa: F401
from quizzes.bank import category_views as _category_views  # noqa: F401
from quizzes.bank import copying, media
from quizzes.bank import editor_views as _editor_views  # noqa: F401
from quizzes.bank import media_views as _media_views  # noqa: F401
from quizzes.bank import question_views as _question_views  # noqa: F401
from quizzes.bank.blueprint import bp
from quizzes.bank.many import views as _many_views  # noqa: F401


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    uploads.register_keeper(app, media.names_used)
    copies.register(app, copying.COPIER)
    # Those who teach find the banks under *Quiz*, so that their navigation stays one line.
    panels.register_navigation(
        app, NavigationItem(label=_l("Questions"), endpoint="banks.index", order=31, open_to=(Role.DESIGNER,))
    )
