"""Who mentors and with how many places, as a form: one row for each person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField
from wtforms.validators import Optional

from lti_tool.models import Enrolment
from mentoring.names import in_sentence
from mentoring.numbers import Within
from mentoring.participants.models import MOST_PLACES
from mentoring.participants.queries import ClassRow


class PlacesField(IntegerField):
    """A number of places; what is no number is told in our words and stays as it was typed."""

    def __init__(self, label: str, *, whose: str, **rest: object) -> None:
        super().__init__(label, **rest)  # type: ignore[arg-type]
        self.said = _("Give %(name)s a whole number of places from 1 to %(most)d.", name=whose, most=MOST_PLACES)
        self.validators = [Optional(), Within(1, MOST_PLACES, self.said)]

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(self.said) from None


@dataclass(frozen=True)
class Line:
    """One person's row with its fields."""

    row: ClassRow
    mentors: BooleanField
    places: PlacesField
    was: HiddenField

    @property
    def errors(self) -> Sequence[str]:
        return [str(error) for error in self.places.errors]

    def refuse(self, sentence: str) -> None:
        self.places.errors = [*self.places.errors, sentence]

    def wanted(self, default: int) -> int:
        if not self.mentors.data:
            return 0
        return default if self.places.data is None else int(self.places.data)

    @property
    def was_capacity(self) -> int:
        """What the page showed when it was opened."""
        said = self.was.data or ""
        return int(said) if said.isdecimal() and len(said) <= 4 else 0


class ClassForm(FlaskForm):  # type: ignore[misc]
    """The base of the forms that `class_form` makes."""

    lines: Sequence[Line] = ()
    default_capacity: int = 1

    def validate(self, extra_validators: object = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        untold = [line for line in self.lines if not line.mentors.data and not line.was_capacity]
        for line in untold:
            if line.places.data is not None:
                name = in_sentence(line.row.person.name)
                line.refuse(_("Tick %(name)s as a mentor too, or clear the number.", name=name))
                is_valid = False
        return is_valid

    def changes(self) -> list[tuple[Enrolment, int]]:
        """The people whose row was changed on this page, with their new capacity."""
        return [
            (line.row.person, line.wanted(self.default_capacity))
            for line in self.lines
            if line.wanted(self.default_capacity) != line.was_capacity
        ]


def class_form(*, rows: Sequence[ClassRow], default_capacity: int) -> ClassForm:
    """A form with a row for each of these people, filled with what they offer now."""
    fields: dict[str, object] = {}
    for row in rows:
        key, capacity = row.person.public_id, row.capacity
        whose = in_sentence(row.person.name)
        fields[f"mentors-{key}"] = BooleanField(_("%(name)s mentors", name=whose), default=capacity > 0)
        fields[f"places-{key}"] = PlacesField(
            _("Places with %(name)s", name=whose), whose=whose, default=capacity or None
        )
        fields[f"was-{key}"] = HiddenField(default=str(capacity))
    form = type("ClassForm", (ClassForm,), fields)()
    assert isinstance(form, ClassForm)
    form.default_capacity = default_capacity
    form.lines = [
        Line(row, *(form[f"{field}-{row.person.public_id}"] for field in ("mentors", "places", "was"))) for row in rows
    ]
    return form


class EverybodyForm(FlaskForm):  # type: ignore[misc]
    """Let everybody shown mentor: whom the page showed, and with how many places."""

    people = HiddenField()

    def public_ids(self) -> set[str]:
        return set((self.people.data or "").split())


def everybody_form(*, people: Sequence[Enrolment], default_capacity: int) -> EverybodyForm:
    """A form for these people, who do not mentor yet."""
    whose = _("each of them")
    fields = {"places": PlacesField(_("Places for each"), whose=whose, default=default_capacity)}
    form = type("EverybodyForm", (EverybodyForm,), fields)(people=" ".join(person.public_id for person in people))
    assert isinstance(form, EverybodyForm)
    return form


def people_sent(names: Sequence[str]) -> set[str]:
    """The public ids of the people whose rows were on the page that sent these fields."""
    return {name.removeprefix("places-") for name in names if name.startswith("places-")}
