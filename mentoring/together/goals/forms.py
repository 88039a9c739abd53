"""What people send about goals: how a goal is put, what was done for it since, and why it is given up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from lti_tool.fields import LONGEST_TEXT, MOST_DAYS, choices
from mentoring.mentorships.days import day_of, end_of
from mentoring.mentorships.forms import Said
from mentoring.programs.choices import GoalType
from mentoring.programs.cohort_forms import Day
from mentoring.programs.words import GOALS
from mentoring.together.goals.acts import Progress, Wording
from mentoring.together.goals.models import LONGEST_STATEMENT, Goal, HowFar
from mentoring.together.goals.wording import HOW_FAR, PROMPTS, Template, is_untouched

TOO_SHORT = 25
"""Letters below which an update can hardly say what was done."""


def _words(label: LazyString, *, most: int = LONGEST_TEXT, is_optional: bool = True) -> Any:
    too_long = _l("%(what)s: %(most)d letters at most.", what=label, most=most)
    wanted = [Optional()] if is_optional else []
    return TextAreaField(label, validators=[*wanted, Length(max=most, message=too_long)], filters=[_stripped])


def _stripped(value: str | None) -> str:
    return (value or "").strip()


class GoalForm(FlaskForm):  # type: ignore[misc]
    """Only the sentence and the day are needed; what else is said helps to find them, and is kept."""

    statement: Any = _words(_l("What do you want to reach?"), most=LONGEST_STATEMENT, is_optional=False)
    due: Any = Day(_l("By when"), validators=[InputRequired(_l("Say by which day you want to have reached it."))])
    kind: Any = SelectField(  # type: ignore[call-arg]
        _l("Kind of goal"),
        choices=[SelectChoice("", _l("None of these")), *choices(GOALS)],
        invalid_choice_message=_l("Choose one of the kinds, or none."),
        default="",
    )
    specific: Any = _words(PROMPTS["specific"][0])
    measurable: Any = _words(PROMPTS["measurable"][0])
    achievable: Any = _words(PROMPTS["achievable"][0])
    relevant: Any = _words(PROMPTS["relevant"][0])

    at: datetime
    was_due: datetime | None = None
    """The day it has already, which may have passed."""

    def validate_statement(self, field: Field) -> None:
        field.data = " ".join(field.data.split())
        if not field.data:
            raise ValidationError(_("Say in a sentence what you want to reach."))
        if is_untouched(field.data):
            raise ValidationError(_("Put your own words in the place of the dots."))

    def validate_due(self, field: Day) -> None:
        if field.data is None or (self.was_due is not None and field.data == day_of(self.was_due)):
            return
        if end_of(field.data) <= self.at:
            raise ValidationError(_("By when: choose a day to come."))
        if end_of(field.data) > self.at + timedelta(days=MOST_DAYS):
            raise ValidationError(_("By when: choose one within three years."))

    @property
    def prompts(self) -> list[tuple[Field, Any]]:
        return [(self[key], hint) for key, (_label, hint) in PROMPTS.items()]

    @property
    def says_more(self) -> bool:
        return any(field.data or field.errors for field, _hint in self.prompts)

    def wording(self) -> Wording:
        day = self.due.data
        keeps = self.was_due is not None and day == day_of(self.was_due)
        return Wording(
            statement=self.statement.data,
            due=self.was_due if keeps and self.was_due is not None else end_of(day),
            kind=GoalType(self.kind.data) if self.kind.data else None,
            prompts={key: self[key].data for key in PROMPTS if self[key].data},
        )


def new_goal_form(*, at: datetime, template: Template | None = None, is_sent: bool = False) -> GoalForm:
    """Filled with a goal to begin with, if one was chosen."""
    said: dict[str, Any] = {}
    if template is not None:
        said = {
            "statement": str(template.statement),
            "due": day_of(at + timedelta(weeks=template.weeks)),
            "kind": template.kind.value,
            **template.prompts,
        }
    form = GoalForm(data=said) if is_sent else GoalForm(formdata=None, data=said)
    form.at = at
    return form


def change_form(goal: Goal, *, at: datetime) -> GoalForm:
    """Filled with how it is put now."""
    form = GoalForm(
        data={
            "statement": goal.statement,
            "due": day_of(goal.due),
            "kind": goal.kind.value if goal.kind else "",
            **{key: goal.prompts.get(key, "") for key in PROMPTS},
        }
    )
    form.at, form.was_due = at, goal.due
    return form


class ProgressForm(FlaskForm):  # type: ignore[misc]
    """The base of the forms that `progress_form` makes."""

    words = Said(
        _l("What did you do for it since last time?"),
        without=_l("Say one thing that was done: what it was, when or with whom. Nothing at all is worth saying, too."),
    )
    far: Any = RadioField(  # type: ignore[call-arg]
        _l("How far is it?"),
        validators=[InputRequired(_l("Say how far it is."))],
        invalid_choice_message=_l("Choose one of these steps."),
    )
    hinders: Any = _words(_l("What is in the way?"))
    asked = HiddenField()
    """What was written when we asked for more: whoever sends it again means it."""

    def validate_words(self, field: Said) -> None:
        words = field.words
        if words and len(words) < TOO_SHORT and words != (self.asked.data or "").strip():
            self.asked.data = words
            raise ValidationError(
                _(
                    "That is short. What exactly was it: what did you do, what came of it? "
                    "If it says all there is to say, send it again as it is."
                )
            )

    def progress(self) -> Progress:
        return Progress(words=self.words.words, far=HowFar(self.far.data), hinders=self.hinders.data)


def progress_form(*, may_reach: bool, is_sent: bool = False) -> ProgressForm:
    """Only whose goal it is says that it is reached."""
    form = ProgressForm() if is_sent else ProgressForm(formdata=None)
    form.far.choices = [
        SelectChoice(far.value, label) for far, label in HOW_FAR.items() if may_reach or far is not HowFar.REACHED
    ]
    if not may_reach:
        form.words.label.text = _("What was done for it since last time?")
    return form


class DropForm(FlaskForm):  # type: ignore[misc]
    why: Any = _words(_l("Why do you let it go?"))
