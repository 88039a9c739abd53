"""What markers say about answers, as learners and markers read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizzes import rich, showing
from quizzes.marking import mark_of
from quizzes.marks.models import Grading
from quizzes.marks.rubrics import rubric_of
from quizzes.models import Answer, Attempt


def comment_of(grading: Grading) -> Markup:
    return rich.markdown(grading.comment)


@dataclass(frozen=True, kw_only=True)
class Remark:
    """What people say about one answer."""

    place: int
    text: Markup
    """Of the question."""
    comment: Markup
    levels: Sequence[tuple[str, str]]
    """Each criterion with what was found."""
    mark: float
    maximum: float
    was: float | None
    """The mark it had before somebody changed it; None where it had none, or has it still."""


def remarks_on(session: Session, attempt: Attempt) -> list[Remark]:
    """What its learner may read once all of it is marked, in the order of the questions."""
    if not attempt.is_marked:
        return []
    theirs = {answer.id: answer for answer in attempt.answers}
    gradings: dict[int, list[Grading]] = {}
    wanted = select(Grading).where(Grading.answer_id.in_(theirs)).order_by(Grading.id.desc())
    for grading in session.scalars(wanted):
        gradings.setdefault(grading.answer_id, []).append(grading)
    return [_remark(theirs[row], gradings[row]) for row in theirs if row in gradings]


def _remark(answer: Answer, gradings: Sequence[Grading]) -> Remark:
    """The newest comment there is, though a later regrade said nothing."""
    newest, first = gradings[0], gradings[-1]
    before = mark_of(first.was_fraction, first.was_maximum)
    commented = next((each for each in gradings if each.comment), None)
    return Remark(
        place=answer.place,
        text=showing.html_of(answer.version, answer.version.text),
        comment=comment_of(commented) if commented else Markup(),
        levels=_levels(answer, newest),
        mark=answer.mark or 0.0,
        maximum=answer.maximum,
        was=None if before == answer.mark else before,
    )


def _levels(answer: Answer, grading: Grading) -> list[tuple[str, str]]:
    chosen = grading.rubric
    return [
        (each.text, each.levels[chosen[each.id]].text)
        for each in rubric_of(answer.version.body)
        if chosen.get(each.id, len(each.levels)) < len(each.levels)
    ]
