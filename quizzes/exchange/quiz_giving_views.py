"""Take a quiz along: first what the format cannot say of it, then the file."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from quizzes.designing import revising
from quizzes.designing.models import QuizRevision
from quizzes.designing.views import OF_QUIZ, bp
from quizzes.exchange import quiz_giving
from quizzes.exchange.giving_views import as_file, findings_of, format_of
from quizzes.exchange.identifying import identifiers
from quizzes.formats import registry
from quizzes.formats.base import Format, Written
from quizzes.formats.usage import Statistic
from quizzes.reports.columns import Which
from quizzes.visiting import any_quiz_of

__all__ = ["bp"]


@bp.get(f"{OF_QUIZ}/take-along")
@open_to(Role.INSTRUCTOR)
def take_along(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    """What there is to choose and, once a format is chosen, what it cannot say of this quiz."""
    quiz = any_quiz_of(me, quiz_id)
    revision = revising.newest(db.session, quiz)
    format = format_of(request.args.get("format", ""))
    is_empty = quiz_giving.is_empty(db.session, revision)
    written = _written(revision, format) if format and not is_empty else None
    return render(
        "quizzes/bringing/take_quiz_along.html",
        me=me,
        quiz=quiz,
        revision=revision,
        is_empty=is_empty,
        formats=sorted(registry.FORMATS.values(), key=lambda each: each.name not in registry.SAYING_MORE),
        saying_more=registry.SAYING_MORE,
        format=format,
        with_figures=_wants_figures(),
        written=written,
        **findings_of(written),
    )


@bp.get(f"{OF_QUIZ}/take-along/file")
@open_to(Role.INSTRUCTOR)
def quiz_file(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    """Of a quiz that asks nothing there is no file."""
    quiz = any_quiz_of(me, quiz_id)
    revision = revising.newest(db.session, quiz)
    format = format_of(request.args.get("format", "qti30")) or abort(404)
    if quiz_giving.is_empty(db.session, revision):
        return redirect(url_for("designing.take_along", course=me.course.public_id, quiz_id=quiz_id))
    return as_file(_written(revision, format), format, revision.title)


def _wants_figures() -> bool:
    return request.args.get("figures") == "y"


def _written(revision: QuizRevision, format: Format) -> Written:
    figures = _figures(revision) if _wants_figures() and format.name in registry.SAYING_MORE else ()
    return quiz_giving.give(db.session, revision, format.name, figures)


def _figures(revision: QuizRevision) -> Sequence[Statistic]:
    """How the questions did in first attempts, each in the version that goes along."""
    from quizzes.reports.usage import statistics_of  # which loads the formats

    listed = quiz_giving.listed(db.session, revision)
    return statistics_of(
        db.session,
        revision.quiz,
        Which.FIRST,
        at=clock.now().date(),
        called=lambda asked: identifiers([*(each.question for each in listed), *asked]),
        versions={each.version.id for each in listed},
    )
