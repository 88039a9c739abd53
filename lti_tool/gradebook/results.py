"""What the LMS's own gradebook shows (Assignment and Grade Services 2.0, section 3.3)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from urllib.parse import urlencode

from lti_tool.claims import RESULT_SCOPE
from lti_tool.gradebook.models import GradeColumn
from lti_tool.gradebook.scores import under, with_query
from lti_tool.outgoing import services
from lti_tool.outgoing.services import Service

RESULTS_TYPE = "application/vnd.ims.lis.v2.resultcontainer+json"


@dataclass(frozen=True)
class Result:
    """One person's value in one column; no score where the cell is empty."""

    subject: str
    score: float | None
    maximum: float | None


def are_readable(column: GradeColumn) -> bool:
    return column.line_item is not None and RESULT_SCOPE in column.course.line_item_scopes


def of_everybody(column: GradeColumn, *, last_moment: float | None = None) -> dict[str, Result]:
    """Every result of a column by subject, from every page.

    Raises ServiceFailed or CallFailed if any page failed to come, or began after the last moment.
    """
    return {result.subject: result for result in _read(column, "", last_moment)}


def of_one(column: GradeColumn, subject: str) -> Result:
    """One person's result. Raises ServiceFailed or CallFailed."""
    last_moment = time.monotonic() + services.LONGEST_ERRAND
    for result in _read(column, urlencode({"user_id": subject}), last_moment):
        if result.subject == subject:
            return result
    return Result(subject, None, None)


def _read(column: GradeColumn, query: str, last_moment: float | None) -> Iterator[Result]:
    """Without a `limit`, on which Moodle 4.5 fails."""
    assert column.line_item is not None
    course = column.course
    service = Service(course.deployment, [RESULT_SCOPE], (column.line_item, course.line_items_url), last_moment)
    url = under(column.line_item, "results")
    for page in service.pages(with_query(url, query) if query else url, accept=RESULTS_TYPE):
        rows = page.json()
        for row in rows if isinstance(rows, list) else []:
            if isinstance(row, dict) and isinstance(row.get("userId"), str):
                yield Result(row["userId"], _number(row.get("resultScore")), _number(row.get("resultMaximum")))


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        number = float(value)
    except OverflowError:  # JSON knows integers that no float can hold.
        return None
    return number if isfinite(number) else None
