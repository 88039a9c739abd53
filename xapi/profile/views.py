"""`/xapi/profile`: the profile as JSON-LD for programs, and explained for people, each statement with an example."""

from __future__ import annotations

import json

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from xapi.profile import document, examples
from xapi.profile.concepts import OURS
from xapi.profile.patterns import PATTERNS
from xapi.profile.templates import TEMPLATES

bp = Blueprint("profile", __name__, template_folder="pages")
JSON_LD = "application/ld+json"


@bp.get("/xapi/profile")
def newest() -> ResponseReturnValue:
    """For browsers the page; for everybody else the newest version."""
    if request.accept_mimetypes.best_match([JSON_LD, "application/json", "text/html"]) == "text/html":
        answer = Response(_explained(), mimetype="text/html")
    else:
        answer = _as_json_ld(document.NEWEST)
    answer.vary.add("Accept")
    return answer


@bp.get("/xapi/profile/<version>")
def version(version: str) -> ResponseReturnValue:
    return _as_json_ld(version)


def _as_json_ld(version: str) -> Response:
    text = document.published(version) or abort(404)
    answer = Response(text, mimetype=JSON_LD)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.cache_control.public, answer.cache_control.max_age = True, 3600
    return answer


def _explained() -> str:
    return render_template(
        "profile/explained.html",
        versions=list(reversed(document.PUBLISHED)),
        concepts=OURS,
        runs=[pattern for pattern in PATTERNS if pattern.is_primary],
        templates=[(each, _shown(each.key)) for each in TEMPLATES],
    )


def _shown(key: str) -> str:
    return json.dumps(examples.examples()[key], indent=2, ensure_ascii=False)
