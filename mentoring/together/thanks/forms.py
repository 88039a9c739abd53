"""A thank-you as a form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from mentoring.mentorships.forms import Said
from mentoring.names import in_sentence
from mentoring.participants.models import Participant


class ThanksForm(FlaskForm):  # type: ignore[misc]
    """The base of the forms that `thanks_form` makes."""

    words = Said(_l("What do you thank them for?"), without=_l("Write what you thank them for."))
    to: Any


def thanks_form(*, whom: Sequence[Participant]) -> ThanksForm:
    """To one of these; where there is one only, nothing is to choose."""
    field = SelectField(  # type: ignore[call-arg]
        _l("Whom?"),
        choices=[SelectChoice(each.public_id, in_sentence(each.name)) for each in whom],
        default=whom[0].public_id,
        invalid_choice_message=_l("Choose somebody from the list."),
    )
    form = type("ThanksForm", (ThanksForm,), {"to": field} if len(whom) > 1 else {"to": None})()
    assert isinstance(form, ThanksForm)
    return form
