"""Pages for what went wrong: each names the cause and the cure, and nothing about anybody."""

from __future__ import annotations

import logging
import threading
import traceback

from flask import Flask, current_app, g, has_request_context, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from lti_tool.access import HasLeft, NotLaunched, OnlyLooking
from lti_tool.arrivals import sessions
from lti_tool.arrivals.origins import FromElsewhere
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
    410: (
        _l("This has been used already"),
        _l("It works once, and only for a short time."),
        _l("Open the tool again from your course page."),
    ),
    413: (
        _l("That was too large"),
        _l("More was sent than this page takes."),
        _l("Send less at once."),
    ),
    429: (
        _l("Too many visits at once"),
        _l("Far more visits were started from your network within a minute than a class can start."),
        _l("Wait a minute, then go back to your course page and open the link there again."),
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
    app.register_error_handler(FromElsewhere, explain_from_elsewhere)
    app.register_error_handler(NotLaunched, explain_not_launched)
    app.register_error_handler(HasLeft, explain_has_left)
    app.register_error_handler(OnlyLooking, explain_only_looking)
    app.register_error_handler(TimeoutError, lambda _error: page(503))
    app.register_error_handler(OperationalError, explain_database)
    app.register_error_handler(Exception, explain_unexpected)


def page(status: int) -> ResponseReturnValue:
    heading, cause, cure = EXPLAINED.get(status) or EXPLAINED[500 if status >= 500 else 400]
    db.session.rollback()
    return render_template("errors/error.html", heading=heading, cause=cause, cure=cure, code=status), status


def explain(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400 or error.response is not None:
        return error
    answer = page(error.code)
    told = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return (*answer, told) if told and isinstance(answer, tuple) else answer


def explain_csrf(_error: CSRFError) -> ResponseReturnValue:
    if session.row_id is None:  # type: ignore[attr-defined]
        return explain_not_launched(NotLaunched())
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


def explain_has_left(_error: HasLeft) -> ResponseReturnValue:
    db.session.rollback()
    return (
        render_template(
            "errors/error.html",
            heading=_l("You are no longer in this course"),
            cause=_l("Your learning platform has taken you off the class list, so your pages here are closed."),
            cure=_l(
                "If that is a mistake, ask your instructor. As soon as your course page opens this tool again, "
                "you are back where you were."
            ),
            code=403,
        ),
        403,
    )


def explain_from_elsewhere(_error: FromElsewhere) -> ResponseReturnValue:
    db.session.rollback()
    return (
        render_template(
            "errors/error.html",
            heading=_l("This did not come from our own page"),
            cause=_l("Your browser says that another site sent this in your name. Nothing was changed."),
            cure=_l("Open the tool from your course page and do it there."),
            code=403,
        ),
        403,
    )


def explain_not_launched(_error: NotLaunched) -> ResponseReturnValue:
    """Whoever brings the cookie of a session that is no more was here before; the others never were, or lost it."""
    if sessions.cookie_name(current_app._get_current_object()) in request.cookies:  # type: ignore[attr-defined]
        cause = _l("Your visit has ended: it lasts twelve hours, and eight if nobody is there.")
    else:
        cause = _l("We do not know who you are: the visit did not begin here, or your browser did not keep its cookie.")
    return (
        render_template(
            "errors/error.html",
            heading=_l("Please open this from your course page"),
            cause=cause,
            cure=_l("Go back to your course in the learning platform and open the link there again."),
            code=401,
        ),
        401,
    )


def explain_only_looking(_error: OnlyLooking) -> ResponseReturnValue:
    db.session.rollback()
    return (
        render_template(
            "errors/error.html",
            heading=_l("You can look, but not act for somebody else"),
            cause=_l("Your learning platform says that you act as another person. Nothing was changed."),
            cure=_l("Stop acting as this person in the learning platform, and open the tool as yourself."),
            code=403,
        ),
        403,
    )


def explain_database(error: OperationalError) -> ResponseReturnValue:
    """SQLite that another process has held for too long is busy; anything else is not expected."""
    if str(getattr(error.orig, "sqlite_errorname", "")).startswith("SQLITE_BUSY"):
        log.warning("Another process held the database for too long at %s", request.endpoint)
        return page(503)
    return explain_unexpected(error)


def explain_unexpected(error: Exception) -> ResponseReturnValue:
    log_unexpected(log, error)
    g.pop("me", None)
    return page(500)


def log_unexpected(log: logging.Logger, error: Exception) -> None:
    """Write down what broke and where; not what the error says, which may name people and tokens."""
    where = request.endpoint if has_request_context() else threading.current_thread().name
    told = [f"{type(each).__name__}, raised here:\n{_place(each)}" for each in _chain(error)]
    log.error("Unexpected %s at %s\n%s", type(error).__name__, where, "which came from ".join(told))


def _place(error: BaseException) -> str:
    """The lines of code it came through, without any values."""
    return "".join(traceback.format_tb(error.__traceback__))


def _chain(error: BaseException) -> list[BaseException]:
    """The error and those it came from, as a traceback would show them."""
    found: list[BaseException] = []
    while error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__ or error
    return found
