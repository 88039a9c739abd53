"""A task that somebody gives: what, perhaps more about it, perhaps by which day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.validators import Optional, ValidationError

from lti_tool.fields import MOST_DAYS, long_text, text
from mentoring.mentorships.days import day_of, end_of
from mentoring.mentorships.models import Task
from mentoring.mentorships.tasks import Wording
from mentoring.programs.cohort_forms import Day

LONGEST_TITLE = 200


class TaskForm(FlaskForm):  # type: ignore[misc]
    title: Any = text(_l("What is to be done"), most=LONGEST_TITLE)
    detail: Any = long_text(_l("More about it, if anything"))
    day: Any = Day(_l("By which day"), validators=[Optional()])

    at: datetime
    was_due: datetime | None = None
    """The day it has already, which may have passed."""

    def validate_title(self, field: Field) -> None:
        field.data = " ".join(field.data.split())
        if not field.data:
            raise ValidationError(_("Say what is to be done."))

    def validate_day(self, field: Day) -> None:
        if field.data is None or self._keeps_its_day:
            return
        if end_of(field.data) <= self.at:
            raise ValidationError(_("By which day: choose a day to come, or leave it empty."))
        if end_of(field.data) > self.at + timedelta(days=MOST_DAYS):
            raise ValidationError(_("By which day: choose one within three years."))

    @property
    def _keeps_its_day(self) -> bool:
        return self.was_due is not None and self.day.data == day_of(self.was_due)

    def wording(self) -> Wording:
        day = self.day.data
        due = self.was_due if self._keeps_its_day else end_of(day) if day else None
        return Wording(title=self.title.data, detail=self.detail.data, due=due)


def task_form(*, at: datetime, task: Task | None = None) -> TaskForm:
    """Empty, or filled with how a task is put now."""
    said: dict[str, Any] = {}
    if task is not None:
        said = {"title": task.title, "detail": task.detail, "day": day_of(task.due) if task.due else None}
    form = TaskForm(data=said)
    form.at, form.was_due = at, task.due if task else None
    return form
