"""What stands in the campus, for tests and measuring programs: one JSON document without secrets."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from campus import gradebook
from campus.gradebook import points
from campus.platform import Campus, campus
from campus.scoring import Effect

bp = Blueprint("state", __name__)


@bp.get("/api/state.json")
def show() -> Response:
    return jsonify(state_of(campus()))


def state_of(here: Campus) -> dict[str, Any]:
    requests = here.traffic.per_endpoint()
    log = score_log(here)
    return {
        "flavor": here.flavor.name,
        "faults": here.faults.as_dict(),
        "signing_keys": here.keys.kids(),
        "people": here.store.all("SELECT count(*) AS n FROM people")[0]["n"],
        "gradebook": grades(here),
        "score_log": [entry for entry in log if entry["effect"] != Effect.REPEATED],
        "repeated_scores": sum(entry["effect"] == Effect.REPEATED for entry in log),
        "requests": requests,
        "seconds": round(sum(each["seconds"] for each in requests.values()), 6),
        "refused": here.traffic.refusals(),
    }


def grades(here: Campus) -> list[dict[str, Any]]:
    """Every cell of the gradebook in plain words: who, in which column, how much, since when."""
    columns = {
        column.id: column for course in here.register.courses() for column in gradebook.columns(here.store, course.id)
    }
    people = {person.id: person.key for person in here.register.people()}
    return [
        {
            "course": columns[cell.line_item_id].course_id,
            "column": columns[cell.line_item_id].label,
            "line_item": cell.line_item_id,
            "person": people[cell.person_id],
            "score": None if cell.shown is None else points(cell.shown),
            "maximum": points(columns[cell.line_item_id].maximum),
            "comment": cell.comment,
            "stamp": cell.stamp.isoformat(),
            "activity_progress": cell.activity_progress,
            "grading_progress": cell.grading_progress,
            "submissions": cell.submissions,
            "is_overridden": cell.override is not None,
            "arrived": cell.arrived.isoformat(),
        }
        for cell in gradebook.all_cells(here.store)
    ]


def score_log(here: Campus) -> list[dict[str, Any]]:
    """Every accepted score in order of arrival; `effect` says what it did."""
    people = {person.id: person.key for person in here.register.people()}
    return [
        {
            "line_item": entry["line_item_id"],
            "person": people[entry["person_id"]],
            "effect": entry["effect"],
            "score": entry["body"].get("scoreGiven"),
            "stamp": entry["body"].get("timestamp"),
            "arrived": entry["arrived"],
        }
        for entry in gradebook.score_log(here.store)
    ]
