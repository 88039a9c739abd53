"""What people send about results."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

LONGEST_WHY = 500


def _stripped(value: str | None) -> str:
    return (value or "").strip()


class TakeBackForm(FlaskForm):  # type: ignore[misc]
    why: Any = StringField(
        _l("Why do you take it back?"),
        filters=[_stripped],
        validators=[
            DataRequired(_l("Say why: whoever it is about reads it.")),
            Length(max=LONGEST_WHY, message=_l("Say it in 500 letters at most.")),
        ],
    )


class ShortenForm(FlaskForm):  # type: ignore[misc]
    words: Any = TextAreaField(
        _l("What is to be taken out, each name or word on a line of its own"),
        filters=[_stripped],
        validators=[DataRequired(_l("Say what is to be taken out."))],
    )
