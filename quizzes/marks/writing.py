"""Many answers get other marks at once: written in bulk, and told as if each had been marked by itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session, joinedload

from lti_tool import outbox
from lti_tool.db import table
from lti_tool.events import Event
from lti_tool.models import Enrolment, Person
from quizzes import closing
from quizzes.marking import mark_of
from quizzes.marks import telling
from quizzes.marks.finding import Learner, learners_changed
from quizzes.marks.judging import Change
from quizzes.marks.models import Grading, RegradeRun, Source
from quizzes.marks.sums import Sum, blocks, recounted, sums_by_row
from quizzes.models import Answer, Attempt
from quizzes.queries import hold_learners
from quizzes.questions import Question, QuestionVersion
from quizzes.reports import keeping


def hold(session: Session, attempts: Sequence[int]) -> None:
    """Nobody else marks or closes attempts of these learners until the caller commits.

    All that follows them comes afterwards and in one order: grades, then sums. Who marks by hand goes the same way, so
    nobody waits for somebody who waits for them.
    """
    learners = {
        learner
        for block in blocks(attempts)
        for learner in session.scalars(select(Attempt.enrolment_id).where(Attempt.id.in_(block)))
    }
    for block in blocks(sorted(learners)):
        hold_learners(session, Enrolment.id.in_(block))
    for block in blocks(attempts):
        session.execute(select(Attempt.id).where(Attempt.id.in_(block)).order_by(Attempt.id).with_for_update())


def write(
    session: Session, run: RegradeRun, changes: Iterable[Change], *, source: Source, by: int, at: datetime
) -> tuple[int, list[Learner]]:
    """Let answers of some held attempts have these marks, and tell whoever is concerned.

    How many answers it changed, and whose grades are concerned. Written down and told in the order of attempts and
    answers, in whatever order a database has found them. The caller commits.
    """
    wanted = sorted(changes, key=lambda change: (change.attempt, change.answer))
    before = sums_by_row(session, {change.attempt for change in wanted})
    after = recounted(session, before, wanted)
    made = [change for change in wanted if change.attempt in after]
    if not made:
        return 0, []
    learners = learners_changed(session, run.quiz, after)
    _store(session, run, made, after.values(), source=source, by=by, at=at)
    _tell(session, run, made, before, after, learners, at=at)
    for block in blocks(sorted(after)):
        keeping.follow(session, run.quiz_id, block)
    return len(made), learners


def _store(
    session: Session,
    run: RegradeRun,
    changes: Sequence[Change],
    sums: Iterable[Sum],
    *,
    source: Source,
    by: int,
    at: datetime,
) -> None:
    shared = {
        "source": source,
        "comment": "",
        "rubric": {},
        "reason": run.reason,
        "by_id": by,
        "run_id": run.id,
        "at": at,
    }
    session.execute(
        insert(table(Grading)),
        [
            {
                "answer_id": each.answer,
                "fraction": each.fraction,
                "maximum": each.maximum,
                "was_fraction": each.was_fraction,
                "was_maximum": each.was_maximum,
                **shared,
            }
            for each in changes
        ],
    )
    _update(
        session,
        table(Answer),
        [
            {
                "row": each.answer,
                "fraction": each.fraction,
                "mark": mark_of(each.fraction, each.maximum),
                "maximum": each.maximum,
            }
            for each in changes
        ],
    )
    _update(
        session,
        table(Attempt),
        [{"row": each.id, "raw": each.raw, "maximum": each.maximum, "unmarked": each.unmarked} for each in sums],
    )


def _update(session: Session, where: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    names = [name for name in rows[0] if name != "row"]
    renamed: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    session.execute(
        update(where).where(where.c.id == bindparam("row")).values(renamed),
        [{"row": row["row"], **{f"new_{name}": row[name] for name in names}} for row in rows],
    )


def _tell(
    session: Session,
    run: RegradeRun,
    changes: Sequence[Change],
    before: Mapping[int, Sum],
    after: Mapping[int, Sum],
    learners: Iterable[Learner],
    *,
    at: datetime,
) -> None:
    """Of preview students nothing is told."""
    marked = [change.answer for change in changes if change.fraction != change.was_fraction]
    attempts = _with_changed(session, after, marked)
    news: list[Event] = []
    completed = set()
    for attempt, answers in attempts:
        is_complete = attempt.is_marked and not before[attempt.id].is_marked
        if is_complete:
            completed.add(attempt.enrolment_id)
        news.append(attempt.marked(answers, is_complete=is_complete, at=at))
    people = _people(session, [each.enrolment for each in learners])
    for each in learners:
        if (who := people.get(each.enrolment)) is not None:
            is_complete = who.id in completed
            news += closing.news_of(run.quiz, who, each.before, each.after, is_complete=is_complete, at=at)
    outbox.announce_all(session, news)
    for attempt, _answers in attempts:
        if attempt.is_marked:
            telling.tell_marked(session, attempt, is_first=not before[attempt.id].is_marked, at=at)


def _with_changed(
    session: Session, rows: Collection[int], answers: Sequence[int]
) -> list[tuple[Attempt, list[Answer]]]:
    """The attempts as they are now, each with those of its answers that have other marks."""
    found: dict[int, tuple[Attempt, list[Answer]]] = {}
    for block in blocks(sorted(rows)):
        wanted = (
            select(Attempt)
            .join(Attempt.enrolment)
            .where(Attempt.id.in_(block), ~Enrolment.is_test)
            .options(joinedload(Attempt.enrolment).joinedload(Enrolment.person).joinedload(Person.platform))
            .order_by(Attempt.id)
            .execution_options(populate_existing=True)
        )
        found |= {attempt.id: (attempt, []) for attempt in session.scalars(wanted)}
    for block in blocks(answers):
        wanted_answers = (
            select(Answer)
            .where(Answer.id.in_(block))
            .options(joinedload(Answer.version).joinedload(QuestionVersion.question).joinedload(Question.bank))
            .order_by(Answer.attempt_id, Answer.place)
            .execution_options(populate_existing=True)
        )
        for answer in session.scalars(wanted_answers):
            if answer.attempt_id in found:
                found[answer.attempt_id][1].append(answer)
    return list(found.values())


def _people(session: Session, rows: Sequence[int]) -> dict[int, Enrolment]:
    found: dict[int, Enrolment] = {}
    for block in blocks(sorted(rows)):
        wanted = select(Enrolment).where(Enrolment.id.in_(block), ~Enrolment.is_test)
        loaded = wanted.options(joinedload(Enrolment.person).joinedload(Person.platform))
        found |= {each.id: each for each in session.scalars(loaded)}
    return found
