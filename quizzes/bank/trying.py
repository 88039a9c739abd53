"""A question on trial: shown as a learner meets it, answered and marked, and nothing of it kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from markupsafe import Markup

from quizzes.forms import AnswersForm, answers_form
from quizzes.kinds import FILES, NotAnAnswer, Places, Response
from quizzes.models import Answer
from quizzes.questions import QuestionVersion
from quizzes.showing import said


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A question with its fields and, once it was answered, what the answer earned."""

    answer: Answer
    form: AnswersForm
    is_marked: bool = False

    @property
    def waits(self) -> bool:
        """Whether people would have to mark it."""
        return self.answer.fraction is None

    @property
    def right(self) -> Sequence[Markup]:
        return said(self.answer.version, self.answer.version.right_answer)


def shown(version: QuestionVersion, place: int = 1) -> Trial:
    """As it stands on a page, with what was answered so far if the request says so; `place` tells several apart."""
    answer = _answer(version, place)
    return Trial(answer=answer, form=answers_form(questions=[answer]))


def marked(version: QuestionVersion, at: datetime) -> Trial:
    """The same, with what the answer in the request earns; shown again with what is wrong if it is none."""
    trial = shown(version)
    if not trial.form.validate_on_submit():
        return trial
    try:
        trial.answer.keep(trial.form.answers().get(1) or _named(trial.form), at)
    except NotAnAnswer as problem:
        trial.form.form_errors.append(str(problem))
        return trial
    trial.answer.earn()
    return Trial(answer=trial.answer, form=trial.form, is_marked=True)


def _named(form: AnswersForm) -> Response:
    """What was chosen, where it is files: they are looked into, and go again."""
    return {FILES: [each.called for each in form.sent().get(1, ())]}


def _answer(version: QuestionVersion, place: int) -> Answer:
    return Answer(
        place=place,
        version=version,
        option_order=_order(version.places),
        maximum=version.maximum,
        response={},
        seq=0,
        fraction=None,
        mark=None,
    )


def _order(places: Places) -> list[int]:
    """Always the same for questions of this shape, and never the right one where there is one."""
    order, chance = list(range(places.size)), Random(places.size)
    for group in places.groups:
        shuffled = list(group)
        chance.shuffle(shuffled)
        if places.is_order and shuffled == list(group):
            shuffled.reverse()
        for place, moved in zip(group, shuffled, strict=True):
            order[place] = moved
    return order
