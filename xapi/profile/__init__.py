"""Our xAPI profile: what each of our statements looks like, in which order those of one run come, and whether they do.

xAPI Profiles 1.0, github.com/adlnet/xapi-profiles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from xapi.profile import views

    app.register_blueprint(views.bp)
