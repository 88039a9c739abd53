"""Pages for what went wrong: each names the cause and the cure, and nothing about anybody."""

from __future__ import annotations

import logging
import threading
import traceback

from flask import Flask, g, has_request_context, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from psycopg import Error as PostgresError
from sqlalchemy.exc import StatementError
from werkzeug.exceptions import HTTPException

from lti_tool.access import NotLaunched
from lti_tool.db import db

log = logging.getLogger(__name__)

EXPLAINED: dict[int, tuple[LazyString, LazyString, LazyString]] = {
    400: (
        _l("That did not arrive as it should"),
        _l("The request was damaged or not complete."),
        _l("Go back, reload the page and try again."),
    ),
    403: (
        _l("This page is not open to you"),
        _l("Your role in this course does not include it, or the course no longer lists you."),
        _l("Go back to your course page. If you should see this page, ask your instructor."),
    ),
    404: (
        _l("There is nothing here"),
        _l("The address is wrong, or what stood here belongs to somebody else."),
        _l("Open the tool again from your course page."),
    ),
    405: (
        _l("This address cannot be opened that way"),
        _l("It is a step inside another page."),
        _l("Open the tool again from your course page."),
    ),
    413: (
        _l("That was too large"),
        _l("More was sent than this page takes."),
        _l("Send less at once."),
    ),
    500: (
        _l("Something broke on our side"),
        _l("The tool met an error it did not expect. Nothing you sent was half-saved."),
        _l("Try again in a moment. If it happens again, tell the person who runs this tool when it happened."),
    ),
    503: (
        _l("The tool is busy just now"),
        _l("Too many people are writing at once."),
        _l("Try again in a few seconds."),
    ),
}


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, explain)
    app.register_error_handler(CSRFError, explain_csrf)
    app.register_error_handler(NotLaunched, explain_not_launched)
    app.register_error_handler(TimeoutError, lambda _error: page(503))
    app.register_error_handler(Exception, explain_unexpected)


def page(status: int) -> ResponseReturnValue:
    heading, cause, cure = EXPLAINED.get(status) or EXPLAINED[500 if status >= 500 else 400]
    db.session.rollback()
    return render_template("errors/error.html", heading=heading, cause=cause, cure=cure, code=status), status


def explain(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400 or error.response is not None:
        return error
    answer = page(error.code)
    if error.code == 405 and isinstance(answer, tuple):
        return (*answer, {"Allow": ", ".join(getattr(error, "valid_methods", None) or ())})
    return answer


def explain_csrf(_error: CSRFError) -> ResponseReturnValue:
    return (
        render_template(
            "errors/error.html",
            heading=_l("This form is no longer valid"),
            cause=_l("It was opened in another visit, or too long ago."),
            cure=_l("Open the tool again from your course page. Nothing was changed."),
            code=400,
        ),
        400,
    )


def explain_not_launched(_error: NotLaunched) -> ResponseReturnValue:
    return (
        render_template(
            "errors/error.html",
            heading=_l("Please open this from your course page"),
            cause=_l("We do not know who you are: the visit has ended, or your browser did not keep its cookie."),
            cure=_l("Go back to your course in the learning platform and open the link there again."),
            code=401,
        ),
        401,
    )


def explain_unexpected(error: Exception) -> ResponseReturnValue:
    log_unexpected(log, error)
    g.pop("me", None)
    return page(500)


def log_unexpected(log: logging.Logger, error: Exception) -> None:
    """Write down what broke and where; of an error from the database not what it says, which may name people."""
    where = request.endpoint if has_request_context() else threading.current_thread().name
    if any(isinstance(each, (StatementError, PostgresError)) for each in _chain(error)):
        place = "".join(traceback.format_tb(error.__traceback__))
        log.error("Unexpected %s at %s\n%s", type(error).__name__, where, place)
    else:
        log.error("Unexpected %s at %s", type(error).__name__, where, exc_info=error)


def _chain(error: BaseException) -> list[BaseException]:
    """The error and those it came from, as a traceback would show them."""
    found: list[BaseException] = []
    while error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__ or error
    return found
