"""Rows of the lists in a program's forms: tasks, kinds of mentor, questions, training, steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, HiddenField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from lti_tool.activities import Offer
from lti_tool.fields import MOST_DAYS, chosen, lines, number, text
from mentoring.programs import words
from mentoring.programs.choices import ForWhom, Manner, StepManner
from mentoring.programs.design import KindPlan, QuestionPlan, StepPlan, TaskPlan, TrainingPlan


class Row(Form):
    """One of a list; without its first field it is none, and is left out."""

    named_by = "title"
    fills: Sequence[str] = ()

    @property
    def name(self) -> str:
        """What it is called, as far as it is known."""
        return self[self.named_by].data or ""

    @property
    def is_blank(self) -> bool:
        return not self.name

    def validate(self, extra_validators: Any = None) -> bool:
        if not self.is_blank:
            return bool(super().validate(extra_validators))
        if any(self[name].data for name in self.fills):
            said = _("Give this a name, or clear the whole row to take it away.")
            self[self.named_by].errors = [said]
            return False
        return True


class TaskRow(Row):
    title = text(_l("What the mentor does"))
    days = number(_l("By day"), least=0, most=MOST_DAYS)
    detail = text(_l("In more words"), most=1000)
    fills = ("detail",)

    def plan(self) -> TaskPlan:
        return TaskPlan(title=self.title.data, days=self.days.data, detail=self.detail.data)


class KindRow(Row):
    key = HiddenField()
    label = text(_l("What it is called"))
    needed = number(_l("How many each mentee needs"), least=1, most=9, default=1)
    is_required = BooleanField(_l("Nobody is to be without"), default=True)
    named_by = "label"

    def plan(self) -> KindPlan:
        return KindPlan(
            key=self.key.data or "", label=self.label.data, needed=self.needed.data, is_required=self.is_required.data
        )


class QuestionRow(Row):
    key = HiddenField()
    title = text(_l("Question"), most=300)
    answers = lines(_l("Answers to choose from, one a line"))
    fills = ("answers",)

    def plan(self) -> QuestionPlan:
        return QuestionPlan(key=self.key.data or "", text=self.title.data, answers=self.answers.data)


def training_row(quizzes: Sequence[Offer]) -> type[Row]:
    """A row whose quiz is one of these."""
    offered = [SelectChoice("", _("No quiz")), *(SelectChoice(each.reference, each.title) for each in quizzes)]

    class TrainingRow(Row):
        key = HiddenField()
        title = text(_l("Title"), most=300)
        side = chosen(_l("For"), {"mentors": _l("Mentors"), "mentees": _l("Mentees")})
        manner = chosen(_l("How it is done"), words.MANNERS)
        address = text(_l("Address of the material"), most=2000)
        quiz = chosen(_l("Which quiz"), {})
        valid_days = number(_l("Days until it has to be done anew"), least=1, most=MOST_DAYS * 4, is_optional=True)
        fills = ("address", "valid_days")

        def __init__(self, *rest: Any, **more: Any) -> None:
            super().__init__(*rest, **more)
            self.quiz.choices = offered

        def plan(self) -> TrainingPlan:
            manner = Manner(self.manner.data)
            addresses = {Manner.LINK: self.address.data, Manner.QUIZ: self.quiz.data}
            return TrainingPlan(
                key=self.key.data or "",
                title=self.title.data,
                manner=manner,
                is_for_mentors=self.side.data == "mentors",
                address=addresses.get(manner) or "",
                valid_days=self.valid_days.data,
            )

    return TrainingRow


def step_row(activities: Sequence[Offer], tasks: Sequence[TaskPlan]) -> type[Row]:
    """A row whose quiz or review is one of these, and whose task one of those."""
    offered = [SelectChoice("", _("None")), *(SelectChoice(each.reference, each.title) for each in activities)]
    listed = [SelectChoice("", _("None")), *(SelectChoice(title, title) for title in _titles(tasks))]

    class StepRow(Row):
        title = text(_l("Title"), most=200)
        manner = chosen(_l("How it is done"), words.STEP_MANNERS)
        whom = chosen(_l("For"), words.WHOM)
        address = text(_l("Address of the material"), most=2000)
        activity = chosen(_l("Which quiz or review"), {})
        task = chosen(_l("Which task"), {})
        days = number(_l("By day"), least=0, most=MOST_DAYS, is_optional=True)
        share = number(_l("Or by percent of the time"), least=0, most=100, is_optional=True)
        fills = ("address", "days", "share")

        def __init__(self, *rest: Any, **more: Any) -> None:
            super().__init__(*rest, **more)
            self.activity.choices = offered
            self.task.choices = listed

        def plan(self) -> StepPlan:
            manner = StepManner(self.manner.data)
            addresses = {
                StepManner.LINK: self.address.data,
                StepManner.ACTIVITY: self.activity.data,
                StepManner.TASK: self.task.data,
            }
            return StepPlan(
                title=self.title.data,
                manner=manner,
                whom=ForWhom(self.whom.data),
                address=addresses[manner] or "",
                days=self.days.data,
                share=self.share.data,
            )

    return StepRow


def _titles(tasks: Sequence[TaskPlan]) -> Sequence[str]:
    return list(dict.fromkeys(task.title for task in tasks))
