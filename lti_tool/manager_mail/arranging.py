"""What an instructor's page shows of each learner's report, whatever is reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lti_tool.manager_mail.standing import Obstacle, ReportToManager
from lti_tool.paging import beginning

AT_ONCE = 50


def part_of(lines: Sequence[tuple[ReportToManager, Obstacle | None]]) -> Mapping[str, Any]:
    """Those who stand on this page, each with what stands against their report, and sums of all."""
    first = beginning(len(lines), AT_ONCE)
    obstacles = [obstacle for _learner, obstacle in lines]
    return {
        "lines": lines[first : first + AT_ONCE],
        "found": len(lines),
        "first": first,
        "at_once": AT_ONCE,
        "without_manager": obstacles.count(Obstacle.NO_MANAGER),
        "may_go": obstacles.count(None),
    }
