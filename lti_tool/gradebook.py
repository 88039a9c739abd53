"""Scores on their way to the LMS (Assignment and Grade Services 2.0): one row per activity and person, newest wins."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import urlencode, urlsplit, urlunsplit

from flask import Flask
from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from lti_tool import clock, outbox
from lti_tool.claims import LINE_ITEM_SCOPE, RESULT_SCOPE, SCORE_SCOPE
from lti_tool.db import Base, db, find_or_create, transaction
from lti_tool.events import GradeChanged
from lti_tool.http import Answer, CallFailed
from lti_tool.models import Course, Enrolment, Person, Placement, Platform
from lti_tool.outbox import Dead, Done, Errand, Later, Outcome, Pause
from lti_tool.quirks import next_stamp
from lti_tool.services import Service, ServiceFailed, failure

log = logging.getLogger(__name__)

SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
RESULTS_TYPE = "application/vnd.ims.lis.v2.resultcontainer+json"
LINE_ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEMS_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"


class Grade(Base):
    """A person's grade for one activity: the newest value, and what the LMS was told last."""

    __tablename__ = "grade"
    __table_args__ = (UniqueConstraint("enrolment_id", "activity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id))
    activity: Mapped[str] = mapped_column(String(128))
    title: Mapped[str]
    score: Mapped[float]
    maximum: Mapped[float]
    comment: Mapped[str] = mapped_column(Text, default="")
    earned: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    stamp: Mapped[datetime | None]
    """The time put on the score when it was last sent; kept before sending, so that a repeat is the same."""
    stamped_version: Mapped[int] = mapped_column(default=0)
    sent_version: Mapped[int] = mapped_column(default=0)
    sent: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(Text, default="")
    """Why the LMS does not have the newest value, for the instructor; empty while all is well."""

    enrolment: Mapped[Enrolment] = relationship()


def init_app(app: Flask) -> None:
    outbox.subscribe(app, GradeChanged, hear)
    outbox.register_carrier(app, "gradebook", GradeCarrier())


def hear(session: Session, event: GradeChanged) -> None:
    """Take over the new value and post a letter for it, inside the announcing transaction."""
    enrolment = session.scalars(
        select(Enrolment)
        .join(Enrolment.person)
        .join(Person.platform)
        .join(Enrolment.course)
        .where(
            Platform.public_id == event.who.platform,
            Person.subject == event.who.subject,
            Course.public_id == event.where.course,
        )
    ).one()
    grade, is_new = find_or_create(
        session,
        Grade,
        {"enrolment_id": enrolment.id, "activity": event.activity},
        title=event.title,
        score=event.score,
        maximum=event.maximum,
        comment=event.comment,
        earned=event.at,
    )
    if not is_new:
        session.refresh(grade, with_for_update=True)
        grade.score, grade.maximum, grade.comment = event.score, event.maximum, event.comment
        grade.title, grade.earned, grade.version = event.title, event.at, grade.version + 1
    if enrolment.is_test:
        return
    lane = f"gradebook:{enrolment.course.platform.public_id}"
    outbox.post(session, lane, {"grade": grade.id}, key=f"grade:{grade.id}")


class GradeCarrier:
    """Sends the newest value of each grade row; sending twice leaves one grade."""

    batch = 6

    def carry(self, errands: Sequence[Errand]) -> Iterator[Outcome]:
        is_silent = ""
        for errand in errands:
            if is_silent:
                # The LMS does not answer at all: the rest of the batch need not find out one by one.
                yield Later(is_silent)
                continue
            try:
                yield _send(errand)
            except ServiceFailed as problem:
                is_silent = str(problem) if problem.status is None else ""
                yield _judge(problem, errand)
            except (CallFailed, ValueError) as problem:
                log.warning("A grade could not be sent: %s", type(problem).__name__)
                yield Later("the LMS answered something that is no answer")


def _judge(problem: ServiceFailed, errand: Errand) -> Outcome:
    _note(errand.body["grade"], str(problem))
    if problem.may_pass:
        return Later(str(problem), problem.retry_after)
    if problem.is_token:
        return Pause(f"{problem}: check the tool's registration and scopes in the LMS, then resume")
    return Dead(str(problem))


def _note(grade_id: int, problem: str) -> None:
    with transaction() as session:
        if (grade := session.get(Grade, grade_id, populate_existing=True)) is not None:
            grade.problem = problem


def _send(errand: Errand) -> Outcome:
    grade, is_repeat = _stamped(errand.body["grade"])
    if grade is None or grade.sent_version == grade.version:
        return Done()
    if grade.stamped_version != grade.version:
        return Later("waits for the next second", 1.0)
    line_item = line_item_for(grade)
    if line_item is None:
        _note(grade.id, "the LMS has no gradebook column for this activity")
        return Later("the LMS has no gradebook column for this activity yet", 600)
    if is_repeat and _may_stand_at_lms(grade, line_item):
        return _has_sent(grade)
    answer = _post_score(grade, line_item)
    if answer.status == 409:
        return _settle_conflict(grade, line_item)
    if not answer.is_ok:
        raise failure(answer)
    return _has_sent(grade)


def _stamped(grade_id: int) -> tuple[Grade | None, bool]:
    """The row with the time its newest value is sent under, fixed before anything leaves the building.

    Also whether that value may have left before: then the LMS is asked what it has, because Canvas takes the same
    score twice for two submissions.
    """
    with transaction() as session:
        grade = session.get(Grade, grade_id, populate_existing=True, with_for_update=True)
        is_repeat = grade is not None and grade.stamped_version == grade.version
        if grade is not None and not is_repeat:
            stamp = next_stamp(grade.earned, grade.stamp)
            if stamp <= clock.now():
                grade.stamp, grade.stamped_version = stamp, grade.version
    return grade, is_repeat


def line_item_for(grade: Grade) -> str | None:
    """The column of this activity: its placement's, else one found by resource id and tag, else a new one."""
    course = grade.enrolment.course
    placed = db.session.scalar(
        select(Placement.line_item)
        .where(
            Placement.course_id == course.id,
            Placement.reference == grade.activity,
            Placement.line_item.is_not(None),
        )
        .order_by(Placement.id)
        .limit(1)
    )
    if placed or not course.line_items_url or LINE_ITEM_SCOPE not in course.line_item_scopes:
        return placed
    return _find_column(course, grade) or _make_column(course, grade)


def _find_column(course: Course, grade: Grade) -> str | None:
    service = Service(course.deployment, [LINE_ITEM_SCOPE], (course.line_items_url,))
    query = urlencode({"resource_id": grade.activity, "tag": _tag(grade)})
    for page in service.pages(_with_query(course.line_items_url or "", query), accept=LINE_ITEMS_TYPE):
        rows = page.json()
        for row in rows if isinstance(rows, list) else []:
            is_ours = (
                isinstance(row, dict) and row.get("resourceId") == grade.activity and row.get("tag") == _tag(grade)
            )
            if is_ours and isinstance(row.get("id"), str):
                return str(row["id"])
    return None


def _make_column(course: Course, grade: Grade) -> str | None:
    service = Service(course.deployment, [LINE_ITEM_SCOPE], (course.line_items_url,))
    body = {
        "label": grade.title,
        "scoreMaximum": grade.maximum,
        "resourceId": grade.activity,
        "tag": _tag(grade),
    }
    answer = service.call(
        "POST",
        course.line_items_url or "",
        accept=LINE_ITEM_TYPE,
        content_type=LINE_ITEM_TYPE,
        body=json.dumps(body).encode(),
    )
    if not answer.is_ok:
        raise failure(answer)
    document = answer.json()
    made = document.get("id") if isinstance(document, dict) else None
    return made if isinstance(made, str) else None


def _tag(grade: Grade) -> str:
    return grade.activity.partition(":")[0]


def _post_score(grade: Grade, line_item: str) -> Answer:
    assert grade.stamp is not None
    service = Service(grade.enrolment.course.deployment, [SCORE_SCOPE], (line_item,))
    return service.call(
        "POST",
        _under(line_item, "scores"),
        accept="application/json",
        content_type=SCORE_TYPE,
        body=json.dumps(score_body(grade)).encode(),
    )


def score_body(grade: Grade) -> dict[str, object]:
    """The score as AGS wants it: FullyGraded, because Moodle erases a grade that is anything less."""
    assert grade.stamp is not None
    body: dict[str, object] = {
        "userId": grade.enrolment.person.subject,
        "scoreGiven": grade.score,
        "scoreMaximum": grade.maximum,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "timestamp": grade.stamp.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    if grade.comment:
        body["comment"] = grade.comment
    return body


def _settle_conflict(grade: Grade, line_item: str) -> Outcome:
    """The LMS has a score as new as ours: ours from before a crash, or another one, over which ours goes."""
    if _stands_at_lms(grade, line_item):
        return _has_sent(grade)
    with transaction() as session:
        current = session.get(Grade, grade.id, populate_existing=True, with_for_update=True)
        if current is not None and current.stamp is not None:
            current.stamp = next_stamp(clock.now(), current.stamp)
    return Later("the LMS already has a score of that second", 1.0)


def _may_stand_at_lms(grade: Grade, line_item: str) -> bool:
    """Whether the LMS has the value already; an LMS that cannot say gets it again, under the same time."""
    try:
        return _stands_at_lms(grade, line_item)
    except (ServiceFailed, CallFailed) as problem:
        if isinstance(problem, ServiceFailed) and problem.may_pass:
            raise
        return False


def _stands_at_lms(grade: Grade, line_item: str) -> bool:
    subject, course = grade.enrolment.person.subject, grade.enrolment.course
    if RESULT_SCOPE not in course.line_item_scopes:
        return False
    service = Service(course.deployment, [RESULT_SCOPE], (line_item,))
    url = _with_query(_under(line_item, "results"), urlencode({"user_id": subject}))
    answer = service.call("GET", url, accept=RESULTS_TYPE)
    if not answer.is_ok:
        raise failure(answer)
    rows = answer.json()
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict) and row.get("userId") == subject:
            given, most = row.get("resultScore"), row.get("resultMaximum") or grade.maximum
            if isinstance(given, (int, float)) and isinstance(most, (int, float)) and most:
                return abs(given / most - grade.score / grade.maximum) < 1e-6
    return False


def _has_sent(grade: Grade) -> Outcome:
    version = grade.stamped_version
    with transaction() as session:
        current = session.get(Grade, grade.id, populate_existing=True, with_for_update=True)
        assert current is not None
        current.sent_version, current.sent, current.problem = version, clock.now(), ""
        is_newest = current.version == version
    return Done() if is_newest else Later("a newer value came in while this one was sent", 0.0)


def _under(line_item: str, name: str) -> str:
    """`/scores` or `/results` of a line item: before its query, which Moodle's addresses have."""
    parts = urlsplit(line_item)
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + "/" + name))


def _with_query(url: str, query: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=f"{parts.query}&{query}" if parts.query else query))
