"""The tool, put together: configuration, ground floor, features, headers, logs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from flask import Flask, abort, g, request
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.pool import NullPool
from werkzeug.middleware.proxy_fix import ProxyFix

from lti_tool import (
    RELEASE,
    activities,
    cli,
    errors,
    gradebook,
    happenings,
    home,
    jobs,
    mail,
    notices,
    observing,
    outbox,
    pages,
    panels,
    personal_data,
    personal_rows,
    roster,
    uploads,
)
from lti_tool import db as database
from lti_tool.arrivals import flood, kept, origins, sessions, tally, views
from lti_tool.brief import SAFE_METHODS, hang_up
from lti_tool.config import Config
from lti_tool.contacts import views as contacts
from lti_tool.contacts.list_views import bp as people_bp
from lti_tool.db import let_go, writing
from lti_tool.headers import close_what_is_not_sent, protect
from lti_tool.notifying import unsubscribing_views
from lti_tool.operating import checking, operator_commands, person_commands
from lti_tool.outgoing import addresses
from lti_tool.outgoing.addresses import Reach
from lti_tool.outgoing.http import Http
from lti_tool.placing import copies, copies_views, deep_linking_views
from lti_tool.registering import registration_views
from lti_tool.roster import people
from lti_tool.running import garbage

MOST_FORM_BYTES = 1024 * 1024
csrf = CSRFProtect()


class Feature(Protocol):
    """A feature package: everything it has to say to the application is in its `init_app`."""

    def init_app(self, app: Flask) -> None: ...


class Tool(Flask):
    """Ours has no coroutines, so nothing is asked of each function of each request whether it is one."""

    request_class = uploads.Request

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(config: Config, features: Sequence[Feature]) -> Flask:
    """The application with these features on the ground floor."""
    app = Tool("lti_tool", static_folder="static", template_folder="templates")
    _configure(app, config)
    _log(config)
    garbage.init_app(app)
    database.init_app(app)
    app.session_interface = sessions.DatabaseSessions()
    app.extensions["http"] = Http(
        Reach(frozenset(config.private_hosts), is_development=addresses.is_local(config.public_url))
    )
    uploads.init_app(app)
    csrf.init_app(app)
    for part in (
        flood,
        kept,
        outbox,
        happenings,
        jobs,
        activities,
        panels,
        copies,
        pages,
        errors,
        gradebook,
        roster,
        people,
        tally,
        observing,
        notices,
        checking,
        mail,
        cli,
        operator_commands,
        personal_data,
        personal_rows,
        person_commands,
    ):
        part.init_app(app)
    app.register_blueprint(views.bp)
    app.register_blueprint(home.bp)
    app.register_blueprint(people_bp)
    app.register_blueprint(contacts.bp)
    app.register_blueprint(copies_views.bp)
    app.register_blueprint(deep_linking_views.bp)
    app.register_blueprint(registration_views.bp)
    csrf.exempt(views.bp)
    csrf.exempt(unsubscribing_views.bp)  # The secret in its address is the proof, and mail programs bring no other.
    csrf.exempt(registration_views.bp)  # Nobody has a session there; its form carries a signed word of its own.
    app.before_request(sessions.refuse_unread)
    app.before_request(origins.refuse_foreign_changes)
    app.before_request(_refuse_nul)
    app.before_request(_say_whether_writing)
    app.teardown_request(_stop_writing)
    app.teardown_request(hang_up)
    app.after_request(protect)
    app.after_request(close_what_is_not_sent)
    for feature in features:
        feature.init_app(app)
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _configure(app: Flask, config: Config) -> None:
    app.config.update(
        SECRET_KEY=config.secret_key,
        SECRET_KEY_FALLBACKS=list(config.secret_key_fallbacks),
        MAX_CONTENT_LENGTH=MOST_FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_FORM_BYTES,
        PUBLIC_URL=config.public_url,
        IS_HTTPS=config.is_https,
        MAIL_URL=config.mail_url,
        MAIL_FROM=config.mail_from,
        MAIL_FOLDER=str(config.var / "mail"),
        UPLOADS=str(config.uploads or config.var / "uploads"),
        TRUSTED_PROXIES=config.trusted_proxies,
        IRI_BASE=config.iri_base or config.public_url,
        RELEASE=RELEASE,
        TESTING=config.testing,
        # The last one signs, all of them are believed: a form opened before the secret changed can still be sent.
        WTF_CSRF_SECRET_KEY=[*reversed(config.secret_key_fallbacks), config.secret_key],
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        SEND_FILE_MAX_AGE_DEFAULT=31536000,
        BABEL_DEFAULT_LOCALE="en",
        BABEL_DEFAULT_TIMEZONE="UTC",
        SQLALCHEMY_ENGINES={"default": _engine(config)},
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _engine(config: Config) -> dict[str, object]:
    """How to reach the database; what stands in it, such as names, never shows in an error message."""
    return {"url": config.database_url, "hide_parameters": True, **_pool(config)}


def _pool(config: Config) -> dict[str, object]:
    if config.database_url.startswith("sqlite"):
        connections = {"factory": database.QueuedConnection}
        # The one given back last is used next: each keeps pages of its own, which another's writing makes untrue.
        return {"pool_size": 20, "max_overflow": 40, "pool_use_lifo": True, "connect_args": connections}
    if config.testing:
        return {"poolclass": NullPool}
    return {"pool_size": 10, "max_overflow": 20, "pool_pre_ping": True}


def _log(config: Config) -> None:
    logging.getLogger("lti_tool").setLevel(config.log_level)
    if not config.testing and not logging.getLogger().handlers:
        logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s", level=logging.WARNING)
        # Nothing of this is in a line of ours, so nobody need ask for it (Python's logging HOWTO, Optimization).
        logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


def _refuse_nul() -> None:
    """No text of ours holds a NUL, and PostgreSQL breaks off at one: it never gets that far.

    Launches and requests to the LRS are looked through where they are read.
    """
    if any("\x00" in str(value) for value in (request.view_args or {}).values()):
        abort(404)
    if request.blueprint not in ("lti", "lrs") and any("\x00" in value for value in _sent()):
        abort(400)


def _sent() -> Iterator[str]:
    """Names and values of the query string and the form."""
    for fields in (request.args, request.form):
        for name, value in fields.items(multi=True):
            yield from (name, value)


def _say_whether_writing() -> None:
    """A request that changes something takes its turn as a writer from its first query on.

    Launches and what is told to the LRS are exceptions: they are verified first and written afterwards.
    """
    if request.method not in SAFE_METHODS and request.blueprint not in ("lti", "lrs"):
        # Whatever was read already did not know that it would write.
        let_go()
        g.writing = writing()
        g.writing.__enter__()


def _stop_writing(_error: BaseException | None) -> None:
    if (held := g.pop("writing", None)) is not None:
        held.__exit__(None, None, None)
