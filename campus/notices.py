"""The platform notification service 1.0: tools say where they take notices, and signed ones are sent there.

As in Canvas a notice is sent once and not again; how that went is kept for whoever looks.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from flask import Blueprint, Response

from campus.messages import CONTEXT_COPY, COURSE_OFFERING, HELLO_WORLD, LTI, NOTICE_KINDS
from campus.people import Course
from campus.platform import Campus, campus
from campus.services import NOTICES, ServiceRefused, answer, require_scope, sent_json
from campus.tools import origin_of

bp = Blueprint("notices", __name__)

TIMEOUT = 5.0
LIVES = 3600
"""Seconds a notice is good for."""
UNREACHABLE = 0
"""The status kept where no answer came."""


@bp.get("/api/lti/notice-handlers/<deployment_id>")
def show(deployment_id: str) -> Response:
    here = _asked(deployment_id)
    known = handlers(here)
    body = {
        "client_id": here.tool.client_id,
        "deployment_id": here.tool.deployment_id,
        "notice_handlers": [{"notice_type": kind, "handler": known.get(kind, "")} for kind in NOTICE_KINDS],
    }
    return answer(body, "application/json")


@bp.put("/api/lti/notice-handlers/<deployment_id>")
def put(deployment_id: str) -> Response:
    here = _asked(deployment_id)
    wanted = sent_json("application/json")
    kind, handler = wanted.get("notice_type"), wanted.get("handler")
    if kind not in NOTICE_KINDS:
        raise ServiceRefused(400, f"notice_type is none of {', '.join(NOTICE_KINDS)}")
    if not isinstance(handler, str) or (handler and not _is_of_the_tool(here, handler)):
        raise ServiceRefused(400, "handler is not an address of the tool")
    with here.store.writing() as db:
        db.execute("INSERT OR REPLACE INTO notice_handlers VALUES (?, ?)", (kind, handler))
    if kind == HELLO_WORLD:
        send(here, HELLO_WORLD, {})
    return answer({"notice_type": kind, "handler": handler}, "application/json")


def _asked(deployment_id: str) -> Campus:
    here = campus()
    require_scope(NOTICES)
    if not here.flavor.has_notices or deployment_id != here.tool.deployment_id:
        raise ServiceRefused(404, f"there is no deployment {deployment_id}")
    return here


def _is_of_the_tool(here: Campus, handler: str) -> bool:
    return origin_of(handler) == here.tool.origin


def handlers(here: Campus) -> dict[str, str]:
    """Where the tool takes notices, by kind."""
    return {row["kind"]: row["handler"] for row in here.store.all("SELECT * FROM notice_handlers") if row["handler"]}


def course_copied(here: Campus, made: Course, origin: Course) -> None:
    """Tell the tool that a course was made from another."""
    context = {"id": made.id, "label": made.label, "title": made.title, "type": [COURSE_OFFERING]}
    send(here, CONTEXT_COPY, {LTI + "context": context, LTI + "origin_contexts": [origin.id]})


def send(here: Campus, kind: str, claims: Mapping[str, Any]) -> None:
    """Send one notice, if the flavor has notices and the tool wants this kind."""
    handler = handlers(here).get(kind)
    if not here.flavor.has_notices or handler is None:
        return
    notice_id = secrets.token_hex(16)
    body = {"notices": [{"jwt": here.keys.sign({**_envelope(here, kind, notice_id), **claims})}]}
    status = (here.settings.post_json or post_json)(handler, body)
    with here.store.writing() as db:
        db.execute("INSERT INTO notices_sent (id, kind, status) VALUES (?, ?, ?)", (notice_id, kind, status))


def _envelope(here: Campus, kind: str, notice_id: str) -> dict[str, Any]:
    now = here.settings.now()
    return {
        "iss": here.settings.url,
        "aud": here.tool.client_id,
        "azp": here.tool.client_id,
        "iat": int(now.timestamp()),
        "exp": int(now.timestamp()) + LIVES,
        "nonce": secrets.token_hex(16),
        LTI + "version": "1.3.0",
        LTI + "deployment_id": here.tool.deployment_id,
        LTI + "notice": {"id": notice_id, "timestamp": now.isoformat(timespec="seconds"), "type": kind},
    }


def sent(here: Campus) -> list[tuple[str, int]]:
    """Kind and answer of every notice, in order."""
    return [(row["kind"], row["status"]) for row in here.store.all("SELECT * FROM notices_sent ORDER BY rowid")]


def post_json(url: str, body: Mapping[str, Any]) -> int:
    """The status that came back."""
    request = Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST")
    try:
        with urlopen(request, timeout=TIMEOUT) as response:
            return int(response.status)
    except HTTPError as refused:
        with refused:
            return refused.code
    except OSError:
        return UNREACHABLE
