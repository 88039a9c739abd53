"""One score on the wire (Assignment and Grade Services 2.0, section 3.4)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

from lti_tool import quirks
from lti_tool.claims import SCORE_SCOPE
from lti_tool.gradebook.models import Grade, GradeColumn
from lti_tool.outgoing.http import Answer
from lti_tool.outgoing.services import Service

SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"


@dataclass(frozen=True, kw_only=True)
class Sending:
    """What is sent of a grade, fixed before it leaves: the row may change meanwhile."""

    grade: int
    version: int
    subject: str
    score: float
    maximum: float
    comment: str
    attempt: str
    earned: datetime
    stamp: datetime
    is_new_submission: bool

    @classmethod
    def of(cls, grade: Grade, *, is_new_submission: bool) -> Sending:
        assert grade.stamp is not None
        return cls(
            grade=grade.id,
            version=grade.version,
            subject=grade.enrolment.person.subject,
            score=grade.score,
            maximum=grade.maximum,
            comment=grade.comment,
            attempt=grade.attempt,
            earned=grade.earned,
            stamp=grade.stamp,
            is_new_submission=is_new_submission,
        )


def body_of(sending: Sending, family: str) -> dict[str, object]:
    """The score as AGS wants it: FullyGraded always, because Moodle erases a grade that is anything less.

    For the same reason progress (Started, InProgress) is never sent: no LMS gains by it, and Moodle loses by it.
    """
    body: dict[str, object] = {
        "userId": sending.subject,
        "scoreGiven": sending.score,
        "scoreMaximum": sending.maximum,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "timestamp": quirks.stamp_text(sending.stamp),
        **quirks.submission(family, is_new=sending.is_new_submission, submitted=sending.earned),
    }
    if sending.comment:
        body["comment"] = sending.comment
    return body


def post(sending: Sending, column: GradeColumn) -> Answer:
    """Send it into its column. Raises ServiceFailed if no token is to be had or no answer came."""
    assert column.line_item is not None
    course = column.course
    service = Service(course.deployment, [SCORE_SCOPE], (column.line_item, course.line_items_url))
    return service.call(
        "POST",
        under(column.line_item, "scores"),
        accept="application/json",
        content_type=SCORE_TYPE,
        body=json.dumps(body_of(sending, course.platform.family), allow_nan=False).encode(),
    )


def under(line_item: str, name: str) -> str:
    """`/scores` or `/results` of a line item: before its query, which Moodle's addresses have."""
    parts = urlsplit(line_item)
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + "/" + name))


def with_query(url: str, query: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=f"{parts.query}&{query}" if parts.query else query))
