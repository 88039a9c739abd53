"""Assignment and Grade Services 2.0: scores come in, results can be read back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, current_app, request

from campus import addresses, faults, gradebook
from campus.gradebook import Cell, Column, points
from campus.line_items import find
from campus.platform import Campus, campus
from campus.scoring import LOCKED, Effect, Ruling, ScoreRefused, keeps_override
from campus.services import (
    RESULT_READ,
    SCORE,
    ServiceRefused,
    answer,
    asked_limit,
    page_address,
    page_size,
    require_accept,
    require_scope,
    sent_json,
)

bp = Blueprint("grades", __name__)

SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
RESULTS_TYPE = "application/vnd.ims.lis.v2.resultcontainer+json"


@bp.post("/services/<course_id>/lineitems/<int:line_item_id>/lineitem/scores")
def score(course_id: str, line_item_id: int) -> Response:
    here = campus()
    require_scope(SCORE)
    body = sent_json(SCORE_TYPE)
    column = find(course_id, line_item_id)
    try:
        ruling = _enter(here, column, body)
    except ScoreRefused as problem:
        media_type = f"{SCORE_TYPE}; charset=utf-8"
        raise ServiceRefused(problem.status, problem.reason, media_type=media_type, is_bare=True) from None
    lost = faults.lose_answer()
    return lost or _accepted(here, column, body, ruling)


def _enter(here: Campus, column: Column, body: dict[str, Any]) -> Ruling:
    """Judge and store in one transaction, so that two scores at once are judged one after the other."""
    person_id = str(body.get("userId"))
    with here.store.writing() as db:
        seat = here.register.enrolment(column.course_id, person_id)
        before = gradebook.cell(here.store, column.id, person_id)
        ruling = here.flavor.rule(body, seat, gradebook.standing(before), column.maximum)
        status = LOCKED.get(here.flavor.name) if gradebook.is_locked(here.store, column.id) else None
        if status is not None:
            raise ScoreRefused(status, "the column is locked")
        is_overridden = before is not None and before.override is not None
        if is_overridden and keeps_override(here.flavor.name, body):
            ruling = replace(ruling, effect=Effect.KEPT)
        gradebook.enter(db, column.id, person_id, body, ruling, here.settings.now())
    return ruling


def _accepted(here: Campus, column: Column, body: dict[str, Any], ruling: Ruling) -> Response:
    if here.flavor.name == "canvas":
        made = {"resultUrl": addresses.result(here, column.course_id, column.id, body["userId"])}
        return answer(made if ruling.effect != Effect.IGNORED else {}, "application/json")
    return current_app.response_class("", here.flavor.score_status, content_type=f"{SCORE_TYPE}; charset=utf-8")


@bp.get("/services/<course_id>/lineitems/<int:line_item_id>/lineitem/results")
def results(course_id: str, line_item_id: int) -> Response:
    here = campus()
    require_scope(RESULT_READ)
    require_accept(RESULTS_TYPE)
    if asked_limit() and here.flavor.name == "moodle":
        # Moodle 4.5 fails on a limit here, with its ordinary HTML page.
        abort(404)
    column = find(course_id, line_item_id)
    size = page_size()
    wanted = request.args.get("user_id")
    found = [cell for cell in gradebook.cells(here.store, column.id) if wanted in (None, cell.person_id)]
    start = request.args.get("from", 0, type=int)
    page = found[start : start + size if size else None]
    response = answer([_result(here, column, cell) for cell in page], f"{RESULTS_TYPE}; charset=utf-8")
    if size and start + size < len(found):
        response.headers["Link"] = f'<{page_address("from", str(start + size))}>; rel="next"'
    return response


def _result(here: Campus, column: Column, cell: Cell) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": addresses.result(here, column.course_id, column.id, cell.person_id),
        "userId": cell.person_id,
    }
    if cell.shown is None:
        return body
    body |= {
        "scoreOf": addresses.line_item(here, column.course_id, column.id),
        "resultScore": points(cell.shown),
        "resultMaximum": points(column.maximum),
    }
    if cell.comment:
        body["comment"] = cell.comment
    if here.flavor.name == "moodle":
        body["timestamp"] = cell.stamp.isoformat(timespec="seconds")
    return body
