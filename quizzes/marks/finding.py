"""What marking anew would change: of which answers, and of whose grades. Nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, Text, cast, func, select
from sqlalchemy.orm import Session, aliased

from lti_tool.db import table
from lti_tool.models import Enrolment
from quizzes import closing
from quizzes.grading import Grade
from quizzes.marks.judging import Change, Judge, Policy, Stays, Target, Was
from quizzes.marks.models import Grading, RegradeRun, Source
from quizzes.marks.sums import Sum, blocks, recounted, sums_by_row, sums_of
from quizzes.models import Answer, Attempt, Quiz
from quizzes.questions import QuestionVersion

MOST_NAMED = 200
"""People whose change is listed one by one."""
Report = Callable[[int, int], None]


@dataclass
class Found:
    """The changes of some attempts, and how many answers stay for which reason."""

    changes: list[Change] = field(default_factory=list)
    stays: Counter[Stays] = field(default_factory=Counter)


@dataclass(frozen=True)
class Looking:
    """How a run is looked through."""

    judge: Judge
    versions: Collection[int]
    """Of which some answer may change, or has a reason to stay. The others need not be looked at one by one."""

    @classmethod
    def at(cls, session: Session, run: RegradeRun) -> Looking:
        judge = _judge_of(session, run)
        return cls(judge, _touched(session, run, judge))


def _judge_of(session: Session, run: RegradeRun) -> Judge:
    """By the newest versions there are of what was asked."""
    asked, newest = aliased(QuestionVersion), aliased(QuestionVersion)
    last = select(func.max(QuestionVersion.n)).where(QuestionVersion.question_id == asked.question_id)
    wanted = (
        select(asked.id, asked.kind, asked.maximum, newest)
        .join(newest, newest.question_id == asked.question_id)
        .where(newest.n == last.scalar_subquery(), asked.id.in_(_versions_asked(run)))
    )
    targets = {
        version: Target(new.kind, new.body, kind, maximum, new.maximum)
        for version, kind, maximum, new in session.execute(wanted)
    }
    return Judge(Policy(run.policy), targets, run.worth)


def _versions_asked(run: RegradeRun) -> Select[int]:
    asked = select(Answer.version_id).join(Answer.attempt).where(Attempt.quiz_id == run.quiz_id)
    if run.question_id is not None:
        asked = asked.where(Answer.version_id.in_(_versions(run.question_id)))
    return asked.distinct()


def _versions(question: int) -> Select[int]:
    return select(QuestionVersion.id).where(QuestionVersion.question_id == question)


def concerned(session: Session, run: RegradeRun) -> Sequence[int]:
    """The closed attempts it is about that are not done yet, by row."""
    wanted = select(Attempt.id).where(
        Attempt.quiz_id == run.quiz_id, Attempt.submitted.is_not(None), Attempt.id > run.done
    )
    if run.question_id is not None:
        theirs = select(Answer.attempt_id).where(Answer.version_id.in_(_versions(run.question_id)))
        wanted = wanted.where(Attempt.id.in_(theirs))
    return session.scalars(wanted.order_by(Attempt.id)).all()


def _touched(session: Session, run: RegradeRun, judge: Judge) -> Collection[int]:
    """What was answered, and what it earned, repeats itself: each is asked for once, however many there are."""
    here, theirs = table(Answer), table(Attempt)
    is_here = [theirs.c.quiz_id == run.quiz_id, theirs.c.submitted.is_not(None)]
    if run.question_id is not None:
        is_here.append(here.c.version_id.in_(_versions(run.question_id)))
    answers = here.join(theirs, theirs.c.id == here.c.attempt_id)
    different = select(here.c.version_id, cast(here.c.response, Text), here.c.fraction, here.c.maximum)
    different = different.select_from(answers).where(*is_here)
    marked = answers.join(table(Grading), table(Grading).c.answer_id == here.c.id)
    by_hand = select(here.c.version_id).select_from(marked).where(*is_here, table(Grading).c.source == Source.HAND)
    found = set(session.scalars(by_hand.distinct()))
    for version, response, fraction, maximum in session.execute(different.distinct()):
        if version not in found and judge.change(Was(0, 0, version, response, fraction, maximum), is_by_hand=False):
            found.add(version)
    return found


def find(session: Session, run: RegradeRun, looking: Looking, attempts: Sequence[int]) -> Found:
    """What it changes in these attempts, which follow one another."""
    # Of the tables: there may be a million, and the session's bookkeeping costs more than marking them.
    here, theirs = table(Answer), table(Attempt)
    is_here = (
        theirs.c.quiz_id == run.quiz_id,
        theirs.c.submitted.is_not(None),
        theirs.c.id.between(attempts[0], attempts[-1]),
    )
    wanted = (
        select(
            *(here.c.id, here.c.attempt_id, here.c.version_id),
            *(cast(here.c.response, Text), here.c.fraction, here.c.maximum),
        )
        .join(theirs, theirs.c.id == here.c.attempt_id)
        .where(*is_here, here.c.version_id.in_(looking.versions))
    )
    by_hand = set(
        session.scalars(
            select(Grading.answer_id)
            .join(here, here.c.id == Grading.answer_id)
            .join(theirs, theirs.c.id == here.c.attempt_id)
            .where(*is_here, Grading.source == Source.HAND)
        )
    )
    found = Found()
    for row in session.execute(wanted):
        change = looking.judge.change(Was(*row), is_by_hand=row[0] in by_hand)
        if isinstance(change, Change):
            found.changes.append(change)
        elif change is not None:
            found.stays[change] += 1
    return found


@dataclass(frozen=True)
class Learner:
    """How the grade of one learner changes."""

    enrolment: int
    before: Grade | None
    after: Grade | None

    @property
    def is_changed(self) -> bool:
        return _numbers(self.before) != _numbers(self.after)

    @property
    def is_first(self) -> bool:
        return self.before is None and self.after is not None

    @property
    def is_none_any_more(self) -> bool:
        return self.before is not None and self.after is None


def _numbers(grade: Grade | None) -> list[float] | None:
    return [grade.raw, grade.maximum] if grade else None


def foresee(session: Session, run: RegradeRun, report: Report) -> dict[str, Any]:
    """What it would change, in numbers and for those it changes most."""
    looking, attempts = Looking.at(session, run), concerned(session, run)
    quiz, found, answers = run.quiz, Found(), 0
    after: dict[int, Sum] = {}
    for done, block in enumerate(blocks(attempts)):
        report(done * len(block), len(attempts))
        here = find(session, run, looking, block)
        found.stays += here.stays
        sums = recounted(session, sums_by_row(session, {change.attempt for change in here.changes}), here.changes)
        answers += sum(change.attempt in sums for change in here.changes)
        after |= sums
    people = learners_changed(session, quiz, after)
    return {
        "answers": answers,
        "attempts": len(after),
        "kept": found.stays[Stays.MARKED_BY_PEOPLE],
        "unfit": found.stays[Stays.UNFIT],
        **told(quiz, people, _people(session, attempts)),
    }


def learners_changed(session: Session, quiz: Quiz, after: Mapping[int, Sum]) -> list[Learner]:
    """Everybody some of whose attempts get other sums, with what counts before and after; in order of their rows."""
    changed = []
    for enrolment, sums in sorted(sums_of(session, quiz, {each.enrolment for each in after.values()}).items()):
        before = closing.grade_in(quiz, sums)
        changed.append(Learner(enrolment, before, closing.grade_in(quiz, [after.get(each.id, each) for each in sums])))
    return changed


def _people(session: Session, attempts: Sequence[int]) -> int:
    found: set[int] = set()
    for block in blocks(attempts):
        found.update(session.scalars(select(Attempt.enrolment_id).where(Attempt.id.in_(block)).distinct()))
    return len(found)


def told(quiz: Quiz, people: Iterable[Learner], concerned: int) -> dict[str, Any]:
    """Who goes up and down, in numbers; those who fall from passing or rise to it come first in the list."""
    changed = [each for each in people if each.is_changed]
    up = sum(_share(each.after) > _share(each.before) for each in changed)
    passed = [each for each in changed if _passes(quiz, each.after) and not _passes(quiz, each.before)]
    failed = [each for each in changed if _passes(quiz, each.before) and not _passes(quiz, each.after)]
    turned = {each.enrolment for each in (*passed, *failed)}
    listed = sorted(changed, key=lambda each: (each.enrolment not in turned, each.enrolment))[:MOST_NAMED]
    return {
        "up": up,
        "down": sum(_share(each.after) < _share(each.before) for each in changed),
        "passed": len(passed),
        "failed": len(failed),
        "unchanged": concerned - len(changed),
        "people": [[each.enrolment, _numbers(each.before), _numbers(each.after)] for each in listed],
    }


def _share(grade: Grade | None) -> float:
    return grade.share if grade else 0.0


def _passes(quiz: Quiz, grade: Grade | None) -> bool:
    return grade is not None and quiz.is_passed_with(grade.share)


def learners_by_row(session: Session, rows: Iterable[int]) -> dict[int, Enrolment]:
    found: dict[int, Enrolment] = {}
    for block in blocks(sorted(rows)):
        found |= {each.id: each for each in session.scalars(select(Enrolment).where(Enrolment.id.in_(block)))}
    return found
