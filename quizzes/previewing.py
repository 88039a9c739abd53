"""A quiz shown to those who design or teach the course: what learners may be asked, and nothing of any learner."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from lti_tool.panels import Card, Panel
from quizzes import queries
from quizzes.drawing import SEED_BYTES, draw
from quizzes.marking import Kind
from quizzes.models import Quiz
from quizzes.starting import unseen
from quizzes.stocking import newest_versions
from quizzes.views import STAFF, bp, quiz_of
from quizzes.wording import options_of


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One question as a learner may meet it."""

    text: str
    options: Sequence[str]
    is_multiple: bool


def sample(session: Session, quiz: Quiz) -> list[Sample]:
    """A draw that is always the same for this quiz, without anybody's attempt."""
    versions = {each.id: each for each in newest_versions(session, quiz.bank) if each.question.is_drawn}
    pool = [unseen(each) for each in versions.values()]
    seed = hashlib.sha256(quiz.public_id.encode()).digest()[:SEED_BYTES]
    found = []
    for drawn in draw(pool, quiz.draw_count, seed):
        version = versions[drawn.version]
        options = options_of(version)
        texts = [options[place].text for place in drawn.option_order]
        found.append(Sample(text=version.text, options=texts, is_multiple=version.kind is Kind.MULTIPLE))
    return found


@bp.get("/courses/<course>/quizzes/<quiz_id>/preview")
@open_to(Role.DESIGNER, *STAFF)
def preview(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    quiz = quiz_of(me, quiz_id)
    return render("quizzes/preview.html", me=me, quiz=quiz, questions=sample(db.session, quiz))


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
