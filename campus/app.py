"""The campus, put together."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, request

from campus import (
    controls,
    faults,
    grades,
    grading,
    groups,
    line_items,
    names_roles,
    notices,
    oidc,
    pages,
    placing,
    registering,
    registration,
    seed,
    services,
    state,
    tokens,
    traffic,
)
from campus.flavors import FLAVORS
from campus.keys import SigningKeys
from campus.people import Register
from campus.platform import Campus
from campus.settings import Settings
from campus.store import Store
from campus.tools import Toolbox

LARGEST_REQUEST = 1024 * 1024


def _close_what_is_not_sent(response: Response) -> Response:
    """A file that the browser has already is opened all the same, and the server closes only what it sends."""
    if response.status_code == 304 or request.method == "HEAD":
        response.close()
    return response


def create_app(settings: Settings) -> Flask:
    """Open the campus on its data. Raises CannotStore if that cannot be written."""
    app = Flask(__name__)
    app.after_request(_close_what_is_not_sent)
    store = Store(settings.data)
    store.forget_expired(settings.now())
    seed.seed(store, settings.people)
    here = Campus(
        settings=settings,
        store=store,
        register=Register(store),
        keys=SigningKeys(store, settings),
        tools=Toolbox(store, settings),
        traffic=traffic.Traffic(),
        faults=faults.Faults(),
        flavor=FLAVORS[settings.flavor],
    )
    app.extensions["campus"] = here
    _configure(app, here)
    traffic.init_app(app, here.traffic)
    faults.init_app(app)
    services.init_app(app)
    pages.init_app(app)
    for blueprint in (
        oidc.bp,
        oidc.keys_bp,
        tokens.bp,
        names_roles.bp,
        groups.bp,
        notices.bp,
        line_items.bp,
        grades.bp,
        pages.bp,
        registration.bp,
        registering.bp,
        grading.bp,
        placing.bp,
        placing.return_bp,
        controls.bp,
        state.bp,
    ):
        app.register_blueprint(blueprint)
    return app


def _configure(app: Flask, here: Campus) -> None:
    is_https = urlsplit(here.settings.url).scheme == "https"
    app.secret_key = here.store.remember("secret", secrets.token_hex(32))
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        SESSION_COOKIE_NAME="campus_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=is_https,
        # As Moodle does: the campus's own cookie must reach it from inside its own frame.
        SESSION_COOKIE_SAMESITE="None" if is_https else "Lax",
    )
