"""Who has done an item of the training, or need not do it, as a form: a tick for each person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField

from lti_tool.models import Enrolment
from mentoring.names import in_sentence
from mentoring.programs.models import TrainingItem
from mentoring.training.gate import Step, Trainee


@dataclass(frozen=True)
class Line:
    """One person with what they have done and the tick for the item at hand."""

    trainee: Trainee
    step: Step
    done: BooleanField
    was: HiddenField

    @property
    def has_changed(self) -> bool:
        return bool(self.done.data) != (self.was.data == "yes")


class TickForm(FlaskForm):  # type: ignore[misc]
    """The base of the forms that `tick_form` makes."""

    lines: Sequence[Line] = ()

    def changes(self) -> dict[Enrolment, bool]:
        """The people whose tick was changed on this page."""
        return {line.trainee.person: bool(line.done.data) for line in self.lines if line.has_changed}


def tick_form(*, item: TrainingItem | None, trainees: Sequence[Trainee]) -> TickForm:
    """A form with a tick for each of these people who is to do this item and has not passed it in a quiz."""
    if item is None:
        return TickForm()
    found = [(row, row.step(item.key)) for row in trainees]
    concerned = [(row, step) for row, step in found if step is not None and not step.has_passed]
    fields: dict[str, object] = {}
    for row, step in concerned:
        key, name = row.person.public_id, in_sentence(row.person.name)
        fields[f"done-{key}"] = BooleanField(_("%(name)s has done it", name=name), default=step.is_done)
        fields[f"was-{key}"] = HiddenField(default="yes" if step.is_done else "no")
    form = type("TickForm", (TickForm,), fields)()
    assert isinstance(form, TickForm)
    form.lines = [
        Line(row, step, form[f"done-{row.person.public_id}"], form[f"was-{row.person.public_id}"])
        for row, step in concerned
    ]
    return form
