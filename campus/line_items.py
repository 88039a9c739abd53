"""Assignment and Grade Services 2.0: line items, which are the columns of the gradebook."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, current_app, request

from campus import addresses, gradebook
from campus.gradebook import Column, points
from campus.platform import Campus, campus
from campus.services import (
    LINE_ITEM,
    LINE_ITEM_READ,
    ServiceRefused,
    answer,
    page_address,
    page_size,
    require_accept,
    require_scope,
    sent_json,
)

bp = Blueprint("line_items", __name__)

ITEM = "application/vnd.ims.lis.v2.lineitem+json"
CONTAINER = "application/vnd.ims.lis.v2.lineitemcontainer+json"
EXTRA = ("startDateTime", "endDateTime", "gradesReleased", "submissionReview")


@bp.get("/services/<course_id>/lineitems")
def listed(course_id: str) -> Response:
    here = campus()
    require_scope(LINE_ITEM, LINE_ITEM_READ)
    require_accept(CONTAINER)
    found = [column for column in gradebook.columns(here.store, course_id) if _is_wanted(column)]
    start, size = request.args.get("from", 0, type=int), page_size()
    page = found[start : start + size if size else None]
    response = answer([_shown(here, column) for column in page], f"{CONTAINER}; charset=utf-8")
    if size and start + size < len(found):
        response.headers["Link"] = _link(here, start + size)
    return response


def _is_wanted(column: Column) -> bool:
    filters = {"tag": column.tag, "resource_id": column.resource_id, "resource_link_id": column.placement_id}
    return all(request.args[name] == value for name, value in filters.items() if name in request.args)


def _link(here: Campus, start: int) -> str:
    address = page_address("from", str(start))
    if here.flavor.name == "moodle":
        # Moodle 4.5 writes the address for HTML and the relation in curly quotes, read as Latin-1.
        quoted = "“next”".encode().decode("latin-1")
        return f"<{address.replace('&', '&amp;')}>; rel={quoted}"
    return f'<{address}>; rel="next"'


@bp.post("/services/<course_id>/lineitems")
def make(course_id: str) -> Response:
    here = campus()
    require_scope(LINE_ITEM)
    body = _complete(sent_json(ITEM))
    if here.register.course(course_id) is None:
        raise ServiceRefused(404, f"there is no course {course_id}")
    link = body.get("resourceLinkId")
    if link is not None:
        placement = here.register.placement(str(link))
        if placement is None or placement.course_id != course_id:
            raise ServiceRefused(403, "resourceLinkId is no placement of this tool in this course")
    with here.store.writing() as db:
        made = db.execute(
            "INSERT INTO line_items (course_id, placement_id, label, maximum, resource_id, tag, extra)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (course_id, link, *_values(body)),
        ).lastrowid
    assert made is not None
    column = gradebook.column(here.store, made)
    assert column is not None
    return answer(_shown(here, column), f"{ITEM}; charset=utf-8", 201)


@bp.get("/services/<course_id>/lineitems/<int:line_item_id>/lineitem")
def one(course_id: str, line_item_id: int) -> Response:
    require_scope(LINE_ITEM, LINE_ITEM_READ)
    require_accept(ITEM)
    return answer(_shown(campus(), find(course_id, line_item_id)), f"{ITEM}; charset=utf-8")


@bp.put("/services/<course_id>/lineitems/<int:line_item_id>/lineitem")
def change(course_id: str, line_item_id: int) -> Response:
    here = campus()
    require_scope(LINE_ITEM)
    body = _complete(sent_json(ITEM))
    column = find(course_id, line_item_id)
    values = _values(body)
    with here.store.writing() as db:
        db.execute(
            "UPDATE line_items SET label = ?, maximum = ?, resource_id = ?, tag = ?, extra = ? WHERE id = ?",
            (*values, line_item_id),
        )
        if here.flavor.name == "moodle" and float(values[1]) != column.maximum:
            # Seen in Moodle 4.5: a grade that had been cleared becomes 0 when the maximum changes.
            db.execute("UPDATE cells SET score = 0 WHERE line_item_id = ? AND score IS NULL", (line_item_id,))
    return answer(_shown(here, find(course_id, line_item_id)), f"{ITEM}; charset=utf-8")


@bp.delete("/services/<course_id>/lineitems/<int:line_item_id>/lineitem")
def delete(course_id: str, line_item_id: int) -> Response:
    require_scope(LINE_ITEM)
    column = find(course_id, line_item_id)
    with campus().store.writing() as db:
        db.execute("DELETE FROM line_items WHERE id = ?", (column.id,))
    return current_app.response_class(status=204)


def find(course_id: str, line_item_id: int) -> Column:
    """The column of this address, or a 404. Moodle does not mind another course's number in it."""
    here = campus()
    column = gradebook.column(here.store, line_item_id)
    if column is None or (here.flavor.guards_courses and column.course_id != course_id):
        raise ServiceRefused(404, f"Not Found: Grade item {line_item_id} doesn't exist")
    return column


def _complete(body: dict[str, Any]) -> dict[str, Any]:
    label, maximum = body.get("label"), body.get("scoreMaximum")
    if not isinstance(label, str) or not label.strip():
        raise ServiceRefused(400, "the line item has no label")
    if isinstance(maximum, bool) or not isinstance(maximum, int | float) or maximum <= 0:
        raise ServiceRefused(400, "the line item has no scoreMaximum above 0")
    for name in ("resourceId", "tag", "resourceLinkId"):
        if body.get(name) is not None and not isinstance(body[name], str):
            raise ServiceRefused(400, f"{name} is not text")
    return body


def _values(body: dict[str, Any]) -> tuple[str, float, str | None, str | None, str]:
    extra = json.dumps({name: body[name] for name in EXTRA if name in body})
    return body["label"], body["scoreMaximum"], body.get("resourceId"), body.get("tag"), extra


def _shown(here: Campus, column: Column) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": addresses.line_item(here, column.course_id, column.id),
        "label": column.label,
        "scoreMaximum": points(column.maximum),
        "resourceId": column.resource_id,
        "tag": column.tag,
        "resourceLinkId": column.placement_id,
    }
    if here.flavor.name == "moodle":
        body["ltiLinkId"] = column.placement_id
    return {**{name: value for name, value in body.items() if value is not None}, **column.extra}
