"""What each platform does with a score that arrives. No web, no database: plain values in, a ruling out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import isfinite
from typing import Any

from campus.people import Enrolment, Role, Status

ACTIVITY_PROGRESS = {"Initialized", "Started", "InProgress", "Submitted", "Completed"}
CANVAS_SUBMISSION = "https://canvas.instructure.com/lti/submission"
GRADING_PROGRESS = {"FullyGraded", "Pending", "PendingManual", "Failed", "NotReady"}


class Effect(StrEnum):
    """What an accepted score did to the gradebook."""

    GRADED = "graded"
    CLEARED = "cleared"
    NOTED = "noted"
    """The progress changed, the grade did not."""
    IGNORED = "ignored"
    KEPT = "kept"
    """Accepted, but a teacher has set the grade by hand, and that stays."""
    REPEATED = "repeated"
    """The same score under the same time again: accepted, and nothing changed."""


class ScoreRefused(Exception):
    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True)
class Standing:
    """What the gradebook cell holds so far: the newest stamp and the body that brought it."""

    stamp: datetime
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Ruling:
    effect: Effect
    stamp: datetime
    score: float | None = None
    """In points of the line item's own maximum; None where there is none."""


Rule = Callable[[Mapping[str, Any], Enrolment | None, Standing | None, float], Ruling]


def judge_strictly(
    body: Mapping[str, Any], seat: Enrolment | None, standing: Standing | None, maximum: float
) -> Ruling:
    """The specification read closely (AGS 2.0, 3.4)."""
    stamp = _stamp(body, 400)
    if "." not in str(body["timestamp"]):
        raise ScoreRefused(400, "timestamp has no sub-second part")
    _vocabulary(body, "activityProgress", ACTIVITY_PROGRESS)
    _vocabulary(body, "gradingProgress", GRADING_PROGRESS)
    given = _strict_given(body)
    if seat is None or not seat.is_active:
        raise ScoreRefused(404, "userId is nobody in this course")
    if not seat.role.is_graded:
        raise ScoreRefused(422, f"userId is no learner but {seat.role}")
    if standing is not None:
        if stamp < standing.stamp:
            raise ScoreRefused(409, "timestamp is older than that of the stored score")
        if stamp == standing.stamp:
            if dict(body) == dict(standing.body):
                return Ruling(Effect.REPEATED, stamp)
            raise ScoreRefused(409, "another score has this timestamp already")
    if body["gradingProgress"] != "FullyGraded":
        return Ruling(Effect.NOTED, stamp)
    if given is None:
        return Ruling(Effect.CLEARED, stamp)
    return Ruling(Effect.GRADED, stamp, given / float(body["scoreMaximum"]) * maximum)


def judge_like_moodle(
    body: Mapping[str, Any], seat: Enrolment | None, standing: Standing | None, maximum: float
) -> Ruling:
    """As seen in Moodle 4.5.6: whole seconds count, and anything but a full grade erases the grade."""
    for name in ("userId", "activityProgress", "gradingProgress"):
        if not body.get(name):
            raise ScoreRefused(400, f"{name} is missing")
    stamp = _stamp(body, 400)
    is_here = seat is not None and seat.status != Status.GONE
    # The non-editing teacher is a learner to Moodle's services, but holds no gradable role.
    if seat is None or not is_here or seat.role in (Role.INSTRUCTOR, Role.ASSISTANT):
        raise ScoreRefused(400, "userId cannot be graded in this course")
    if standing is not None and int(stamp.timestamp()) <= int(standing.stamp.timestamp()):
        raise ScoreRefused(409, "timestamp, cut to whole seconds, is not newer than that of the stored score")
    given = _number(body.get("scoreGiven"))
    if body["gradingProgress"] != "FullyGraded" or given is None:
        return Ruling(Effect.CLEARED, stamp)
    most = _number(body.get("scoreMaximum"))
    if not most or most <= 0:
        raise ScoreRefused(400, "scoreMaximum is missing")
    return Ruling(Effect.GRADED, stamp, min(max(given / most, 0.0), 1.0) * maximum)


def judge_like_canvas(
    body: Mapping[str, Any], seat: Enrolment | None, standing: Standing | None, maximum: float
) -> Ruling:
    """As Canvas's source reads: equal times are taken again, unfinished grading leaves the grade alone."""
    for name in ("userId", "activityProgress", "gradingProgress"):
        if not body.get(name):
            raise ScoreRefused(400, f"{name} is missing")
    stamp = _stamp(body, 400)
    if seat is None or not seat.is_active or not seat.role.is_graded:
        raise ScoreRefused(422, "User not found in course or is not a student")
    if standing is not None and stamp < standing.stamp:
        raise ScoreRefused(400, "timestamp is older than that of the stored result")
    if body["gradingProgress"] in ("NotReady", "Failed", "Pending"):
        return Ruling(Effect.IGNORED, stamp)
    given, most = _number(body.get("scoreGiven")), _number(body.get("scoreMaximum"))
    if given is None:
        return Ruling(Effect.CLEARED, stamp)
    if not most or most <= 0:
        raise ScoreRefused(422, "scoreMaximum must come with scoreGiven")
    return Ruling(Effect.GRADED, stamp, given / most * maximum)


def keeps_override(flavor: str, body: Mapping[str, Any]) -> bool:
    """Whether a grade set by hand outranks this score: on Canvas only if the tool itself says so."""
    told = body.get(CANVAS_SUBMISSION)
    return flavor != "canvas" or (isinstance(told, Mapping) and told.get("prioritize_non_tool_grade") is True)


LOCKED = {"moodle": 500, "strict": 403}
"""What a score for a locked column gets. Moodle 4.5 fails; on Canvas no column is locked for tools."""

RULES: Mapping[str, Rule] = {
    "strict": judge_strictly,
    "moodle": judge_like_moodle,
    "canvas": judge_like_canvas,
}


def _stamp(body: Mapping[str, Any], status: int) -> datetime:
    text = body.get("timestamp")
    try:
        stamp = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        stamp = None
    if stamp is None:
        raise ScoreRefused(status, "timestamp is missing or not ISO 8601")
    if stamp.tzinfo is None:
        raise ScoreRefused(status, "timestamp has no time zone")
    return stamp


def _vocabulary(body: Mapping[str, Any], name: str, words: set[str]) -> None:
    if body.get(name) not in words:
        raise ScoreRefused(400, f"{name} is not one of {', '.join(sorted(words))}")


def _strict_given(body: Mapping[str, Any]) -> float | None:
    if not isinstance(body.get("userId"), str):
        raise ScoreRefused(400, "userId is not text")
    if "scoreGiven" not in body:
        return None
    given, most = body["scoreGiven"], body.get("scoreMaximum")
    if isinstance(given, bool) or not isinstance(given, int | float) or not isfinite(given) or given < 0:
        raise ScoreRefused(400, "scoreGiven is not a number of 0 or more")
    if isinstance(most, bool) or not isinstance(most, int | float) or not isfinite(most) or most <= 0:
        raise ScoreRefused(400, "scoreGiven comes without a scoreMaximum above 0")
    return float(given)


def _number(value: object) -> float | None:
    """A finite number, also from numeric text, which Moodle takes."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if isfinite(number) else None
