"""What an instructor writes to people whose mentorship fades."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from lti_tool.db import new_public_id
from mentoring.mentorships.forms import Said
from mentoring.participants.models import Participant

ALL = "all"
_ONCE = re.compile(r"[a-z2-7]{16}")


class WriteForm(FlaskForm):  # type: ignore[misc]
    to = RadioField(  # type: ignore[call-arg]
        _l("To whom?"),
        validators=[InputRequired(_l("Choose whom you write to."))],
        invalid_choice_message=_l("Choose whom you write to."),
    )
    message = Said(_l("Your message"), without=_l("Write what you would like to tell them."))
    once = HiddenField()
    """Made with the form: what is sent twice is told once."""

    @property
    def token(self) -> str:
        said = self.once.data or ""
        return said if _ONCE.fullmatch(said) else new_public_id()


def write_form(*, people: Sequence[tuple[Participant, str]]) -> WriteForm:
    """A form for these people, each by the name they are called by."""
    form = WriteForm(to=ALL)
    form.to.choices = [
        SelectChoice(ALL, _("Both of them") if len(people) == 2 else _("All of them")),
        *(SelectChoice(person.public_id, name) for person, name in people),
    ]
    if not form.is_submitted():
        form.once.data = new_public_id()
    return form
