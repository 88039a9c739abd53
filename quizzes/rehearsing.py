"""A quiz on trial: drawn as learners meet it, answered and marked, and nothing of it is an attempt.

What stands for the attempt is never added to the session: no row, no event, no grade.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from quizzes import queries
from quizzes.designing import freezing
from quizzes.designing.models import QuizRevision
from quizzes.designing.pooling import pooled
from quizzes.drawing import SEED_BYTES
from quizzes.drawing.by_outline import draw
from quizzes.forms import AnswersForm
from quizzes.kinds import NotAnAnswer
from quizzes.models import Answer, Attempt


def rehearsal(session: Session, revision: QuizRevision, number: int = 1) -> Attempt:
    """The draw of this number, always the same for this quiz, as an attempt of nobody's."""
    plan = revision.outlined
    found = pooled(session, plan, revision.quiz.course.deployment.platform_id)
    whole = freezing.possible(freezing.laid_out(session, plan, found))
    seed = hashlib.sha256(f"{revision.quiz.public_id}:{number}".encode()).digest()[:SEED_BYTES]
    asked = draw(whole.outline, seed)
    versions = {each.id: each for each in queries.versions(session, [each.version for each in asked])}
    answers = [
        Answer(
            place=place,
            section=each.section,
            version=versions[each.version],
            option_order=list(each.option_order),
            maximum=0.0 if each.version in whole.unmarked else whole.slots[each.slot - 1].mark,
            response={},
            is_flagged=False,
            seq=0,
        )
        for place, each in enumerate(asked, start=1)
    ]
    worth = sum(answer.maximum for answer in answers)
    return Attempt(revision=revision, n=number, answers=answers, maximum=worth, page=1, epoch=0, unmarked=0)


def mark(attempt: Attempt, form: AnswersForm, at: datetime) -> bool:
    """What the answers in the form would earn; whether they are answers, otherwise the form says what is wrong."""
    if not _answer(attempt, form, at):
        return False
    for answer in attempt.answers:
        answer.earn()
    attempt.recount()
    attempt.started = attempt.submitted = at
    return True


def check(attempt: Attempt, form: AnswersForm, before: Collection[int], place: int, at: datetime) -> bool:
    """Mark the answer to this question as a learner would have it checked, and those checked before.

    Whether it is checked, otherwise the form says what is wrong. What was checked before is known from the page alone.
    """
    if not _answer(attempt, form, at):
        return False
    wanted = [answer for answer in attempt.answers if answer.can_be_checked and answer.place in {*before, place}]
    for answer in wanted:
        if not answer.is_open:
            answer.earn()
            answer.checked = at
    return any(answer.place == place and answer.is_checked for answer in wanted)


def _answer(attempt: Attempt, form: AnswersForm, at: datetime) -> bool:
    if not form.validate_on_submit():
        return False
    try:
        for place, response in form.answers().items():
            attempt.answers[place - 1].keep(response, at)
    except NotAnAnswer as problem:
        form.form_errors = [*form.form_errors, str(problem)]
        return False
    return True
