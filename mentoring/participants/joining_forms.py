"""Taking part, and people who must not be matched, as forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from lti_tool.models import Enrolment
from mentoring.participants.models import ExclusionSource

MOST_REASON = 500


class PutDownForm(FlaskForm):  # type: ignore[misc]
    """As what somebody takes part."""

    mentors = BooleanField(_l("Mentors"))
    seeks = BooleanField(_l("Seeks a mentor"))

    def validate(self, extra_validators: object = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        if not self.mentors.data and not self.seeks.data:
            self.mentors.errors = [self.what_is_missing()]
            is_valid = False
        return is_valid

    def what_is_missing(self) -> str:
        return str(_("Tick one of the two, or both."))


class TakePartForm(PutDownForm):
    """As what I take part, and whether I agree to being matched."""

    mentors = BooleanField(_l("I would mentor"))
    seeks = BooleanField(_l("I would like a mentor"))
    consents = BooleanField(_l("I agree to this"))

    def what_is_missing(self) -> str:
        return str(_("Tick one of the two, or both. If you want neither, leave mentoring at the end of this page."))


class AvoidForm(FlaskForm):  # type: ignore[misc]
    """The base of the forms that `avoid_form` makes."""


def avoid_form(
    *, people: Iterable[Enrolment], sources: Mapping[ExclusionSource, str] | None = None, is_sent: bool = True
) -> AvoidForm:
    """A choice among these people, with a reason; `sources` where an instructor says why.

    `is_sent` says whether a request that sends something sends this form, and not another one of its page.
    """
    missing = _("Find and choose the person first.")
    fields: dict[str, object] = {
        "whom": RadioField(  # type: ignore[call-arg]
            _("Who?"),
            choices=[SelectChoice(each.public_id, each.name) for each in people],
            validators=[InputRequired(missing)],
            invalid_choice_message=missing,
        ),
        "reason": TextAreaField(
            _("Reason"), [Optional(), Length(max=MOST_REASON, message=_("Say it in 500 characters or fewer."))]
        ),
    }
    if sources:
        fields["source"] = SelectField(
            _("Why?"), choices=[SelectChoice(source.value, label) for source, label in sources.items()]
        )
    form = type("AvoidForm", (AvoidForm,), fields)(**_unless(is_sent))
    assert isinstance(form, AvoidForm)
    return form


class ChecklistForm(FlaskForm):  # type: ignore[misc]
    """The base of the forms that `checklist_form` makes."""


def checklist_form(*, items: Mapping[str, str], checked: Iterable[str], is_sent: bool = True) -> ChecklistForm:
    """What an instructor has ticked of these items; `is_sent` as in `avoid_form`."""
    field = SelectMultipleField(
        _("What makes a good mentor"),
        choices=[SelectChoice(key, label) for key, label in items.items()],
        default=list(checked),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    form = type("ChecklistForm", (ChecklistForm,), {"checked": field})(**_unless(is_sent))
    assert isinstance(form, ChecklistForm)
    return form


def _unless(is_sent: bool) -> dict[str, None]:
    return {} if is_sent else {"formdata": None}


class WaitingListForm(FlaskForm):  # type: ignore[misc]
    """Whether those who join by themselves wait."""

    keeps = BooleanField(_l("Who joins by themselves waits until an instructor lets them in"))
