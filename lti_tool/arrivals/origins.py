"""Where a request comes from: our own pages, or somebody else's."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Request, current_app, request
from werkzeug.exceptions import Forbidden

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
FROM_OURSELVES = ("same-origin", "none")
"""What browsers say in `Sec-Fetch-Site` of our own pages and of what a person typed."""
USUAL_PORTS = {"https": 443, "http": 80}


class FromElsewhere(Forbidden):
    """A page that is not ours sent this in somebody's name."""


def refuse_foreign_changes() -> None:
    """A page of somebody else's changes nothing here; launches, an LRS's client and mails bring proofs of their own."""
    if request.method in SAFE_METHODS or request.blueprint in ("lti", "lrs", "unsubscribing"):
        return
    if is_foreign(request):
        raise FromElsewhere


def is_foreign(asked: Request) -> bool:
    """Whether the browser names another site than ours as the source.

    Our pages send no referrer, and browsers then call the origin of their forms `null`: that is nobody's name,
    and the CSRF token decides.
    """
    if asked.headers.get("Sec-Fetch-Site", "none") not in FROM_OURSELVES:
        return True
    return asked.headers.get("Origin", "null") not in ("null", own())


def is_surely_own(asked: Request) -> bool:
    """Whether the browser vouches that a page of ours sent this. Pages that rely on it send their origin."""
    return asked.headers.get("Origin") == own() and not is_foreign(asked)


def own() -> str:
    """The tool's origin, as browsers write it."""
    parts = urlsplit(current_app.config["PUBLIC_URL"])
    port = f":{parts.port}" if parts.port and parts.port != USUAL_PORTS[parts.scheme] else ""
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}{port}"
