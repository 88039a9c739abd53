"""What the page of the class shows beside its summary."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask_babel import format_timedelta

from lti_tool.db import db
from lti_tool.paging import beginning, searched
from quizzes.class_results import ClassResults
from quizzes.reports import live
from quizzes.reports.asked_for import chosen
from quizzes.reports.people import AT_ONCE, Show, Sort, listed, part_of


def given(results: ClassResults) -> Mapping[str, Any]:
    sort, show, search = chosen("sort", Sort.NAME), chosen("show", Show.ALL), searched()
    lines = listed(results, search=search, sort=sort, show=show)
    maximum = next((row.best.maximum for row in results.finished if row.best), None)
    return {
        "part": part_of(db.session, lines, beginning(len(lines), AT_ONCE)),
        "sort": sort,
        "show": show,
        "search": search,
        "lasting": lasting,
        "live": live.figures(db.session, results.quiz, maximum),
    }


def lasting(time: timedelta) -> str:
    """*12 minutes*, *40 seconds*."""
    return str(format_timedelta(time, threshold=1.2))
