"""What to place, as a form: each offer with its title and whether it counts in the gradebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from lti_tool.activities import Offer
from lti_tool.claims import clean_text
from lti_tool.placing.content_items import Pick

LONGEST_TITLE = 200


@dataclass(frozen=True)
class Line:
    """One offer with its fields."""

    offer: Offer
    title: StringField
    picked: BooleanField | None
    """None where one thing only may be picked: then `form.one` says which."""
    graded: BooleanField | None


class ChoosingForm(FlaskForm):  # type: ignore[misc]
    """The base of the forms that `choosing_form` makes."""

    lines: Sequence[Line] = ()

    def validate(self, extra_validators: object = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        if self.lines and not self.chosen():
            self._say_that_nothing_is_chosen()
            is_valid = False
        for line in self.chosen():
            title = clean_text(line.title.data)
            if not title:
                line.title.errors = [_("Give %(offer)s a title.", offer=line.offer.title)]
            elif len(title) > LONGEST_TITLE:
                line.title.errors = [
                    _("Use at most %(most)d characters for %(offer)s.", most=LONGEST_TITLE, offer=line.offer.title)
                ]
            is_valid = is_valid and not line.title.errors
        return is_valid

    def _say_that_nothing_is_chosen(self) -> None:
        sentence = _("Choose what you want to place, or press Cancel.")
        first = self.lines[0].picked
        if first is None:
            self.form_errors.append(sentence)
        else:
            first.errors = [sentence]

    def chosen(self) -> list[Line]:
        """The offers that were picked, in the order of the page; never two where one is all that is taken."""
        if "one" in self:
            return [line for line in self.lines if line.offer.key == self.one.data]
        return [line for line in self.lines if line.picked is not None and line.picked.data]

    def picks(self) -> list[Pick]:
        return [
            Pick(
                offer=line.offer,
                title=clean_text(line.title.data),
                is_graded=line.graded is not None and bool(line.graded.data),
            )
            for line in self.chosen()
        ]


def choosing_form(*, offers: Sequence[Offer], takes_several: bool, takes_columns: bool) -> ChoosingForm:
    """A form with these offers; where the LMS takes one thing only, they exclude each other."""
    fields: dict[str, object] = {}
    if not takes_several:
        choices = [SelectChoice(offer.key, offer.title) for offer in offers]
        fields["one"] = RadioField(_("What to place"), choices=choices, validate_choice=False)
    for offer in offers:
        if takes_several:
            fields[f"pick-{offer.key}"] = BooleanField(offer.title)
        fields[f"title-{offer.key}"] = StringField(_("Title in the course page"), default=offer.title)
        if offer.is_graded and takes_columns:
            fields[f"graded-{offer.key}"] = BooleanField(_("Give it a column in the gradebook"), default=True)
    form = type("ChoosingForm", (ChoosingForm,), fields)()
    assert isinstance(form, ChoosingForm)
    form.lines = [
        Line(
            offer,
            title=form[f"title-{offer.key}"],
            picked=form[f"pick-{offer.key}"] if takes_several else None,
            graded=form[f"graded-{offer.key}"] if offer.is_graded and takes_columns else None,
        )
        for offer in offers
    ]
    return form
