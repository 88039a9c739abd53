"""Pages for those who teach: the questions of a quiz in figures, and one of them in full."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from lti_tool.paging import beginning
from quizzes import showing
from quizzes.blueprint import STAFF
from quizzes.models import Quiz
from quizzes.questions import QuestionVersion
from quizzes.reports import explaining, reading
from quizzes.reports.asked_for import chosen
from quizzes.reports.asking import asked_of, in_short, versions_of
from quizzes.reports.columns import Which
from quizzes.reports.figures import ItemFigures, QuizFigures, figures_of
from quizzes.reports.given import given
from quizzes.visiting import quiz_of

bp = Blueprint("quiz_reports", __name__, template_folder="templates")
OF_QUIZ = "/courses/<course>/quizzes/<quiz_id>"
AT_ONCE = 50


class Order(StrEnum):
    """What stands first among the questions."""

    ATTENTION = "attention"
    """What is to be looked at."""
    HARDEST = "hardest"
    WEAKEST = "weakest"
    """What tells people apart the least."""
    MET = "met"


_KEYS: dict[Order, Callable[[ItemFigures], Any]] = {
    Order.ATTENTION: lambda each: (-len(each.flags), _or(each.item.moments.discrimination_index, 1e9)),
    Order.HARDEST: lambda each: _or(each.item.facility, 1e9),
    Order.WEAKEST: lambda each: (not each.is_enough, _or(each.item.moments.discrimination_index, 1e9)),
    Order.MET: lambda each: -each.met,
}


def _or(value: float | None, other: float) -> float:
    return other if value is None else value


@dataclass(frozen=True)
class Line:
    """A question as the table shows it."""

    figures: ItemFigures
    version: QuestionVersion
    text: str


@bp.get(f"{OF_QUIZ}/figures")
@open_to(*STAFF)
def questions(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    quiz = quiz_of(me, quiz_id)
    which, order = chosen("which", Which.FIRST), chosen("order", Order.ATTENTION)
    figures = all_figures(db.session, quiz, which)
    items = sorted(figures.items, key=lambda each: (_KEYS[order](each), each.version))
    first = beginning(len(items), AT_ONCE)
    return render(
        "quiz_reports/questions.html",
        me=me,
        quiz=quiz,
        figures=figures,
        lines=_lines(db.session, items[first : first + AT_ONCE]),
        found=len(items),
        first=first,
        at_once=AT_ONCE,
        which=which,
        order=order,
        explaining=explaining,
    )


@bp.get(f"{OF_QUIZ}/figures/<asked_id>")
@open_to(*STAFF)
def question(me: Enrolment, quiz_id: str, asked_id: str) -> ResponseReturnValue:
    """One version of a question, with everything there is to say about it."""
    quiz, which = quiz_of(me, quiz_id), chosen("which", Which.FIRST)
    figures = all_figures(db.session, quiz, which)
    versions = versions_of(db.session, [each.version for each in figures.items])
    found = next((each for each in figures.items if versions[each.version].public_id == asked_id), None)
    if found is None:
        abort(404)
    version = versions[found.version]
    options = showing.options_of(version) if found.options else []
    return render(
        "quiz_reports/question.html",
        me=me,
        quiz=quiz,
        item=found,
        version=version,
        others=[(each, versions[each.version]) for each in figures.items if _is_other(versions, each, version)],
        text=showing.html_of(version, version.text),
        options=list(zip(options, found.options, strict=False)),
        given=[] if options else given(db.session, quiz, version),
        which=which,
        explaining=explaining,
    )


def _is_other(versions: Mapping[int, QuestionVersion], each: ItemFigures, version: QuestionVersion) -> bool:
    """Whether it is the same question in another version."""
    return each.version != version.id and versions[each.version].question_id == version.question_id


def all_figures(session: Session, quiz: Quiz, which: Which) -> QuizFigures:
    columns = reading.columns_of(session, quiz)
    return figures_of(columns, which, asked_of(session, columns.versions))


def _lines(session: Session, items: Sequence[ItemFigures]) -> list[Line]:
    versions = versions_of(session, [each.version for each in items])
    return [Line(each, versions[each.version], in_short(versions[each.version])) for each in items]
