"""A quiz shown to those who design or teach the course: what learners may be asked, and nothing of any learner."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from lti_tool.panels import Card, Panel
from quizzes import queries, showing
from quizzes.designing import freezing, revising, words
from quizzes.designing.models import QuizRevision
from quizzes.designing.pooling import pooled
from quizzes.drawing import SEED_BYTES
from quizzes.drawing.by_outline import draw
from quizzes.headings import Heading, headings
from quizzes.questions import QuestionVersion
from quizzes.views import STAFF, any_quiz_of, bp
from quizzes.wording import options_of


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One question as a learner may meet it."""

    text: Markup
    options: Sequence[str]
    heading: Heading | None = None
    """Of the section that begins with it."""


def sample(session: Session, revision: QuizRevision, number: int = 1) -> list[Sample]:
    """The draw of this number, always the same for this quiz, without anybody's attempt."""
    plan = revision.outlined
    whole = freezing.possible(freezing.laid_out(session, plan, pooled(session, plan)))
    seed = hashlib.sha256(f"{revision.quiz.public_id}:{number}".encode()).digest()[:SEED_BYTES]
    asked = draw(whole.outline, seed)
    versions = {each.id: each for each in queries.versions(session, [each.version for each in asked])}
    above = headings(plan, [each.section for each in asked])
    return [
        _sample(versions[each.version], each.option_order, heading) for each, heading in zip(asked, above, strict=True)
    ]


def _sample(version: QuestionVersion, order: Sequence[int], heading: Heading | None) -> Sample:
    options = options_of(version)
    return Sample(
        text=showing.html_of(version, version.text), options=[options[place].text for place in order], heading=heading
    )


@bp.get("/courses/<course>/quizzes/<quiz_id>/preview")
@open_to(Role.DESIGNER, *STAFF)
def preview(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    quiz = any_quiz_of(me, quiz_id)
    number = max(request.args.get("draw", 1, type=int), 1)
    revision = revising.newest(db.session, quiz)
    questions = sample(db.session, revision, number)
    return render(
        "quizzes/preview.html",
        me=me,
        quiz=quiz,
        revision=revision,
        questions=questions,
        missing=max(revision.outlined.asks - len(questions), 0),
        number=number,
        words=words,
        may_design=me.role is Role.INSTRUCTOR,
    )


def designers_card(me: Enrolment) -> Card:
    """What a designer may look at: the quizzes as learners meet them."""
    quizzes = queries.quizzes_of(db.session, me.course)
    return Card(
        title=_("Quizzes of this course"),
        template="quizzes/_designers_card.html",
        context={
            "quizzes": [
                (quiz, url_for("quizzes.preview", course=me.course.public_id, quiz_id=quiz.public_id))
                for quiz in quizzes
            ]
        },
    )


PANEL = Panel(key="quiz-previews", order=30, open_to=(Role.DESIGNER,), fill=designers_card)
