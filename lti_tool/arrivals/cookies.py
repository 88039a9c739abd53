"""Whether a browser keeps our cookies: asked once, by sending the login round the corner with one to bring back."""

from __future__ import annotations

from flask import Request, Response, current_app, redirect, request

from lti_tool.arrivals.sessions import set_cookie

ASKED = "cookies=asked"
A_MONTH = 30 * 24 * 3600


def are_kept(asked: Request) -> bool:
    """Whether this browser has brought a cookie of ours along, or would keep one for certain.

    A page in a window of its own is at home here. On http, which is for development alone, the LMS is on the same
    site and its frame keeps cookies too.
    """
    if not current_app.config["IS_HTTPS"] or asked.headers.get("Sec-Fetch-Dest") == "document":
        return True
    return any(name.startswith(("__Host-lti-", "__Host-mentoring")) for name in asked.cookies)


def were_asked_for(asked: Request) -> bool:
    return asked.query_string.endswith(ASKED.encode())


def ask() -> Response:
    """The same login once more, with a cookie to bring along; a form is sent again as it is (307)."""
    said = request.query_string.decode("ascii", errors="ignore")
    address = f"{request.path}?{said}&{ASKED}" if said else f"{request.path}?{ASKED}"
    answer = redirect(address, 307)
    assert isinstance(answer, Response)
    set_cookie(current_app._get_current_object(), answer, "__Host-lti-cookies", "kept", max_age=A_MONTH)  # type: ignore[attr-defined]
    return answer
