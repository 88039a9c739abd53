"""Who somebody's manager is, as a form: for an instructor, and for the person themselves."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Length

from lti_tool.contacts.models import LONGEST, Manager, ManagerLink, Outsider, is_mail
from lti_tool.models import Enrolment
from lti_tool.tables.reading import cleaned

TOO_LONG = _l("Use at most %(max)d characters.")


class OutsiderForm(FlaskForm):  # type: ignore[misc]
    """Somebody outside, by name and mail."""

    name = StringField(_l("Name"), [Length(max=LONGEST, message=TOO_LONG)])
    mail = StringField(_l("Mail"), [Length(max=LONGEST, message=TOO_LONG)])
    without_name = _l("Write the manager's name.")
    without_mail = _l("Write the manager's mail, such as name@example.org.")

    def validate(self, extra_validators: object = None) -> bool:
        return bool(super().validate(extra_validators)) and not self._incomplete()

    def _incomplete(self) -> bool:
        """Whether something is missing; it is told by its field."""
        outsider = self.outsider()
        if not outsider.name:
            _refuse(self.name, str(self.without_name))
        if not is_mail(outsider.mail):
            _refuse(self.mail, str(self.without_mail))
        return bool(self.name.errors or self.mail.errors)

    def outsider(self) -> Outsider:
        return Outsider(cleaned(self.name.data or ""), cleaned(self.mail.data or ""))

    def refuse(self, sentence: str) -> None:
        _refuse(self.mail, sentence)


class ManagerForm(OutsiderForm):
    """The base of the forms that `manager_form` makes: somebody of the course, or somebody outside, or nobody."""

    people: Sequence[Enrolment] = ()

    def _incomplete(self) -> bool:
        said = self.outsider()
        if self.chosen() is not None and (said.name or said.mail):
            _refuse(self.manager, _("Choose somebody of the course, or name somebody outside, and not both."))
            return True
        return bool(said.name or said.mail) and super()._incomplete()

    def chosen(self) -> Enrolment | None:
        return next((person for person in self.people if person.public_id == self.manager.data), None)

    def wanted(self) -> Manager | None:
        said = self.outsider()
        return self.chosen() or (said if said.name else None)

    def refuse(self, sentence: str) -> None:
        _refuse(self.manager if self.chosen() else self.mail, sentence)


def manager_form(*, people: Sequence[Enrolment], link: ManagerLink | None) -> ManagerForm:
    """A form with these people to choose from, filled with what is recorded."""
    inside = link.manager_enrolment if link else None
    everybody = [*people, *([inside] if inside and inside not in people else [])]
    field = SelectField(  # type: ignore[call-arg]
        _("Somebody of this course"),
        choices=[SelectChoice("", _("Nobody of this course")), *(SelectChoice(p.public_id, p.name) for p in everybody)],
        default="",
        invalid_choice_message=_("Choose somebody from the list."),
    )
    contact = link.contact if link else None
    form = type("ManagerForm", (ManagerForm,), {"manager": field})(
        manager=inside.public_id if inside else "",
        name=contact.name if contact else "",
        mail=contact.mail if contact else "",
    )
    assert isinstance(form, ManagerForm)
    form.people = everybody
    return form


def my_manager_form(*, link: ManagerLink | None) -> OutsiderForm:
    return OutsiderForm(name=link.name if link else "", mail=link.mail if link else "")


def _refuse(field: Field, sentence: str) -> None:
    field.errors = [*field.errors, sentence]
