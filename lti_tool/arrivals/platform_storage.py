"""Where no cookie is kept, the LMS's own page keeps the state by postMessage: LTI client side OIDC and pm-storage 0.1.

Only a value that our own page fetched from the LMS's page counts: a field that says so could be anybody's, so it
is believed only in a form for which the browser vouches that our page sent it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Request, Response, g, make_response, render_template

from lti_tool import platforms
from lti_tool.arrivals import origins, states, verifying
from lti_tool.arrivals.sessions import hashed
from lti_tool.db import db
from lti_tool.headers import origin_of

FRAME_NAME = re.compile(r"[\w.:-]{1,100}", re.ASCII)
LOGIN_FIELDS = ("iss", "login_hint", "target_link_uri", "client_id", "lti_message_hint", "lti_deployment_id")
"""What a login is begun with again in a window of its own; not where to store, which a window does not need."""


def offered(said: Mapping[str, str]) -> str:
    """The frame that stores values for tools, if the LMS has one; `_parent` is the page around us."""
    name = said.get("lti_storage_target", "")
    return name if FRAME_NAME.fullmatch(name) else ""


def store(auth_url: str, said: Mapping[str, str], *, state: str, onward: str) -> Response:
    """A page that has the state stored and goes on to the LMS; where that fails, a button for a window of its own."""
    asked = _asked("put", auth_url, offered(said), state) | {"value": state, "onward": onward}
    return _login_page(said, asked)


def start_over(said: Mapping[str, str]) -> Response:
    """A page with a button that begins the same login in a window of its own, where cookies are kept."""
    return _login_page(said, None)


def _login_page(said: Mapping[str, str], asked: dict[str, str] | None) -> Response:
    # Browsers hold every redirect after a form against the page's policy, and from our login the way leads on
    # through whatever addresses the LMS lets people in at.
    g.forms_go_to = "'self' https:"
    fields = {name: said[name] for name in LOGIN_FIELDS if name in said}
    return page("handing_over/login.html", asked=asked, fields=fields)


def fetch(said: Mapping[str, str], request: Request) -> Response | None:
    """A page that asks the LMS's page for the state, if this launch can be tied to its browser in no other way."""
    state = said.get("state", "")
    if "stored" in said or "error" in said or request.headers.get("Sec-Fetch-Dest") == "document":
        return None
    if not state or verifying.state_cookie(state) in request.cookies:
        return None
    login = states.unseal(state)
    if login is None or not login.storage_target or states.is_spent(db.session.connection(), login):
        return None
    platform = platforms.by_public_id(db.session, login.platform)
    if platform is None:
        return None
    fields = {"state": state, "id_token": said.get("id_token", "")[: verifying.MOST_TOKEN_BYTES + 1]}
    return page(
        "handing_over/launch.html",
        asked=_asked("get", platform.auth_url, login.storage_target, state),
        fields=fields,
    )


def fetched(said: Mapping[str, str], request: Request) -> str:
    """The state that our page fetched; empty if it cannot have been our page that sent it."""
    return said.get("stored", "") if origins.is_surely_own(request) else ""


def _asked(act: str, auth_url: str, target: str, state: str) -> dict[str, str]:
    """What the script says to whom: only the origin that lets people in hears it, and only it is believed."""
    key = f"lti_state_{hashed(state)[:16]}"
    return {"act": act, "target": target, "origin": origin_of(auth_url), "key": key}


def page(template: str, **shown: Any) -> Response:
    """A page whose forms say where they come from, to ourselves and to nobody else."""
    answer = make_response(render_template(template, **shown))
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer
