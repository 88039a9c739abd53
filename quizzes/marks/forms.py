"""What an answer is worth, as a form: levels of a rubric, or points in steps."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import HiddenInput

from quizzes.marking import rounded
from quizzes.marks.giving import Given
from quizzes.marks.models import Grading
from quizzes.marks.rubrics import Criterion, earned, rubric_of
from quizzes.models import Answer

STEPS = 10
"""Into how many steps the points of a question are cut."""
LONGEST_COMMENT, LONGEST_REASON = 10_000, 1_000
CRITERION = "criterion-"


class MarkingForm(FlaskForm):  # type: ignore[misc]
    """The base of the forms that `marking_form` makes."""

    rubric: Sequence[Criterion] = ()
    is_override = False
    """Whether the tool has marked the answer, or marks such answers, by itself."""

    seen = IntegerField(widget=HiddenInput(), default=0)
    comment = TextAreaField(
        _l("Comment for the learner"),
        validators=[Length(max=LONGEST_COMMENT, message=_l("Write at most %(max)d characters.", max=LONGEST_COMMENT))],
    )
    reason = TextAreaField(
        _l("Why, for those who mark"),
        validators=[Length(max=LONGEST_REASON, message=_l("Write at most %(max)d characters.", max=LONGEST_REASON))],
    )

    def validate_reason(self, field: TextAreaField) -> None:
        if self.is_override and not (field.data or "").strip():
            raise ValidationError(_("The tool marks such answers by itself. Say why this one is worth something else."))

    def has_seen(self, grading: Grading) -> None:
        """Sent once more, it is meant to count instead of this one."""
        self.seen.raw_data, self.seen.data = None, grading.id

    def given(self) -> Given:
        chosen = {each.id: int(self[CRITERION + each.id].data) for each in self.rubric}
        fraction = earned(self.rubric, chosen) if self.rubric else Fraction(self["points"].data)
        return Given(
            fraction=rounded(fraction),
            comment=(self.comment.data or "").strip(),
            rubric=chosen,
            reason=(self.reason.data or "").strip(),
        )


def marking_form(*, answer: Answer, newest: Grading | None) -> MarkingForm:
    """For this answer, filled with the newest mark somebody gave it."""
    version = answer.version
    rubric = rubric_of(version.body) if version.behavior.is_marked_by_hand else []
    fields: dict[str, Any] = {CRITERION + each.id: _levels(each, newest) for each in rubric}
    if not rubric:
        fields["points"] = _points(answer)
    fields |= {"rubric": rubric, "is_override": not version.behavior.is_marked_by_hand}
    form = type("MarkingForm", (MarkingForm,), fields)(data=_said(newest))
    assert isinstance(form, MarkingForm)
    return form


def _said(newest: Grading | None) -> dict[str, Any]:
    return {"seen": newest.id, "comment": newest.comment, "reason": newest.reason} if newest else {"seen": 0}


def _levels(criterion: Criterion, newest: Grading | None) -> RadioField:
    chosen = newest.rubric.get(criterion.id) if newest else None
    return RadioField(  # type: ignore[call-arg]
        criterion.text,
        choices=[
            SelectChoice(str(place), _("%(points)s: %(text)s", points=_number(level.points), text=level.text))
            for place, level in enumerate(criterion.levels)
        ],
        default=None if chosen is None else str(chosen),
        validators=[InputRequired(_("Choose a level: %(criterion)s", criterion=criterion.text))],
        validate_choice=True,
        invalid_choice_message=_("Choose one of the levels of: %(criterion)s", criterion=criterion.text),
    )


def _points(answer: Answer) -> RadioField:
    """Tenths of what the question is worth, and what the answer has now if that is none of them."""
    steps = {rounded(Fraction(step, STEPS)): Fraction(step, STEPS) for step in range(STEPS + 1)}
    if answer.fraction is not None:
        steps.setdefault(answer.fraction, Fraction(str(answer.fraction)))
    # Of a question that does not count, as if it were worth 1.
    worth = Fraction(answer.maximum) or Fraction(1)
    return RadioField(  # type: ignore[call-arg]
        _l("Points"),
        choices=[SelectChoice(str(steps[each]), _number(steps[each] * worth)) for each in sorted(steps)],
        default=None if answer.fraction is None else str(steps[answer.fraction]),
        validators=[InputRequired(_l("Choose how many points the answer earns."))],
        invalid_choice_message=_l("Choose one of the numbers of points."),
    )


def _number(points: Fraction) -> str:
    return str(format_decimal(round(float(points), 2)))
