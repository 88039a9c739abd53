"""What goes on every answer: who may frame it, what it may load, what browsers may remember."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Response, current_app, g, request
from sqlalchemy import bindparam, select
from sqlalchemy.exc import SQLAlchemyError

from lti_tool import quirks
from lti_tool.arrivals.sessions import Visit
from lti_tool.db import db, reading
from lti_tool.models import Enrolment, Platform

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from werkzeug.datastructures import Headers

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self';"
    " font-src 'self'; connect-src 'self'; form-action {forms}; base-uri 'none'; frame-ancestors {ancestors}"
)


ALWAYS = (("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"))
HTTPS_ONLY = ("Strict-Transport-Security", "max-age=31536000")


class Onward(Response):
    """A redirect that says all there is to say already: nothing of it is looked at again."""

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        return self.headers


def gone_to(address: str, status: int) -> Response:
    """The browser goes on at once, to an address of plain letters; no page that nobody will read is put together."""
    if not address.isascii():
        return Response(status=status, headers={"Location": address})
    says = [("Location", address), ("Content-Length", "0"), *ALWAYS, ("Cache-Control", "no-store")]
    return Onward(status=status, headers=[*says, HTTPS_ONLY] if current_app.config["IS_HTTPS"] else says)


def close_what_is_not_sent(response: Response) -> Response:
    """A file that the browser has already is opened all the same, and servers close only what they send."""
    if response.status_code == 304 or request.method == "HEAD":
        response.close()
    return response


def protect(response: Response) -> Response:
    if isinstance(response, Onward):
        return response
    for name, value in ALWAYS:
        response.headers.setdefault(name, value)
    if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
        response.headers.setdefault("Content-Security-Policy", _policy())
    if request.endpoint != "static" and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    if current_app.config["IS_HTTPS"]:
        response.headers.setdefault(*HTTPS_ONLY)
    return response


def _policy() -> str:
    """Forms go to ourselves; on the page that takes an answer to the LMS, to that one origin and nowhere else."""
    return POLICY.format(ancestors=_ancestors(), forms=g.get("forms_go_to") or "'self'")


def _ancestors() -> str:
    """The origins that may frame this page.

    After a launch: the visitor's own LMS (where it wants people back, and where it vouches for them, because a
    school's Canvas frames from a domain of its own). Before: any registered LMS, since an error has to show in
    its frame.
    """
    me: Enrolment | None = g.get("me")
    try:
        visiting = (me.id, me.person.platform_id) if me is not None else None
        if "framed_by" not in g:
            # The page is written: nothing of its transaction is needed any more, and no write lock for reading on.
            db.session.rollback()
            with reading():
                g.framed_by = sorted(_origins(visiting))
        return " ".join(["'self'", *g.framed_by])
    except SQLAlchemyError:
        return "'self'"  # The database is away; its absence is being told on a page that must not fail as well.


def framed_by() -> list[str]:
    """The origins that may frame the visitor's page, for the page's own use: they may hear how high it is.

    Nothing where a change has failed: its error page must not queue up as a writer once more.
    """
    me: Enrolment | None = g.get("me")
    is_readable = request.method in ("GET", "HEAD") or db.session.in_transaction()
    if me is None or not is_readable:
        return []
    if "framed_by" not in g:
        lms = me.person.platform
        g.framed_by = sorted(_of_platform(lms.issuer, lms.auth_url, lms.framed_from) | _returns(me.id))
    found: list[str] = g.framed_by
    return found


def _origins(visiting: tuple[int, int] | None) -> set[str]:
    wanted = select(Platform.issuer, Platform.auth_url, Platform.framed_from)
    if visiting is not None:
        wanted = wanted.where(Platform.id == visiting[1])
    found: set[str] = set()
    for row in db.session.execute(wanted.limit(200)):
        found |= _of_platform(*row)
    return found | _returns(visiting[0]) if visiting is not None else found


def _of_platform(issuer: str, auth_url: str, framed_from: Iterable[str]) -> set[str]:
    return {origin for url in (issuer, auth_url, *framed_from) if (origin := origin_of(url))} | quirks.frames(issuer)


_RETURNS = select(Visit.return_url).where(Visit.enrolment_id == bindparam("me")).distinct().limit(20)


def _returns(me: int) -> set[str]:
    """Where the visitor's own LMS wants people back."""
    return {origin for url in db.session.scalars(_RETURNS, {"me": me}) if (origin := origin_of(url))}


@lru_cache(maxsize=1024)
def origin_of(url: str) -> str:
    """Scheme, host and port of a web address; empty if it is none, so that nothing odd reaches a header."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    host = parts.hostname or ""
    is_plain = parts.scheme in ("http", "https") and host and all(c.isalnum() or c in "-." for c in host)
    return f"{parts.scheme}://{host}{port}" if is_plain and host.isascii() else ""
