"""What mentors send about times that they give: when, for how many, who is to come, who was there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lti_tool.fields import number
from mentoring.together.meetings.forms import MeetingForm
from mentoring.together.meetings.models import Occasion

MOST_SEATS = 50


def _people(label: Any) -> Any:
    """Any number of people; who is none of those shown is left out of account."""
    return SelectMultipleField(label, choices=[], widget=ListWidget(), option_widget=CheckboxInput())


class SlotForm(MeetingForm):
    """A time to be booked; what it is about is said when somebody has booked it."""

    seats = number(_l("Seats"), least=1, most=MOST_SEATS)
    agenda = None  # type: ignore[assignment]

    def words_of_agenda(self) -> str:
        return ""


class OccasionForm(MeetingForm):
    """A meeting with several, as it is changed."""

    seats = number(_l("Seats"), least=1, most=MOST_SEATS)


class GroupForm(OccasionForm):
    who = _people(_l("Who is to come"))

    def validate_who(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Choose who is to come."))


class PresentForm(FlaskForm):  # type: ignore[misc]
    """One list for everybody."""

    present = _people(_l("Those who were there"))


def group_form(people: Mapping[str, str], **said: Any) -> GroupForm:
    """With these to choose from, by a key each; all of them to begin with."""
    form = GroupForm(data={"who": list(people), **said})
    form.who.choices = [SelectChoice(key, name) for key, name in people.items()]
    return form


def occasion_form(occasion: Occasion, zone: ZoneInfo) -> OccasionForm:
    """Filled with how it is planned now, by clocks in this zone."""
    return OccasionForm(**_as_planned(occasion, zone), agenda=occasion.agenda)


def slot_form(slot: Occasion, zone: ZoneInfo) -> SlotForm:
    """The same of a single time."""
    return SlotForm(**_as_planned(slot, zone))


def _as_planned(occasion: Occasion, zone: ZoneInfo) -> dict[str, Any]:
    there = occasion.starts.astimezone(zone)
    return {
        "day": there.date(),
        "clock": there.time(),
        "minutes": occasion.minutes,
        "channel": occasion.channel.value,
        "place": occasion.place,
        "seats": occasion.seats,
    }


def present_form(people: Mapping[str, str], there: Sequence[str]) -> PresentForm:
    """These people by a key each, those ticked who are known to have been there."""
    form = PresentForm(data={"present": list(there)})
    form.present.choices = [SelectChoice(key, name) for key, name in people.items()]
    return form
