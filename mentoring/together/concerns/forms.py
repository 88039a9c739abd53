"""What people write when they raise a concern, answer one, hand it over, or block somebody."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional

from lti_tool.models import Enrolment
from mentoring.mentorships.forms import LONGEST, Said
from mentoring.together.concerns.models import Topic
from mentoring.together.concerns.wording import TOPICS

STAY, LEAVE = "stay", "leave"
_HOPED_TOO_LONG = _l("What you would like to happen: keep it to 4,000 characters. Nothing of it is lost.")


class ConcernForm(FlaskForm):  # type: ignore[misc]
    """The base of the forms that `concern_form` makes."""

    topic = RadioField(  # type: ignore[call-arg]
        _l("What is it?"),
        choices=[SelectChoice(topic.value, label) for topic, label in TOPICS.items()],
        validators=[InputRequired(_l("Choose what it is; something else is a choice, too."))],
        invalid_choice_message=_l("Choose one of the list."),
    )
    words = Said(_l("What happened?"), without=_l("Write in a few words what happened."))
    hoped = TextAreaField(
        _l("What would you like to happen?"), validators=[Optional(), Length(max=LONGEST, message=_HOPED_TOO_LONG)]
    )

    people: Sequence[Enrolment]

    @property
    def chosen_topic(self) -> Topic:
        return Topic(self.topic.data)

    @property
    def hope(self) -> str:
        return (self.hoped.data or "").strip()

    @property
    def owner_chosen(self) -> Enrolment:
        return next(each for each in self.people if each.public_id == self["owner"].data)


def concern_form(*, people: Sequence[Enrolment]) -> ConcernForm:
    """With these instructors to choose from; where there is one only, it is them."""
    field = RadioField(  # type: ignore[call-arg]
        _("Who is to read it?"),
        choices=[SelectChoice(each.public_id, each.name) for each in people],
        default=people[0].public_id if len(people) == 1 else None,
        validators=[InputRequired(_l("Choose who is to read it."))],
        invalid_choice_message=_l("Choose one of these instructors."),
    )
    form = type("ConcernForm", (ConcernForm,), {"owner": field, "people": people})()
    assert isinstance(form, ConcernForm)
    return form


class MessageForm(FlaskForm):  # type: ignore[misc]
    words = Said(_l("Write something"), without=_l("Write something first."))


class HandOverForm(FlaskForm):  # type: ignore[misc]
    """The base of the forms that `hand_over_form` makes."""

    people: Sequence[Enrolment]

    @property
    def to_chosen(self) -> Enrolment:
        return next(each for each in self.people if each.public_id == self["to"].data)


def hand_over_form(*, people: Sequence[Enrolment], is_sent: bool = True) -> HandOverForm:
    field = SelectField(  # type: ignore[call-arg]
        _("To whom?"),
        choices=[SelectChoice("", _("Choose somebody")), *(SelectChoice(each.public_id, each.name) for each in people)],
        validators=[InputRequired(_l("Choose to whom it is handed over."))],
        invalid_choice_message=_l("Choose somebody from the list."),
    )
    kind = type("HandOverForm", (HandOverForm,), {"to": field, "people": people})
    form = kind() if is_sent else kind(formdata=None)
    assert isinstance(form, HandOverForm)
    return form


class BlockForm(FlaskForm):  # type: ignore[misc]
    """The base of the forms that `block_form` makes."""

    @property
    def leaves(self) -> bool:
        """Whether what the two share ends, or is left, at once."""
        return "then" in self and self["then"].data == LEAVE


def block_form(*, in_pair: bool, in_circle: bool, is_sent: bool = True) -> BlockForm:
    """Where the two are in something together, it is said what becomes of it."""
    fields = {}
    if in_pair or in_circle:
        leave = _("End our mentorship at once") if in_pair else _("Leave the circle at once")
        stay = _("Leave our mentorship as it is for now") if in_pair else _("Stay in the circle for now")
        fields["then"] = RadioField(  # type: ignore[call-arg]
            _("And your mentorship?") if in_pair else _("And your circle?"),
            choices=[SelectChoice(LEAVE, leave), SelectChoice(STAY, stay)],
            validators=[InputRequired(_l("Choose what is to become of it."))],
            invalid_choice_message=_l("Choose one of the two."),
        )
    kind = type("BlockForm", (BlockForm,), fields)
    form = kind() if is_sent else kind(formdata=None)
    assert isinstance(form, BlockForm)
    return form
