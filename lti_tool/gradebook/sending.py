"""Grades on their way to the LMS: the newest value of each row, sent until the LMS has it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlalchemy import select, update

from lti_tool import clock, quirks
from lti_tool.claims import SCORE_SCOPE
from lti_tool.db import db, transaction
from lti_tool.gradebook import columns, comparing, mending, results, scores
from lti_tool.gradebook.columns import ColumnBusy
from lti_tool.gradebook.models import ColumnState, Grade, GradeColumn, Trouble
from lti_tool.gradebook.results import Result
from lti_tool.gradebook.scores import Sending
from lti_tool.outbox import Dead, Done, Errand, Later, Outcome, Pause
from lti_tool.outgoing.http import Answer, CallFailed
from lti_tool.outgoing.services import ScopeNotGranted, ServiceFailed, failure

log = logging.getLogger(__name__)

MOST_TRIES = 2
"""How often a score leaves under one stamp with its fate unknown; after that it gets a new one."""
MOST_CLASHES = 5
LOOKS_LOCKED_AFTER = 2
"""Failed deliveries after which an LMS that answers everything but this score is taken to have it locked."""
LOOKS_LOCKED = "the column, or this grade in it, is probably locked"
LOCKED_WAIT, LOCKED_FOR = 3600.0, timedelta(days=14)

WHY_NO_COLUMN = {
    ColumnState.NONE: (Trouble.NO_COLUMN, "the LMS has no gradebook column for this activity"),
    ColumnState.UNWANTED: (Trouble.UNWANTED, "the activity was placed as ungraded"),
    ColumnState.DELETED: (Trouble.DELETED, "the gradebook column was deleted in the LMS"),
    ColumnState.FORBIDDEN: (Trouble.NO_PERMISSION, "the LMS does not let this tool enter grades"),
}


class GradeCarrier:
    """Sends the newest value of each grade row; sending twice leaves one grade."""

    batch = 6

    def carry(self, errands: Sequence[Errand]) -> Iterator[Outcome]:
        is_silent = ""
        for errand in errands:
            if "column" in errand.body:
                yield mending.spread(errand.body["column"])
                continue
            if is_silent:
                # The LMS does not answer at all: the rest of the batch need not find out one by one.
                yield Later(is_silent)
                continue
            try:
                yield _send(errand)
            except ServiceFailed as problem:
                is_silent = str(problem) if problem.status is None else ""
                yield judge(problem, errand)
            except ColumnBusy as busy:
                yield Later(str(busy), busy.seconds)
            except (CallFailed, ValueError) as problem:
                log.warning("A grade could not be sent: %s", type(problem).__name__)
                yield Later("the LMS answered something that is no answer")


def judge(problem: ServiceFailed, errand: Errand) -> Outcome:
    """What a failed call means for the grade it was about."""
    if isinstance(problem, ScopeNotGranted) or (problem.status == 401 and not problem.is_token):
        return _forbid(errand.body["grade"], str(problem))
    if problem.may_pass:
        _note(errand.body["grade"], Trouble.NO_ANSWER, str(problem))
        return Later(str(problem), problem.retry_after)
    if problem.is_token:
        _note(errand.body["grade"], Trouble.NO_ANSWER, str(problem))
        return Pause(f"{problem}: check the tool's registration and scopes in the LMS, then resume")
    return _give_up(errand.body["grade"], Trouble.REFUSED, str(problem), was_refused=True)


def _forbid(grade_id: int, problem: str) -> Outcome:
    """Nothing goes into this column any more until a launch or an instructor says that it may: no grade asks again."""
    grade = db.session.get_one(Grade, grade_id, populate_existing=True)
    column = column_of(grade)
    with transaction() as session:
        session.execute(update(GradeColumn).where(GradeColumn.id == column.id).values(state=ColumnState.FORBIDDEN))
    return _give_up(grade_id, Trouble.NO_PERMISSION, problem)


def _give_up(grade_id: int, trouble: Trouble, problem: str, *, was_refused: bool = False) -> Outcome:
    _note(grade_id, trouble, problem, was_refused=was_refused)
    column = column_of(db.session.get_one(Grade, grade_id))
    _tell(logging.WARNING, trouble.value, column, f" detail={problem}")
    return Dead(problem)


def _tell(level: int, verdict: str, column: GradeColumn, rest: str = "") -> None:
    """What became of a score, in one line: which column it was for, and never whose it is or how good."""
    log.log(level, "grade verdict=%s course=%s column=%s%s", verdict, column.course.public_id, column.public_id, rest)


def _note(grade_id: int, trouble: Trouble, problem: str, *, was_refused: bool = False) -> None:
    """Where the LMS refused the value itself, its fate is known: it did not arrive."""
    with transaction() as session:
        if (grade := session.get(Grade, grade_id, populate_existing=True)) is not None:
            grade.trouble, grade.problem = trouble, problem
            if was_refused:
                grade.tries = 0


def _send(errand: Errand) -> Outcome:
    grade = db.session.get(Grade, errand.body["grade"], populate_existing=True)
    if grade is None or grade.has_arrived or grade.enrolment.is_test:
        return Done()
    if not grade.is_sendable:
        return _give_up(grade.id, Trouble.INVALID, "no grade: below 0, over its maximum, or no number")
    column = column_of(grade)
    if not may_enter(column):
        return _forbid(grade.id, WHY_NO_COLUMN[ColumnState.FORBIDDEN][1])
    column = columns.ready(column)
    if column.line_item is None or column.state in WHY_NO_COLUMN:
        return _park(grade, column)
    known = _asked_first(grade, column)
    if known is not None and grade.is_shown_as(known.score, known.maximum):
        return _has_sent(Sending.of(grade, is_new_submission=False), column)
    sending = _stamped(grade.id, known)
    if sending is None:
        return Later("waits for the next second", 1.0)
    return _judged(scores.post(sending, column), sending, column, errand)


def may_enter(column: GradeColumn) -> bool:
    """Whether the newest launch allows scores; an LMS that offers no gradebook at all forbids nothing."""
    has_gradebook = column.line_item is not None or bool(column.course.line_items_url)
    return not has_gradebook or SCORE_SCOPE in column.course.line_item_scopes


def column_of(grade: Grade) -> GradeColumn:
    return db.session.scalars(
        select(GradeColumn)
        .where(GradeColumn.course_id == grade.enrolment.course_id, GradeColumn.activity == grade.activity)
        .execution_options(populate_existing=True)
    ).one()


def _park(grade: Grade, column: GradeColumn) -> Outcome:
    """Nothing to do until a person or a launch changes what the column is; `mending` posts the letter again."""
    trouble, problem = WHY_NO_COLUMN[column.state]
    _note(grade.id, trouble, problem)
    return Done()


def _asked_first(grade: Grade, column: GradeColumn) -> Result | None:
    """What the LMS shows, where our value may have left before; None where it need not or cannot be asked."""
    if not grade.may_have_left or not results.are_readable(column):
        return None
    try:
        return results.of_one(column, grade.enrolment.person.subject)
    except ServiceFailed as problem:
        if problem.may_pass:
            raise
    except CallFailed:
        pass
    return None


def _stamped(grade_id: int, known: Result | None) -> Sending | None:
    """The newest value with the time it is sent under, fixed before anything leaves; None if that lies ahead."""
    at = clock.now()
    with transaction() as session:
        grade = session.get_one(Grade, grade_id, populate_existing=True, with_for_update=True)
        is_new = _is_new_submission(grade, known)
        if grade.stamped_version != grade.version or grade.tries >= MOST_TRIES:
            wanted = at if grade.stamped_version == grade.version else min(grade.earned, at)
            if (stamp := quirks.next_stamp(wanted, grade.stamp)) > at:
                return None
            grade.stamp, grade.stamped_version, grade.tries = stamp, grade.version, 0
        if grade.stamp is None or grade.stamp > at:
            return None
        grade.tries += 1
        return Sending.of(grade, is_new_submission=is_new)


def _is_new_submission(grade: Grade, known: Result | None) -> bool:
    """Whether the LMS has not heard of this attempt; where that is uncertain it counts as known, for Canvas's sake."""
    if grade.may_have_left:
        if known is None:
            return False
        shown = None if known.score is None else known.score / (known.maximum or grade.maximum)
        was = grade.sent_share
        is_untouched = shown is was is None or (
            shown is not None and was is not None and abs(shown - was) < quirks.ROUNDING
        )
        if not is_untouched:
            return False
    return grade.sent is None or grade.attempt != grade.told_attempt


def _judged(answer: Answer, sending: Sending, column: GradeColumn, errand: Errand) -> Outcome:
    if answer.is_ok:
        return _has_sent(sending, column)
    family = column.course.platform.family
    if quirks.is_clash(family, answer.status, is_restamped=sending.stamp > sending.earned):
        return _settle_clash(sending, column, errand)
    if answer.status in columns.GONE and columns.is_gone(column):
        return _after_loss(column)
    if answer.status == 403 and _is_here(sending.grade):
        # The token was taken, and who left would get 403 on some platforms, but this learner stands in the roster.
        return _give_up(sending.grade, Trouble.LOCKED, f"{failure(answer)}: {LOOKS_LOCKED}", was_refused=True)
    if answer.status == 500 and errand.attempts >= LOOKS_LOCKED_AFTER and _answers_otherwise(column, sending):
        return _locked(sending, errand)
    raise failure(answer)


def _is_here(grade_id: int) -> bool:
    return db.session.get_one(Grade, grade_id).enrolment.is_active


def _settle_clash(sending: Sending, column: GradeColumn, errand: Errand) -> Outcome:
    """The LMS has a score as new as ours: ours from before a crash, or another one, over which ours goes."""
    shown = results.of_one(column, sending.subject) if results.are_readable(column) else None
    if errand.attempts >= MOST_CLASHES:
        raise ServiceFailed("the LMS holds a score of a later time than now", 409)
    with transaction() as session:
        grade = session.get_one(Grade, sending.grade, populate_existing=True, with_for_update=True)
        stands = (
            shown is not None and grade.version == sending.version and grade.is_shown_as(shown.score, shown.maximum)
        )
        if not stands and grade.stamp is not None:
            grade.stamp, grade.tries = quirks.next_stamp(clock.now(), grade.stamp), 1
    return _has_sent(sending, column) if stands else Later("the LMS already has a score of that second", 1.0)


def _after_loss(column: GradeColumn) -> Outcome:
    """The column was deleted: its grades go into another one that is this activity's, or wait for an instructor."""
    found = mending.after_loss(column)
    return Later("the column was deleted; another one was found", 0.0) if found.line_item else Done()


def _answers_otherwise(column: GradeColumn, sending: Sending) -> bool:
    """Whether an LMS that fails on this score is well for the rest. Moodle 4.5 fails so on a locked column."""
    if not results.are_readable(column):
        return False
    try:
        results.of_one(column, sending.subject)
    except (ServiceFailed, CallFailed):
        return False
    return True


def _locked(sending: Sending, errand: Errand) -> Outcome:
    problem = f"the LMS fails on this score alone: {LOOKS_LOCKED}"
    if clock.now() - errand.created > LOCKED_FOR:
        return _give_up(sending.grade, Trouble.LOCKED, problem)
    _note(sending.grade, Trouble.LOCKED, problem)
    return Later(problem, LOCKED_WAIT)


def _has_sent(sending: Sending, column: GradeColumn) -> Outcome:
    with transaction() as session:
        grade = session.get_one(Grade, sending.grade, populate_existing=True, with_for_update=True)
        grade.sent_version, grade.sent, grade.tries = sending.version, clock.now(), 0
        grade.sent_share, grade.told_attempt = sending.score / sending.maximum, sending.attempt
        grade.trouble, grade.problem = Trouble.NOTHING, ""
        is_newest = grade.has_arrived
        comparing.arrange(session, column)
    _tell(logging.INFO, "sent", column)
    return Done() if is_newest else Later("a newer value came in while this one was sent", 0.0)
