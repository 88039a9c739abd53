"""The columns of the LMS's gradebook (line items): found before they are made, and made once."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, TypeGuard
from urllib.parse import urlencode, urlsplit

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.claims import LINE_ITEM_READ_SCOPE, LINE_ITEM_SCOPE, web_address
from lti_tool.db import db, find_or_create, transaction
from lti_tool.events import GradeChanged
from lti_tool.gradebook import results
from lti_tool.gradebook.models import ColumnState, GradeColumn
from lti_tool.gradebook.scores import under, with_query
from lti_tool.models import Course, Placement
from lti_tool.outgoing import services
from lti_tool.outgoing.services import Service, ServiceFailed, failure
from lti_tool.placing import copies

LINE_ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEMS_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"
HOLD = timedelta(seconds=120)
"""How long one process looks for a column or makes it, before another may: longer than a call can take."""
LAST_START = timedelta(seconds=30)
"""How much of the hold must be left for a column still to be asked for."""
GONE = (404, 410)


class ColumnBusy(Exception):
    """Somebody else is about this column, or the LMS did not say whether it made it: look again in `seconds`."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


def of_activity(session: Session, course: Course, event: GradeChanged) -> GradeColumn:
    """The row of this activity's column, found or made; no call leaves the building."""
    column, is_new = find_or_create(
        session,
        GradeColumn,
        {"course_id": course.id, "activity": event.activity},
        title=event.title,
        maximum=event.maximum,
        created=event.at,
    )
    column.title, column.maximum = event.title, event.maximum
    if is_new and (placed := placed_column(session, column)):
        column.line_item, column.state = placed, ColumnState.STANDING
    return column


def placed_column(session: Session, column: GradeColumn) -> str | None:
    """The column the LMS itself made for a link that opens this activity."""
    return session.scalar(
        select(Placement.line_item)
        .where(
            Placement.course_id == column.course_id,
            Placement.reference == column.activity,
            Placement.line_item.is_not(None),
        )
        .order_by(Placement.id)
        .limit(1)
    )


def ready(column: GradeColumn) -> GradeColumn:
    """The column with its address where there is one: its placement's, else one found, else a new one.

    Raises ColumnBusy, ServiceFailed or CallFailed where that cannot be said just now.
    """
    if column.state is not ColumnState.UNSOUGHT:
        return column
    if placed := placed_column(db.session, column):
        return _settle(column, placed, ColumnState.STANDING)
    if _is_unwanted(column):
        return _settle(column, None, ColumnState.UNWANTED)
    _take(column)
    try:
        line_item = _search(column) or _make(column)
    except ColumnBusy:
        # What was asked for may still be made: the hold stays until that is over, then it is looked for.
        raise
    except Exception:
        _settle(column, None, ColumnState.UNSOUGHT)
        raise
    return _settle(column, line_item, ColumnState.STANDING if line_item else ColumnState.NONE)


def _is_unwanted(column: GradeColumn) -> bool:
    """Whether every link to this activity was placed as ungraded."""
    wishes = set(
        db.session.scalars(
            select(Placement.is_graded)
            .where(Placement.course_id == column.course_id, Placement.reference == column.activity)
            .distinct()
        )
    )
    return wishes == {False}


def _settle(column: GradeColumn, line_item: str | None, state: ColumnState) -> GradeColumn:
    with transaction() as session:
        session.execute(
            update(GradeColumn)
            .where(GradeColumn.id == column.id)
            .values(line_item=line_item, state=state, held_until=None)
            .execution_options(synchronize_session=False)
        )
        session.refresh(column)
    return column


def _take(column: GradeColumn) -> None:
    """Nobody else looks for this column or makes it while we do. Raises ColumnBusy."""
    at = clock.now()
    with transaction() as session:
        taken = session.execute(
            update(GradeColumn)
            .where(
                GradeColumn.id == column.id,
                GradeColumn.state == ColumnState.UNSOUGHT,
                or_(GradeColumn.held_until.is_(None), GradeColumn.held_until <= at),
            )
            .values(held_until=at + HOLD)
            .execution_options(synchronize_session=False)
        )
        session.refresh(column)
    if not taken.rowcount:  # type: ignore[attr-defined]
        raise ColumnBusy("the column is being looked for or made just now", 2.0)


def _search(column: GradeColumn, *, but: str | None = None) -> str | None:
    """A column that is this activity's by resource id and tag, else by the link that opens it."""
    if not may_look(column.course):
        return None
    names = [column.activity, *copies.known_as(column.course, column.activity)]
    for name in names:
        rows = [row for row in _rows(column, resource_id=name) if row["id"] != but and _is_named(row, column, name)]
        if rows:
            return str(min(rows, key=lambda row: row.get("tag") != column.tag)["id"])
    for link in _links(column):
        for row in _rows(column, resource_link_id=link):
            if row["id"] != but and row.get("resourceLinkId") == link and row.get("resourceId") in (None, "", *names):
                return str(row["id"])
    return None


def _is_named(row: dict[str, Any], column: GradeColumn, name: str) -> bool:
    return row.get("resourceId") == name and row.get("tag") in (None, "", column.tag)


def _links(column: GradeColumn) -> Sequence[str]:
    return db.session.scalars(
        select(Placement.resource_link_id)
        .where(Placement.course_id == column.course_id, Placement.reference == column.activity, Placement.is_graded)
        .order_by(Placement.id)
    ).all()


def _rows(column: GradeColumn, **wanted: str) -> Iterator[dict[str, Any]]:
    """Line items from every page, at addresses that are this platform's own; never with a `limit`."""
    service = _service(column, _looking(column.course))
    url = with_query(column.course.line_items_url or "", urlencode(wanted))
    for page in service.pages(url, accept=LINE_ITEMS_TYPE):
        rows = page.json()
        for row in rows if isinstance(rows, list) else []:
            if isinstance(row, dict) and _is_address(row.get("id")):
                service.check_host(row["id"])
                yield row


def may_look(course: Course) -> bool:
    return bool(course.line_items_url) and bool(_looking(course))


def may_make(course: Course) -> bool:
    return bool(course.line_items_url) and LINE_ITEM_SCOPE in course.line_item_scopes


def _looking(course: Course) -> list[str]:
    """The scope to look with; the read-only one is asked for by name, which Moodle wants for a GET."""
    return [scope for scope in (LINE_ITEM_READ_SCOPE, LINE_ITEM_SCOPE) if scope in course.line_item_scopes][:1]


def _service(column: GradeColumn, scopes: Sequence[str]) -> Service:
    last_moment = time.monotonic() + services.LONGEST_ERRAND
    return Service(column.course.deployment, scopes, (column.course.line_items_url,), last_moment)


def _make(column: GradeColumn) -> str | None:
    """A new column. It names no link: an extra one with `resourceLinkId` makes Moodle drop the link's own."""
    if not may_make(column.course):
        return None
    assert column.held_until is not None
    if column.held_until - clock.now() < LAST_START:
        raise ColumnBusy("looking for the column took too long to make one still", HOLD.total_seconds())
    body = {"label": column.title, "scoreMaximum": column.maximum, "resourceId": column.activity, "tag": column.tag}
    service = _service(column, [LINE_ITEM_SCOPE])
    try:
        answer = service.call(
            "POST",
            column.course.line_items_url or "",
            accept=LINE_ITEM_TYPE,
            content_type=LINE_ITEM_TYPE,
            body=json.dumps(body, allow_nan=False).encode(),
        )
    except ServiceFailed as problem:
        if problem.status is None:
            raise ColumnBusy(f"whether the column was made is not known: {problem}", HOLD.total_seconds()) from None
        raise
    if not answer.is_ok:
        raise failure(answer)
    document = answer.json()
    made = document.get("id") if isinstance(document, dict) else None
    if not _is_address(made):
        return _search(column)
    service.check_host(made)
    return made


def _is_address(said: object) -> TypeGuard[str]:
    """Whether it can be asked, and stored, exactly as it was sent."""
    return bool(said) and web_address(said) == said


def is_gone(column: GradeColumn) -> bool:
    """Whether the LMS says that the column itself is no more; where it may not be asked, it is taken to be there."""
    assert column.line_item is not None
    scopes = _looking(column.course)
    if scopes:
        service = Service(column.course.deployment, scopes, (column.line_item, column.course.line_items_url))
        return service.call("GET", column.line_item, accept=LINE_ITEM_TYPE).status in GONE
    if results.are_readable(column):
        try:
            results.of_everybody(column, last_moment=time.monotonic() + services.LONGEST_ERRAND)
        except ServiceFailed as problem:
            return problem.status in GONE
    return False


def replace_lost(column: GradeColumn) -> GradeColumn:
    """Another column of this activity for one that is gone; it is not made again unasked.

    Raises ServiceFailed or CallFailed.
    """
    lost = column.line_item
    with transaction() as session:
        session.execute(
            update(Placement)
            .where(Placement.course_id == column.course_id, Placement.line_item == lost)
            .values(line_item=None)
        )
    found = placed_column(db.session, column) or _search(column, but=lost)
    return _settle(column, found, ColumnState.STANDING if found else ColumnState.DELETED)


def is_same_place(one: str | None, other: str | None) -> bool:
    """Whether two addresses name the same column; platforms may move to another host between launches."""
    if one is None or other is None:
        return one == other
    first, second = urlsplit(under(one, "")), urlsplit(under(other, ""))
    return (first.path, first.query) == (second.path, second.query)
