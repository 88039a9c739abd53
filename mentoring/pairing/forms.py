"""The choices of the pairing board as a form: for each person without a mentor, who it is to be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from lti_tool.models import Enrolment
from mentoring.names import in_sentence
from mentoring.pairing.board import Gap


class PairsForm(FlaskForm):  # type: ignore[misc]
    """The base of the forms that `pairs_form` makes."""

    gaps: Sequence[Gap] = ()

    def validate(self, extra_validators: object = None) -> bool:
        if not bool(super().validate(extra_validators)):
            return False
        if not self.chosen():
            self.form_errors.append(_("Choose a mentor for at least one person, then assign."))
            return False
        return True

    def chosen(self) -> list[tuple[Gap, str]]:
        """Each gap that is to be filled, and the public id of who is to fill it."""
        return [(gap, self[gap.key].data) for gap in self.gaps if self[gap.key].data]


def pairs_form(*, gaps: Sequence[Gap], mentors: Iterable[Enrolment]) -> PairsForm:
    """A form with a choice among these people for each of these gaps."""
    choices = [SelectChoice("", ""), *(SelectChoice(each.public_id, each.name) for each in mentors)]
    fields = {
        gap.key: SelectField(  # type: ignore[call-arg]
            choices=choices,
            default="",
            invalid_choice_message=_("Choose a mentor for %(name)s from the list.", name=in_sentence(gap.mentee.name)),
        )
        for gap in gaps
    }
    form = type("PairsForm", (PairsForm,), fields)()
    assert isinstance(form, PairsForm)
    form.gaps = gaps
    return form
