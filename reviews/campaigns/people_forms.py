"""Who is reviewed and who rates them, as forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from lti_tool.contacts.models import LONGEST, Outsider, is_mail
from lti_tool.models import Enrolment
from reviews.campaigns.forms import chosen
from reviews.campaigns.models import RaterGroup, Target
from reviews.instruments.content import Profile
from reviews.wording import group_label

LONGEST_REASON = 500


class PeopleForm(FlaskForm):  # type: ignore[misc]
    people: Any = SelectMultipleField(
        _l("People"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    more = 0
    """So many others were found whom there is no room for."""


def people_form(*, people: Sequence[Enrolment], most: int) -> PeopleForm:
    form = PeopleForm()
    form.people.choices = [SelectChoice(each.public_id, each.name) for each in people[:most]]
    form.more = len(people[most:])
    return form


class NamedForm(FlaskForm):  # type: ignore[misc]
    """Those who were named, many at once."""

    named: Any = SelectMultipleField(_l("Raters"), validate_choice=False)
    reason = TextAreaField(
        _l("Why not"),
        validators=[
            Optional(),
            Length(max=LONGEST_REASON, message=_l("Write at most %(max)d characters.", max=LONGEST_REASON)),
        ],
    )


class TargetForm(FlaskForm):  # type: ignore[misc]
    coach: Any = chosen(_l("Coach"))
    profile: Any = chosen(_l("Position"))


def target_form(*, target: Target, people: Sequence[Enrolment], profiles: Sequence[Profile]) -> TargetForm:
    form = TargetForm(data={"coach": target.coach.public_id if target.coach else "", "profile": target.profile})
    others = [each for each in people if each.id != target.enrolment_id]
    form.coach.choices = [SelectChoice("", _("Nobody")), *(SelectChoice(each.public_id, each.name) for each in others)]
    positions = [SelectChoice(each.key, each.position) for each in profiles]
    form.profile.choices = [SelectChoice("", _("None: without a target profile")), *positions]
    if not profiles:
        del form.profile
    return form


class OutsiderForm(FlaskForm):  # type: ignore[misc]
    """Somebody outside the course."""

    name: Any = StringField(_l("Name"), validators=[Length(max=LONGEST)])
    mail: Any = StringField(_l("Mail"), validators=[Length(max=LONGEST)])

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        if not (self.name.data or "").strip():
            self.name.errors = [*self.name.errors, _("Say what they are called.")]
            is_valid = False
        if not is_mail((self.mail.data or "").strip()):
            self.mail.errors = [*self.mail.errors, _("Write their mail address, such as ana@example.org.")]
            is_valid = False
        return is_valid

    @property
    def outsider(self) -> Outsider:
        return Outsider(" ".join(self.name.data.split()), self.mail.data.strip())


class RaterForm(OutsiderForm):
    """A rater added by hand: of the course, or somebody outside."""

    group: Any = chosen(_l("Group"))
    person: Any = chosen(_l("Somebody of the course"))

    def validate(self, extra_validators: Any = None) -> bool:
        if self.person.data:
            return bool(FlaskForm.validate(self, extra_validators))
        return super().validate(extra_validators)


def rater_form(*, groups: Sequence[RaterGroup], people: Sequence[Enrolment]) -> RaterForm:
    form = RaterForm()
    form.group.choices = [SelectChoice(each.key, group_label(each)) for each in groups]
    nobody = SelectChoice("", _("Nobody: somebody outside, see below"))
    form.person.choices = [nobody, *(SelectChoice(each.public_id, each.name) for each in people)]
    return form
